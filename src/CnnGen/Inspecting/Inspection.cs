using System.ComponentModel;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// What every layer of a model makes of some images, and gradients by all of it. A model whose <c>[Model]</c> says <c>Passes = Passes.Predict | Passes.Explain</c> makes one by <c>Inspect</c>. Layers are
/// named by the model's handles: <c>inspection[model.Conv3]</c>. What layers compute, and gradients by it, is C x H x W whatever the model's <c>Layout</c>; images, the gradient by them and
/// <see cref="Scores"/> lie as the model's.
/// </summary>
/// <remarks>
/// An object is for one thread at a time. It has all activations of its images in memory, and once gradients were asked for these too; its memory is kept for the next <c>Run</c>. It reads the
/// model's parameters whenever it computes: after a training step run it anew.
/// </remarks>
public sealed unsafe class Inspection : IDisposable
{
    private readonly InspectionProgram _program;
    private readonly Workspace _workspace;
    private readonly float[]?[] _activations;
    private readonly float[]?[] _gradients;
    private TrainingContext _context;
    private ModelUse _use;
    private bool _hasGradients;
    private float[] _regions = [];

    /// <summary>For generated code.</summary>
    /// <param name="program">The model's program.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Inspection(InspectionProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        _program = program;
        _workspace = new Workspace(default, program.Buffers);
        _activations = new float[program.Lengths.Length][];
        _gradients = new float[program.Lengths.Length][];
    }

    /// <summary>The number of images.</summary>
    public int Count { get; private set; }

    /// <summary>What a layer makes of the images: count x C x H x W floats. The span stays as it is when the object computes anew.</summary>
    /// <param name="layer">A handle of the model's.</param>
    /// <exception cref="ArgumentException">The layer is another model's, or was left out of this run.</exception>
    public ReadOnlySpan<float> this[LayerHandle layer] => Read(IndexOf(layer, nameof(layer)), ofGradient: false);

    /// <summary>The model's outputs: count x outputs, as <c>Predict</c> gives them up to rounding.</summary>
    /// <exception cref="InvalidOperationException">The run ended before them.</exception>
    public ReadOnlySpan<float> Scores
    {
        get
        {
            // A layer's maps are C x H x W; the model's lie as its layout says.
            var scores = Read(_program.Output, ofGradient: false);
            if (_program.Layout == Layout.ChannelsFirst || !_program.OutputShape.IsMap)
                return scores;
            var turned = new float[scores.Length];
            ChannelOrder.ToChannelsLast(scores, turned, _program.OutputShape);
            return turned;
        }
    }

    /// <summary>The gradient by the images, from the last <see cref="Backward"/>: as many floats as these, in the same order.</summary>
    /// <exception cref="InvalidOperationException">There are no gradients yet.</exception>
    public ReadOnlySpan<float> ImageGradient => Read(0, ofGradient: true);

    /// <summary>Computes what the layers make of other images.</summary>
    /// <param name="images">count x C x H x W floats; H x W x C where the model's <c>Layout</c> says so.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    /// <param name="through">The last layer that is wanted: those after it are left out. Null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="images"/> has another length, or <paramref name="through"/> is another model's layer.</exception>
    public void Run(ReadOnlySpan<float> images, int count, LayerHandle? through = null) => Run(images, default, count, through);

    /// <summary>Computes what the layers make of other images and their regions, of a model that takes these.</summary>
    /// <param name="images">count x C x H x W floats; H x W x C where the model's <c>Layout</c> says so.</param>
    /// <param name="regions">Four floats for each region: x1, y1, x2, y2 in pixels of the image; those of one image after those of another.</param>
    /// <param name="count">The number of images, 1 or more.</param>
    /// <param name="through">The last layer that is wanted: those after it are left out. Null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">A span has another length, or <paramref name="through"/> is another model's layer.</exception>
    public void Run(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, int count, LayerHandle? through = null)
    {
        ModelChecks.Images(_program.Name, _program.InputShape, images, count);
        ModelChecks.Regions(_program.Name, _program.RegionCount, regions, count, default);
        var last = through is null ? _program.Lengths.Length - 1 : IndexOf(through, nameof(through));
        _use.Enter(nameof(Inspection));
        try
        {
            Forget(_activations);
            Forget(_gradients);
            Count = 0;
            _hasGradients = false;
            _regions = regions.ToArray(); // gradients need them too
            _context = new TrainingContext { Last = last };
            _workspace.Reserve(ref _context, count, Threads.Count);
            fixed (float* pointer = images)
            fixed (float* regionsPointer = _regions)
            fixed (float* parameters = _program.Parameters.ValuesAndStatistics)
            {
                _context.Images = pointer;
                _context.Regions = regionsPointer;
                _context.Parameters = parameters;
                Call(_program.Forward);
            }

            Count = count;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>
    /// Computes the gradient of a number that depends on what a layer computes, by what the layers before it compute and by the images. The number is the sum of seed x output: a seed that is 1 at one
    /// output and 0 elsewhere gives that output's gradient.
    /// </summary>
    /// <param name="layer">The layer; for a class's score before the softmax, the one before it.</param>
    /// <param name="seed">count x C x H x W floats: the number's gradient by what the layer computes.</param>
    /// <param name="rule">How the gradient passes ReLUs.</param>
    /// <exception cref="ArgumentException">The layer is another model's or was left out of the run, or the seed has another length.</exception>
    public void Backward(LayerHandle layer, ReadOnlySpan<float> seed, RectifierRule rule = RectifierRule.Gradient)
    {
        var index = IndexOf(layer, nameof(layer));
        if (!Enum.IsDefined(rule))
            throw new ArgumentOutOfRangeException(nameof(rule), rule, $"There is no rule {(int)rule}; there are {string.Join(", ", Enum.GetNames<RectifierRule>())}.");
        _use.Enter(nameof(Inspection));
        try
        {
            RequireComputed(index);
            var needed = (long)Count * _program.Lengths[index];
            if (seed.Length != needed)
            {
                throw new ArgumentException(
                    $"{nameof(seed)} has {seed.Length} floats, but {Count} x {_program.Lengths[index]} = {needed} are needed: {layer.Name} gives {layer.OutputShape} for each image.", nameof(seed));
            }

            Forget(_gradients);
            _hasGradients = false;
            (_context.Layer, _context.LayerLength, _context.Rule) = (index, _program.Lengths[index], rule);
            fixed (float* pointer = seed)
            fixed (float* regions = _regions)
            fixed (float* parameters = _program.Parameters.ValuesAndStatistics)
            {
                _context.Seed = pointer;
                _context.Regions = regions;
                _context.Parameters = parameters;
                Call(_program.Backward);
            }

            _hasGradients = true;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>The gradient by what a layer computes, from the last <see cref="Backward"/>: count x C x H x W floats; zeros where the seeded layer doesn't depend on it.</summary>
    /// <param name="layer">A handle of the model's.</param>
    /// <exception cref="ArgumentException">The layer is another model's, or was left out of this run.</exception>
    /// <exception cref="InvalidOperationException">There are no gradients yet.</exception>
    public ReadOnlySpan<float> GradientOf(LayerHandle layer) => Read(IndexOf(layer, nameof(layer)), ofGradient: true);

    /// <summary>Frees the working memory. What was read stays.</summary>
    public void Dispose()
    {
        if (_use.Dispose())
            _workspace.Dispose();
    }

    private static void Forget(float[]?[] kept) => Array.Clear(kept);

    private float[] Read(int index, bool ofGradient)
    {
        var kept = ofGradient ? _gradients : _activations;
        _use.Enter(nameof(Inspection));
        try
        {
            RequireComputed(index);
            if (ofGradient && !_hasGradients)
                throw new InvalidOperationException("There are no gradients of these images yet: Backward computes them, from a layer and the gradient by what it computes.");
            if (kept[index] is { } known)
                return known;
            var result = new float[checked(Count * _program.Lengths[index])];
            (_context.Layer, _context.LayerLength) = (index, _program.Lengths[index]);
            fixed (float* pointer = result)
            {
                _context.Result = pointer;
                Call(ofGradient ? _program.ReadGradients : _program.ReadActivations);
            }

            return kept[index] = result;
        }
        finally
        {
            Exit();
        }
    }

    private void Call(delegate*<InstructionSet, TrainingContext*, void> pass)
    {
        fixed (TrainingContext* context = &_context)
            pass(_program.InstructionSet, context);

        // What was the caller's is pinned for the call alone.
        _context.Images = _context.Regions = _context.Parameters = _context.Seed = _context.Result = null;
    }

    private void Exit()
    {
        if (_use.Exit())
            _workspace.Dispose();
    }

    private void RequireComputed(int index)
    {
        if (Count == 0)
            throw new InvalidOperationException("No images were computed: Run does.");
        if (index > _context.Last)
            throw new InvalidOperationException("The layer was not computed: Run was told to end before it. Give Run this layer, or a later one, as the last that is wanted, or none.");
    }

    private int IndexOf(LayerHandle layer, string argument)
    {
        ArgumentNullException.ThrowIfNull(layer, argument);
        return layer.Model == _program.Model
            ? layer.Index
            : throw new ArgumentException($"{layer.Name} is a layer of {layer.Model.Name}, and what is inspected is a {_program.Model.Name}: give a handle of the model that was inspected.", argument);
    }
}
