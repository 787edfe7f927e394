using CnnGen.Ilgpu;

namespace CnnGen.Gpu.Tests;

/// <summary>Trainers whose steps a device (<see cref="TestDevice"/>) takes: fewer, and less, than those by the test double, since ILGPU's simulation is slow.</summary>
public sealed class TrainerTests(TrainerTests.Models models) : IClassFixture<TrainerTests.Models>
{
    public sealed class Models : IDisposable
    {
        internal TrainingChecks Checks { get; } = new TrainingChecks<Small>(TestDevice.Open, (model, device, batch) => model.OnGpu(device, batch), isShort: true);

        public void Dispose() => Checks.Dispose();
    }

    /// <summary>Those whose kernels are others'.</summary>
    public static TheoryData<string> Optimizers => [.. TrainingChecks.Optimizers.Keys.Where(name => name != "Lookahead around Muon")];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Ten_steps_by_one_gradient_are_those_of_the_CPU(string name) => models.Checks.Ten_steps_by_one_gradient_are_those_of_the_CPU(TrainingChecks.Optimizers[name]);

    [Fact]
    public void All_that_a_trainer_does_is_what_it_does_on_the_CPU() => models.Checks.All_that_a_trainer_does_is_what_it_does_on_the_CPU();

    [Fact]
    public void A_training_that_was_stopped_goes_on_with_the_same_bits() => models.Checks.A_training_that_was_stopped_goes_on_with_the_same_bits();

    [Fact]
    public void What_does_not_fit_is_an_error_before_the_first_step() => models.Checks.What_does_not_fit_is_an_error_before_the_first_step();

    [Fact]
    public void A_stream_trains_as_on_the_CPU_and_goes_on_where_it_stopped() => models.Checks.A_stream_trains_as_on_the_CPU_and_goes_on_where_it_stopped();

    [Fact]
    public void Changed_parameters_count() => models.Checks.Changed_parameters_count();

    [Fact]
    public void Two_devices_train_as_one_does() => models.Checks.Two_devices_train_as_one_does();
}
