using CnnGen.Generator.Arguments;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>A layer that is in the network, before its shape is settled.</summary>
/// <param name="Layer">What it computes.</param>
/// <param name="Place">Where it is declared.</param>
/// <param name="Item">What was declared there.</param>
/// <param name="IsWrong">Whether something is wrong with the layer in itself.</param>
/// <param name="Naming">Its name among the layers around it.</param>
/// <param name="Path">The names of the blocks around it, outermost first.</param>
internal sealed record Step(Layer Layer, Place Place, DeclaredItem Item, bool IsWrong, Naming Naming, EquatableArray<string> Path)
{
    /// <summary>The steps whose results it reads; <see cref="Paths.Image"/> is the image.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = [];

    /// <summary>Whether training leaves it as it is.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>The name with those of the blocks around it.</summary>
    public string FullName => Naming.Join(Path, Naming.Name);
}

/// <summary>A use of a block that is in the network.</summary>
/// <param name="Kind">The block's name.</param>
/// <param name="Place">Where it is used.</param>
/// <param name="Naming">Its name among the layers around it.</param>
/// <param name="Path">The names of the blocks around it, outermost first.</param>
/// <param name="Start">The step whose result arrives at it.</param>
/// <param name="End">The step whose result it hands on.</param>
internal sealed record BlockUse(string Kind, Place Place, Naming Naming, EquatableArray<string> Path, int Start, int End)
{
    public string FullName => Naming.Join(Path, Naming.Name);
}

/// <summary>The layers and blocks so far, in the order of the network.</summary>
/// <param name="image">The shape of the image; null where it isn't known.</param>
internal sealed class StepGraph(TensorShape? image)
{
    private readonly List<TensorShape?> _shapes = [];
    private readonly Dictionary<int, bool> _isVector = new() { [Paths.Image] = false };

    public List<Step> Steps { get; } = [];

    public List<BlockUse> Blocks { get; } = [];

    public void Add(Step step)
    {
        Steps.Add(step);
        _shapes.Add(step.IsWrong ? null : Infer(step));
    }

    /// <summary>The shape of what a step computes; null where it isn't known, since something before it is wrong.</summary>
    public TensorShape? ShapeOf(int step) => step == Paths.Image ? image : _shapes[step];

    public bool IsVector(int step) => _isVector[step];

    public void SetVector(int step, bool isVector) => _isVector[step] = isVector;

    /// <summary>The step whose result a layer or block of that path hands on.</summary>
    public int? Find(string fullName)
    {
        var step = Steps.FindIndex(one => one.FullName == fullName && one.Layer is not HeadLayer);
        return step >= 0 ? step : Blocks.Find(one => one.FullName == fullName && !EndsInHead(one))?.End;
    }

    /// <summary>The name nearest to one that nobody has, among those below a path.</summary>
    public string? Nearest(string prefix, string name)
    {
        var names = Steps.Where(step => step.Layer is not HeadLayer).Select(step => step.FullName).Concat(Blocks.Where(block => !EndsInHead(block)).Select(block => block.FullName))
            .Where(other => other.StartsWith(prefix, StringComparison.Ordinal))
            .Select(other => other.Substring(prefix.Length))
            .ToList();
        return names.Count == 0 ? null : Spelling.Nearest(name, names);
    }

    private bool EndsInHead(BlockUse block) => block.End >= 0 && Steps[block.End].Layer is HeadLayer;

    private TensorShape? Infer(Step step)
    {
        var inputs = new List<LayerInput>();
        foreach (var input in step.Inputs)
        {
            if (ShapeOf(input) is not { } shape)
                return null;
            inputs.Add(new LayerInput("", shape));
        }

        var result = step.Layer.InferShape("", inputs);
        return result.Problem is null ? result.Shape : null;
    }
}
