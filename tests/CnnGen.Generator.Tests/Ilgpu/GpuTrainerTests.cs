using CnnGen.Generator.Tests.Emitted;
using CnnGen.Gpu.Tests;
using CnnGen.Ilgpu;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>Trainers whose steps the test double of a GPU takes; tests/CnnGen.Gpu.Tests has the same by ILGPU itself.</summary>
public sealed class GpuTrainerTests(GpuTrainerTests.Models models) : IClassFixture<GpuTrainerTests.Models>
{
    public sealed class Models : IDisposable
    {
        private readonly EmittedAssembly _assembly = EmittedAssembly.Compile(change: BarrierRewriter.Rewrite, """
            [Model(1, 6, 6, Targets = Targets.Cpu | Targets.Ilgpu)]
            [Conv2D(4, 3), Tanh, AveragePool(2), Dense(6), Tanh, Dense(3), Softmax]
            public partial class Small;
            """);

        internal Type Small => _assembly.Type("Small");

        internal TrainingChecks Checks { get; }

        public Models() => Checks = (TrainingChecks)Activator.CreateInstance(
            typeof(TrainingChecks<>).MakeGenericType(Small), () => GpuDevice.Open(), GpuModel.OnGpu(Small), false)!;

        public void Dispose()
        {
            Checks.Dispose();
            _assembly.Dispose();
        }
    }

    public static TheoryData<string> Optimizers => [.. TrainingChecks.Optimizers.Keys];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void An_optimizer_takes_the_steps_that_it_takes_on_the_CPU(string name) => models.Checks.An_optimizer_takes_the_steps_that_it_takes_on_the_CPU(TrainingChecks.Optimizers[name]);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Ten_steps_by_one_gradient_are_those_of_the_CPU(string name) => models.Checks.Ten_steps_by_one_gradient_are_those_of_the_CPU(TrainingChecks.Optimizers[name]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Products_of_matrices_are_those_of_plain_loops(int isTurned)
    {
        using var device = GpuDevice.Open();

        ProductChecks.Check(device.Accelerator, isTurned);
    }

    [Fact]
    public void Every_optimizer_of_the_library_is_among_them() => Assert.Equal(
        typeof(Optimizer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer)) && !type.IsAbstract).Select(type => type.Name).Order(),
        TrainingChecks.Optimizers.Values.Select(make => make().GetType().Name).Distinct().Order());

    [Fact]
    public void All_that_a_trainer_does_is_what_it_does_on_the_CPU() => models.Checks.All_that_a_trainer_does_is_what_it_does_on_the_CPU();

    [Fact]
    public void A_training_that_was_stopped_goes_on_with_the_same_bits() => models.Checks.A_training_that_was_stopped_goes_on_with_the_same_bits();

    [Fact]
    public void FindRate_leaves_everything_as_it_was() => models.Checks.FindRate_leaves_everything_as_it_was();

    [Fact]
    public void What_does_not_fit_is_an_error_before_the_first_step() => models.Checks.What_does_not_fit_is_an_error_before_the_first_step();

    [Fact]
    public void However_batches_are_loaded_the_training_has_the_same_bits() => models.Checks.However_batches_are_loaded_the_training_has_the_same_bits();

    [Fact]
    public void A_stream_trains_as_on_the_CPU_and_goes_on_where_it_stopped() => models.Checks.A_stream_trains_as_on_the_CPU_and_goes_on_where_it_stopped();

    [Fact]
    public void Changed_parameters_count() => models.Checks.Changed_parameters_count();

    [Fact]
    public void Two_devices_train_as_one_does() => models.Checks.Two_devices_train_as_one_does();

    [Fact]
    public void What_an_optimizer_keeps_stays_on_the_device_until_a_checkpoint_asks_for_it()
    {
        var device = GpuDevice.Open();
        using var trained = GpuTrained.Create(models.Small, device, new Adam(0.01));

        // A step's loss and scores; the parameters at the end of an epoch, where they are also looked at for what is not a number.
        trained.Fit(epochs: 1);
        Assert.Equal((2 * GpuTrained.Steps) + 1, device.Accelerator.Downloads);

        // A checkpoint asks for two moments too, and for the parameters only where they have changed since.
        device.Accelerator.Downloads = 0;
        trained.SaveState();
        Assert.Equal(2, device.Accelerator.Downloads);
        device.Accelerator.Downloads = 0;
        trained.Fit(epochs: 1);
        Assert.Equal((2 * GpuTrained.Steps) + 1, device.Accelerator.Downloads);
    }

    [Fact]
    public void All_batches_but_an_epochs_first_are_uploaded_beside_the_one_before()
    {
        var device = GpuDevice.Open();
        using var trained = GpuTrained.Create(models.Small, device, new Sgd(0.1));

        trained.Fit(epochs: 2);

        // Images and targets.
        Assert.Equal(2 * 2 * (GpuTrained.Steps - 1), device.Accelerator.UploadsBeside);
    }

    [Fact]
    public void A_device_that_fails_in_the_middle_is_an_error_and_the_last_checkpoint_holds()
    {
        var folder = Directory.CreateTempSubdirectory("cnngen-gpu");
        float[] whole;
        using (var trained = GpuTrained.Create(models.Small, GpuDevice.Open(), new Adam(0.01)))
            whole = trained.Fit(epochs: 3);
        var device = GpuDevice.Open();
        using (var trained = GpuTrained.Create(models.Small, device, new Adam(0.01)))
        {
            trained.Fit(epochs: 3, folder.FullName, afterEpoch: 2, () => device.Accelerator.CopiesLeft = 5, out var failure);

            Assert.Equal(
                "Cpu: test double of ILGPU has failed (the test double was told to fail), and what Small had learnt there since its parameters were fetched last is lost. The last checkpoint holds: open the device anew, and call Fit with the same checkpoint folder.",
                Assert.IsType<GpuException>(failure).Message);
            trained.Fit(epochs: 3, null, 0, null, out failure);
            Assert.Equal("Cpu: test double of ILGPU has failed before. Open it anew, and make another session.", Assert.IsType<GpuException>(failure).Message);
        }

        using var again = GpuTrained.Create(models.Small, GpuDevice.Open(), new Adam(0.01));
        Assert.Equal(whole, again.Fit(epochs: 3, folder.FullName, 0, null, out var none));
        Assert.Null(none);
        folder.Delete(recursive: true);
    }
}
