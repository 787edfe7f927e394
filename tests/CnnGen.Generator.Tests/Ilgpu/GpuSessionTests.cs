using CnnGen.Generator.Tests.Emitted;
using CnnGen.Ilgpu;
using ILGPU.Runtime;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>What users call: devices and sessions, by the test double.</summary>
public sealed class GpuSessionTests(GpuSessionTests.Models models) : IClassFixture<GpuSessionTests.Models>
{
    private const int Batch = 3;

    public sealed class Models : IDisposable
    {
        internal EmittedAssembly Gpu { get; } = EmittedAssembly.Compile(change: BarrierRewriter.Rewrite, """
            [Model(1, 6, 6, Targets = Targets.Cpu | Targets.Ilgpu)]
            [Conv2D(4, 3), BatchNorm, ReLU, Dropout(0.4f), Dense(5), Dropout(0.2f), Dense(3), Softmax]
            public partial class Both;
            """);

        public void Dispose() => Gpu.Dispose();
    }

    private static (float[] Images, float[] Targets) Data(int count)
    {
        var random = new Random(1);
        var images = Enumerable.Range(0, count * 36).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var targets = new float[count * 3];
        for (var i = 0; i < count; i++)
            targets[(i * 3) + random.Next(3)] = 1;
        return (images, targets);
    }

    [Fact]
    public void A_model_predicts_on_the_GPU_what_it_predicts_on_the_CPU_in_as_many_launches_as_it_takes()
    {
        using var device = GpuDevice.Open();
        using var gpu = GpuModel.Create(models.Gpu, "Both", Batch, device);
        using var cpu = models.Gpu.Create("Both");
        var (images, _) = Data(7);

        AssertClose(cpu.Predict(images, 7), gpu.Predict(images, 7), 1e-5);
    }

    /// <summary>ILGPU takes the address of what it copies, and the garbage collector may move memory that isn't pinned until the copy is done.</summary>
    [Fact]
    public void Memory_is_pinned_while_it_is_copied()
    {
        using var device = GpuDevice.Open();
        device.Accelerator.MovesMemory = true;
        using var gpu = GpuModel.Create(models.Gpu, "Both", Batch, device);
        using var cpu = models.Gpu.Create("Both");
        var (images, targets) = Data(Batch);
        var (scores, imageGradients) = (new float[Batch * 3], new float[images.Length]);

        AssertClose(cpu.Predict(images, Batch), gpu.Predict(images, Batch), 1e-5);
        Assert.Equal(cpu.ComputeGradients(images, targets, Batch, 1), gpu.ComputeGradients(images, targets, Batch, 1, scores, imageGradients), 1e-4);
        gpu.Step(new Sgd(0.1, momentum: 0.9));
        gpu.Fetch();
        Assert.All(gpu.GradientOf("conv1.weight").Concat(scores).Concat(imageGradients), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void A_model_that_learns_on_the_GPU_learns_what_the_CPU_learns_with_its_masks()
    {
        using var device = GpuDevice.Open();
        using var gpu = GpuModel.Create(models.Gpu, "Both", Batch, device);
        using var cpu = models.Gpu.Create("Both");
        var rule = new Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01);
        var onGpu = new Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01);
        for (var step = 0; step < 4; step++)
        {
            var (images, targets) = Data(Batch);
            var loss = gpu.ComputeGradients(images, targets, Batch, (ulong)step, [], []);
            gpu.Step(onGpu);

            Assert.Equal(cpu.ComputeGradients(images, targets, Batch, (ulong)step), loss, 1e-4);
            rule.Step(cpu.Parameters, 0.1f);
        }

        gpu.Fetch();
        foreach (var parameter in cpu.Parameters.All)
            AssertClose(parameter.ToArray(), gpu.Parameters[parameter.Name].ToArray(), 1e-4);

        // What was fetched is what predictions on the CPU now go by.
        var (again, _) = Data(2);
        AssertClose(cpu.Predict(again, 2), gpu.Predict(again, 2), 1e-4);
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        using var device = GpuDevice.Open();
        Assert.Equal(Step(), Step());

        float[] Step()
        {
            using var gpu = GpuModel.Create(models.Gpu, "Both", Batch, device);
            var (images, targets) = Data(Batch);
            gpu.ComputeGradients(images, targets, Batch, 5, [], []);
            return [.. gpu.Parameters.All.Where(parameter => parameter.IsTrained).SelectMany(parameter => gpu.GradientOf(parameter.Name))];
        }
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_that_names_those_that_are()
    {
        var wrong = Assert.Throws<GpuException>(() => GpuDevice.Open(GpuKind.Cuda, "H100"));

        Assert.Equal("There is no device of Cuda whose name contains 'H100'. Found: Cpu: test double of ILGPU.", wrong.Message);
        Assert.Equal(["Cpu: test double of ILGPU"], GpuDevice.Found());
        GpuDevice.Open(name: "DOUBLE").Dispose();
    }

    [Fact]
    public void Too_little_memory_is_an_error_with_the_bytes_and_the_largest_batch()
    {
        long needed;
        using (var device = GpuDevice.Open())
        using (var model = GpuModel.Create(models.Gpu, "Both", 4, device))
            needed = model.Bytes;
        Device.Memory.Value = needed;
        using var small = GpuDevice.Open();

        var wrong = Assert.ThrowsAny<Exception>(() => GpuModel.Create(models.Gpu, "Both", 5, small)).GetBaseException();

        Assert.IsType<GpuException>(wrong);
        Assert.Matches($"^Both needs [0-9,]+ bytes for batches of 5, and Cpu: test double of ILGPU has {needed.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)}: at most 4 fit\\.$", wrong.Message);
        GpuModel.Create(models.Gpu, "Both", 4, small).Dispose();
    }

    [Fact]
    public void A_session_gives_all_its_memory_back()
    {
        using var device = GpuDevice.Open();
        using (var gpu = GpuModel.Create(models.Gpu, "Both", 2, device))
            Assert.Equal(gpu.Bytes, device.Accelerator.Allocated);

        Assert.Equal(0, device.Accelerator.Allocated);
    }

    [Fact]
    public void More_images_than_a_batch_are_no_training_step()
    {
        using var device = GpuDevice.Open();
        using var gpu = GpuModel.Create(models.Gpu, "Both", Batch, device);
        var (images, targets) = Data(Batch + 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => gpu.ComputeGradients(images, targets, Batch + 1, 0, [], []));
        Assert.Throws<KeyNotFoundException>(() => gpu.GradientOf("conv1.running_mean"));
    }

    private static void AssertClose(float[] expected, float[] actual, double allowed) =>
        Assert.True(Agreement.Error(Array.ConvertAll(expected, number => (double)number), actual, scale: 0.1) < allowed, string.Join(", ", expected.Zip(actual)));
}
