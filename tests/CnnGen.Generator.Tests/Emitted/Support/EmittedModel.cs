using System.Reflection;
using CnnGen.Generator.Graph;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>An object of an emitted class, called as the trainer calls it: through the interface that every model implements.</summary>
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

    /// <summary>The sets that this machine runs.</summary>
    public static IReadOnlyList<InstructionSet> Sets { get; } = [.. Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported)];

    public static EmittedModel Create(Type type, Network network, int seed)
    {
        var adapter = typeof(Adapter<>).MakeGenericType(type);
        return (EmittedModel)Activator.CreateInstance(adapter, network, seed, null)!;
    }

    /// <summary>The outputs of one image or of several.</summary>
    public float[] Predict(ReadOnlySpan<float> images, int count = 1)
    {
        var scores = new float[count * OutputLength];
        Predict(images, scores, count);
        return scores;
    }

    private sealed class Adapter<T> : EmittedModel where T : class, ITrainableModel<T>
    {
        private static readonly PropertyInfo s_instructionSet = typeof(T).GetProperty(nameof(InstructionSet))!;
        private readonly T _model;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Adapter(Network network, int seed, T? model)
        {
            Network = network;
            _model = model ?? T.Create(seed);
        }

        public override ParameterStore Parameters => _model.Parameters;

        public override InstructionSet InstructionSet
        {
            get => (InstructionSet)s_instructionSet.GetValue(_model)!;
            set => s_instructionSet.SetValue(_model, value, BindingFlags.DoNotWrapExceptions, null, null, null);
        }

        public override ImageShape InputShape => T.InputShape;

        public override int OutputLength => T.OutputLength;

        public override Type Type => typeof(T);

        public override object Object => _model;

        public override EmittedModel Share() =>
            new Adapter<T>(Network, 0, (T)typeof(T).GetMethod("Share")!.Invoke(_model, [])!);

        public override void Warmup(WarmupFor purpose, int count) => _model.Warmup(purpose, count);

        public override void Predict(ReadOnlySpan<float> images, Span<float> scores, int count) => _model.Predict(images, scores, count);

        public override double ComputeGradients(
            ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores, Span<float> imageGradients) =>
            _model.ComputeGradients(images, targets, count, dropoutSeed, scores, imageGradients);

        public override void Dispose() => ((IDisposable)_model).Dispose();
    }
}
