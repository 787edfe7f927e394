using System.Reflection;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// An object of an emitted class, called as the trainer calls it: through the interface that every model implements. One that only predicts (<c>Passes = Passes.Predict</c>)
/// costs the compiler a third.
/// </summary>
internal abstract class EmittedModel : IDisposable
{
    /// <summary>The graph that was emitted.</summary>
    public required Network Network { get; init; }

    public abstract ParameterStore Parameters { get; }

    public abstract InstructionSet InstructionSet { get; set; }

    public abstract ImageShape InputShape { get; }

    public abstract int OutputLength { get; }

    public abstract Type Type { get; }

    /// <summary>The object of the emitted class.</summary>
    public abstract object Object { get; }

    public abstract EmittedModel Share();

    public abstract void Warmup(WarmupFor purpose, int count);

    public abstract void Predict(ReadOnlySpan<float> images, Span<float> scores, int count);

    public abstract double ComputeGradients(
        ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores = default, Span<float> imageGradients = default);

    public abstract void Dispose();

    /// <summary>
    /// Whether images, targets, outputs and gradients by images are given in the interpreter's order, C x H x W, whatever the model's layout; otherwise as the model takes them, in the memory that is
    /// given.
    /// </summary>
    public bool IsGivenPlanes { get; set; } = true;

    /// <summary>The regions of the images of the next calls, of a model that takes some: those of one image after those of another, and of calls with fewer images the first ones.</summary>
    public float[] Regions { get; set; } = [];

    /// <summary>What the layers of a model with <c>Passes.Explain</c> compute.</summary>
    public Inspection Inspect(ReadOnlySpan<float> images, int count) =>
        Type.GetMethod("Inspect")!.CreateDelegate<InspectCall>(Object)(IsTurned ? Interleaving.Outer(Network, Image, images) : images, count);

    /// <summary>The gradient by the images that an inspection has.</summary>
    public float[] ImageGradientOf(Inspection inspection) => IsTurned ? Interleaving.Inner(Network, Image, inspection.ImageGradient) : inspection.ImageGradient.ToArray();

    /// <summary>What a layer makes of images, in the interpreter's order.</summary>
    public abstract float[] Features(LayerHandle layer, ReadOnlySpan<float> images, int count);

    private delegate Inspection InspectCall(ReadOnlySpan<float> images, int count);

    /// <summary>The sets that this machine runs.</summary>
    public static IReadOnlyList<InstructionSet> Sets { get; } = [.. Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported)];

    /// <summary>These, and AVX-512 where it has to be simulated, which takes long: for tests of many small networks.</summary>
    public static IReadOnlyList<InstructionSet> AllSets { get; } = [.. Enum.GetValues<InstructionSet>().Where(set => set == InstructionSet.Avx512 || InstructionSets.IsSupported(set))];

    public static EmittedModel Create(Type type, Network network, int seed) => Adapt(type, network, seed, null);

    private static EmittedModel Adapt(Type type, Network network, int seed, object? model)
    {
        var adapter = network.IsTrainable ? typeof(TrainableAdapter<>) : typeof(Adapter<>);
        return (EmittedModel)Activator.CreateInstance(adapter.MakeGenericType(type), network, seed, model)!;
    }

    /// <summary>The outputs of one image or of several.</summary>
    public float[] Predict(ReadOnlySpan<float> images, int count = 1)
    {
        var scores = new float[count * OutputLength];
        Predict(images, scores, count);
        return scores;
    }

    private bool IsTurned => IsGivenPlanes && Network.Layout == LayoutKind.ChannelsLast;

    private TensorShape Image => Network.Input.OutputShape;

    private TensorShape Output => Network.Output.OutputShape;

    private class Adapter<T> : EmittedModel where T : class, IModel<T>
    {
        private static readonly PropertyInfo s_instructionSet = typeof(T).GetProperty(nameof(InstructionSet))!;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Adapter(Network network, int seed, T? model)
        {
            Network = network;
            Model = model ?? T.Create(seed);
        }

        protected T Model { get; }

        public override ParameterStore Parameters => Model.Parameters;

        public override InstructionSet InstructionSet
        {
            get => (InstructionSet)s_instructionSet.GetValue(Model)!;
            set => s_instructionSet.SetValue(Model, value, BindingFlags.DoNotWrapExceptions, null, null, null);
        }

        public override ImageShape InputShape => T.InputShape;

        public override int OutputLength => T.OutputLength;

        public override Type Type => typeof(T);

        public override object Object => Model;

        public override EmittedModel Share() => Adapt(Type, Network, 0, typeof(T).GetMethod("Share")!.Invoke(Model, []));

        public override void Warmup(WarmupFor purpose, int count) => Model.Warmup(purpose, count);

        public override void Predict(ReadOnlySpan<float> images, Span<float> scores, int count)
        {
            if (!IsTurned)
            {
                Model.Predict(images, RegionsOf(count), scores, count);
                return;
            }

            var outer = new float[scores.Length];
            Model.Predict(Interleaving.Outer(Network, Image, images), RegionsOf(count), outer, count);
            Interleaving.Inner<float>(Network, Output, outer).CopyTo(scores);
        }

        public override float[] Features(LayerHandle layer, ReadOnlySpan<float> images, int count)
        {
            var features = new float[Math.Max(0, count) * layer.OutputShape.Length];
            Model.Features(layer, IsTurned ? Interleaving.Outer(Network, Image, images) : images, RegionsOf(count), features, count);
            return IsTurned ? Interleaving.Inner<float>(Network, Network.Nodes[layer.Index].OutputShape, features) : features;
        }

        protected ReadOnlySpan<float> RegionsOf(int count) => Regions.AsSpan(0, count * T.RegionCount * 4);

        public override double ComputeGradients(
            ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores, Span<float> imageGradients) =>
            throw new InvalidOperationException($"{typeof(T).Name} only predicts.");

        public override void Dispose() => ((IDisposable)Model).Dispose();
    }

    private sealed class TrainableAdapter<T> : Adapter<T> where T : class, ITrainableModel<T>
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public TrainableAdapter(Network network, int seed, T? model) : base(network, seed, model)
        {
        }

        public override double ComputeGradients(
            ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores, Span<float> imageGradients) =>
            IsTurned
                ? ComputeTurned(images, targets, count, dropoutSeed, scores, imageGradients)
                : Model.ComputeGradients(images, RegionsOf(count), targets, count, dropoutSeed, scores, imageGradients);

        private double ComputeTurned(ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores, Span<float> imageGradients)
        {
            var (outerScores, outerGradients) = (new float[scores.Length], new float[imageGradients.Length]);
            var loss = Model.ComputeGradients(
                Interleaving.Outer(Network, Image, images), RegionsOf(count), Interleaving.Outer(Network, Output, targets), count, dropoutSeed, outerScores, outerGradients);
            Interleaving.Inner<float>(Network, Output, outerScores).CopyTo(scores);
            Interleaving.Inner<float>(Network, Image, outerGradients).CopyTo(imageGradients);
            return loss;
        }
    }
}
