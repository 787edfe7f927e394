using CnnGen.Ilgpu;

namespace CnnGen.Gpu.Tests;

/// <summary>Trainers whose steps ILGPU's simulation of a GPU takes.</summary>
public sealed class TrainerTests
{
    private static readonly TrainingChecks<Small> s_checks = new(() => GpuDevice.Open(GpuKind.Cpu), (model, device, batch) => model.OnGpu(device, batch));

    public static TheoryData<string> Optimizers => [.. TrainingChecks.Optimizers.Keys];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void An_optimizer_takes_the_steps_that_it_takes_on_the_CPU(string name) => s_checks.An_optimizer_takes_the_steps_that_it_takes_on_the_CPU(TrainingChecks.Optimizers[name]);

    [Fact]
    public void All_that_a_trainer_does_is_what_it_does_on_the_CPU() => s_checks.All_that_a_trainer_does_is_what_it_does_on_the_CPU();

    [Fact]
    public void A_training_that_was_stopped_goes_on_with_the_same_bits() => s_checks.A_training_that_was_stopped_goes_on_with_the_same_bits();

    [Fact]
    public void FindRate_leaves_everything_as_it_was() => s_checks.FindRate_leaves_everything_as_it_was();

    [Fact]
    public void What_does_not_fit_is_an_error_before_the_first_step() => s_checks.What_does_not_fit_is_an_error_before_the_first_step();

    [Fact]
    public void However_batches_are_loaded_the_training_has_the_same_bits() => s_checks.However_batches_are_loaded_the_training_has_the_same_bits();

    [Fact]
    public void Changed_parameters_count() => s_checks.Changed_parameters_count();

    [Fact]
    public void Two_devices_train_as_one_does() => s_checks.Two_devices_train_as_one_does();
}
