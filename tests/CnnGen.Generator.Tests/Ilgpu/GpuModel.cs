using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Ilgpu;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>An object of an emitted class on the test double of a GPU.</summary>
internal abstract class GpuModel : IDisposable
{
    /// <summary>The graph that was emitted.</summary>
    public required Network Network { get; init; }

    public abstract ParameterStore Parameters { get; }

    /// <summary>The regions of the images of the next calls, of a model that takes some; of calls with fewer images the first ones count.</summary>
    public float[] Regions { get; set; } = [];

    public abstract int OutputLength { get; }

    public abstract long Bytes { get; }

    public abstract void Send();

    public abstract void Fetch();

    public abstract float[] Predict(float[] images, int count);

    public abstract double ComputeGradients(float[] images, float[] targets, int count, ulong seed, float[] scores, float[] imageGradients);

    public abstract void Step(Optimizer optimizer);

    public abstract float[] GradientOf(string name);

    public abstract void Dispose();

    /// <summary>A declaration for GPUs as well.</summary>
    public static string ForGpu(string declaration)
    {
        var end = declaration.IndexOf(')', declaration.IndexOf("[Model(", StringComparison.Ordinal));
        return declaration.Insert(end, ", Targets = Targets.Cpu | Targets.Ilgpu");
    }

    /// <summary>A class's <c>OnGpu</c>.</summary>
    public static Delegate OnGpu(Type type)
    {
        var session = typeof(GpuTrainingSession<>).MakeGenericType(type);
        return type.GetMethod("OnGpu")!.CreateDelegate(typeof(Func<,,,>).MakeGenericType(type, typeof(GpuDevice), typeof(int), session));
    }

    public static GpuModel Create(EmittedAssembly assembly, string name, int batch, GpuDevice device, int seed = 1)
    {
        var network = assembly.Network(name);
        var adapter = typeof(Adapter<>).MakeGenericType(assembly.Type(name));
        return (GpuModel)Activator.CreateInstance(adapter, network, batch, device, seed)!;
    }

    /// <summary>Everything of a prediction and a training step that is further off than it may be.</summary>
    public IReadOnlyList<Measured> Wrong(Expected expected)
    {
        foreach (var (name, numbers) in expected.Parameters)
            Parameters[name].Set(numbers.ToFloats());
        Send();
        Regions = expected.Regions.Flat();
        var images = expected.Images.Flat();
        var predictions = Predict(images, expected.Count);
        var one = Predict(images[..(images.Length / expected.Count)], 1);
        var (scores, imageGradients) = (new float[expected.Count * OutputLength], new float[images.Length]);
        var loss = ComputeGradients(images, expected.Targets.Flat(), expected.Count, expected.DropoutSeed, scores, imageGradients);
        Fetch();
        List<Measured> measured =
        [
            .. Comparison.Measure(expected, new Comparison.Computed(predictions, scores, loss, imageGradients, GradientOf, name => Parameters[name].ToArray())),
            new("prediction of one image", Agreement.Error(expected.Predictions[0], one), Agreement.Forward),
        ];

        // A GPU's kernels sum in floats what the CPU's sum in doubles: predictions 1e-4, gradients 1e-3.
        measured = [.. measured.Select(one => one with { Allowed = 10 * one.Allowed })];
        if (!measured.Any(one => one.IsWrong))
            return [];
        var reachable = Conditioning.Of(Network, expected);
        return [.. measured.Where((one, i) => !(one.Error <= one.Allowed + (10 * reachable[i])))];
    }

    private sealed class Adapter<T> : GpuModel where T : class, ITrainableModel<T>
    {
        private readonly GpuTrainingSession<T> _session;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Adapter(Network network, int batch, GpuDevice device, int seed)
        {
            Network = network;
            _session = ((Func<T, GpuDevice, int, GpuTrainingSession<T>>)OnGpu(typeof(T)))(T.Create(seed), device, batch);
        }

        public override ParameterStore Parameters => _session.Model.Parameters;

        public override int OutputLength => T.OutputLength;

        public override long Bytes => _session.Bytes;

        public override void Send() => _session.SendParameters();

        public override void Fetch() => _session.FetchParameters();

        public override float[] Predict(float[] images, int count)
        {
            var scores = new float[count * OutputLength];
            _session.Predict(images, RegionsOf(count), scores, count);
            return scores;
        }

        public override double ComputeGradients(float[] images, float[] targets, int count, ulong seed, float[] scores, float[] imageGradients) =>
            _session.ComputeGradients(images, RegionsOf(count), targets, count, seed, scores, imageGradients);

        public override void Step(Optimizer optimizer) => _session.Step(optimizer);

        public override float[] GradientOf(string name) => _session.GradientOf(name);

        public override void Dispose() => _session.Dispose();

        private ReadOnlySpan<float> RegionsOf(int count) => Regions.AsSpan(0, count * T.RegionCount * 4);
    }
}
