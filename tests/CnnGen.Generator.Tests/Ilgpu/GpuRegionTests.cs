using System.Reflection;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Ilgpu;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>Models that take regions, called and trained on the test double of a GPU.</summary>
public sealed class GpuRegionTests(GpuRegionTests.Models models) : IClassFixture<GpuRegionTests.Models>
{
    private static readonly ImageShape s_shape = new(2, 6, 5);

    public sealed class Models : IDisposable
    {
        internal EmittedAssembly Gpu { get; } = EmittedAssembly.Compile(change: BarrierRewriter.Rewrite, """
            [Model(2, 6, 5, Regions = 2, Loss = Loss.ClassesAndBoxes, Targets = Targets.Cpu | Targets.Ilgpu)]
            [Conv2D(4, 3, Padding = 1), Tanh, RoIPool(2)]
            [Branch, Dense(3), Softmax]
            [Branch, Dense(12)]
            [Concat]
            public partial class Colours;
            """);

        public void Dispose() => Gpu.Dispose();
    }

    [Fact]
    public void A_trainer_on_a_device_takes_regions_as_on_the_CPU() => Call(nameof(Train));

    [Fact]
    public void Calls_without_regions_and_with_others_are_refused() => Call(nameof(Refuse));

    /// <summary>On one device, where batches are uploaded beside steps, and on two.</summary>
    private static void Train<T>(Func<T, GpuDevice, int, GpuTrainingSession<T>> onGpu) where T : class, ITrainableModel<T>
    {
        using var device = GpuDevice.Open();
        var (cpu, one, several) = (T.Create(1), T.Create(1), T.Create(1));
        var images = Images();
        var expected = new Trainer<T>(cpu, new Adam(0.01), seed: 1).Fit(images, 2, 4, images);
        using (var session = onGpu(one, device, 4))
            AssertSame(new Trainer<T>(one, new Adam(0.01), seed: 1) { Device = session }.Fit(images, 2, 4, images), one);
        using (var team = new GpuTeam<T>(onGpu(several, device, 2), onGpu(several, device, 2)))
            AssertSame(new Trainer<T>(several, new Adam(0.01), seed: 1) { Device = team }.Fit(images, 2, 4, images), several);
        Assert.Equal(2 * 3 * 2, device.Accelerator.UploadsBeside);

        void AssertSame(TrainingHistory actual, T model)
        {
            Assert.Equal(expected.Epochs[^1].Loss, actual.Epochs[^1].Loss, 1e-4);
            Assert.Equal(expected.Epochs[^1].ValidationLoss!.Value, actual.Epochs[^1].ValidationLoss!.Value, 1e-4);
            foreach (var parameter in cpu.Parameters.All)
                Assert.Equal(parameter.ToArray(), model.Parameters[parameter.Name].ToArray(), (a, b) => Math.Abs(a - b) < 1e-3);
        }
    }

    private static void Refuse<T>(Func<T, GpuDevice, int, GpuTrainingSession<T>> onGpu) where T : class, ITrainableModel<T>
    {
        using var device = GpuDevice.Open();
        using var session = onGpu(T.Create(1), device, 2);
        using var team = new GpuTeam<T>(onGpu(T.Create(1), device, 1));
        var (image, scores, targets) = (new float[s_shape.Length], new float[30], new float[30]);
        foreach (var one in new ITrainingDevice<T>[] { session, team })
        {
            Assert.Contains("takes 2 regions", Assert.Throws<InvalidOperationException>(() => one.Predict(image, scores)).Message, StringComparison.Ordinal);
            Assert.Contains("takes 2 regions", Assert.Throws<InvalidOperationException>(() => one.ComputeGradients(image, targets, 1, 0)).Message, StringComparison.Ordinal);
            Assert.Contains("2 regions with each image", Assert.Throws<ArgumentException>(() => one.Predict(image, new float[4], scores)).Message, StringComparison.Ordinal);
            targets[0] = 1;
            Assert.Contains("Region 0 of image 0 is empty", Assert.Throws<ArgumentException>(() => one.ComputeGradients(image, new float[8], targets, 1, 0)).Message, StringComparison.Ordinal);
            Assert.True(double.IsFinite(one.ComputeGradients(image, [0, 0, 3, 3, 0, 0, 0, 0], targets, 1, 0)));
        }
    }

    /// <summary>Regions of two colours, or of none.</summary>
    private static RegionDataset Images()
    {
        var random = new Random(3);
        var images = Enumerable.Range(0, 10 * s_shape.Length).Select(_ => random.NextSingle() * 0.1f).ToArray();
        var regions = new List<IReadOnlyList<LabelledRegion>>();
        for (var i = 0; i < 10; i++)
        {
            var (label, row) = (random.Next(0, 3), random.Next(0, 3));
            for (var at = 0; at < 9 && label > 0; at++)
                images[(i * s_shape.Length) + ((label - 1) * 30) + ((row + (at / 3)) * 5) + 1 + (at % 3)] = 1;
            var box = new Box(1, row, 4, row + 3);
            var own = new LabelledRegion(box, label, label == 0 ? default : box);
            regions.Add(i % 3 == 0 ? [own] : [own, new LabelledRegion(new Box(0, 0, 1, 6), 0)]);
        }

        return new RegionDataset(new FloatImageDataset(s_shape, images, new int[10], 1), regions, regionCount: 2, classes: 3);
    }

    private void Call(string method)
    {
        var type = models.Gpu.Type("Colours");
        var call = typeof(GpuRegionTests).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
        call.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [GpuModel.OnGpu(type)], null);
    }
}
