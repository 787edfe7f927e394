using CnnGen.Ilgpu;

namespace CnnGen.Gpu.Tests;

/// <summary>Models on a device (<see cref="TestDevice"/>) beside the same models on the CPU.</summary>
public sealed class ModelTests(ModelTests.Fixture fixture) : IClassFixture<ModelTests.Fixture>
{
    public sealed class Fixture : IDisposable
    {
        public GpuDevice Device { get; } = TestDevice.Open();

        public void Dispose() => Device.Dispose();
    }

    [Fact]
    public void LeNet5_agrees() => Check<LeNet5>((model, device, batch) => model.OnGpu(device, batch), 1);

    [Fact]
    public void A_network_with_batch_normalisation_and_dropout_agrees() => Check<Cifar>((model, device, batch) => model.OnGpu(device, batch), 2, steps: 2, isRepeated: true);

    [Fact]
    public void A_residual_network_agrees() => Check<Residual>((model, device, batch) => model.OnGpu(device, batch), 2);

    [Fact]
    public void Depthwise_and_grouped_convolutions_agree() => Check<Grouped>((model, device, batch) => model.OnGpu(device, batch), 1);

    [Fact]
    public void Joined_branches_agree() => Check<Inception>((model, device, batch) => model.OnGpu(device, batch), 1);

    [Fact]
    public void The_largest_elements_of_regions_agree() => Check<Pooled>((model, device, batch) => model.OnGpu(device, batch), 2);

    [Fact]
    public void Samples_of_regions_agree() => Check<Aligned>((model, device, batch) => model.OnGpu(device, batch), 2);

    /// <summary>Predictions to 1e-4, the loss and the gradients to 1e-3 of the largest, the parameters after the steps, and, where it is asked for, the same bits again.</summary>
    private void Check<T>(Func<T, GpuDevice, int, GpuTrainingSession<T>> onGpu, int count, int steps = 1, bool isRepeated = false) where T : class, ITrainableModel<T>
    {
        var random = new Random(1);
        var images = Enumerable.Range(0, count * T.InputShape.Length).Select(_ => random.NextSingle() - 0.5f).ToArray();
        var targets = new float[count * T.OutputLength];
        for (var i = 0; i < count; i++)
            targets[(i * T.OutputLength) + random.Next(T.OutputLength)] = 1;

        // From a quarter of the image to most of it.
        var regions = Enumerable.Range(0, count * T.RegionCount).SelectMany(i => new[] { 0.25f * (i % 3), 0.5f, 3 + (0.5f * (i % 4)), 4 }).ToArray();
        var first = Run();
        if (isRepeated)
            Assert.Equal(first, Run());

        float[] Run()
        {
            var (cpu, model) = (T.Create(1), T.Create(1));
            using var gpu = onGpu(model, fixture.Device, count);
            var (optimizer, own) = (new Sgd(0.05, momentum: 0.9), new Sgd(0.05, momentum: 0.9));
            AssertClose(Scores(cpu.Predict), Scores(gpu.Predict), 1e-4, "scores");
            for (var step = 0; step < steps; step++)
            {
                var loss = gpu.ComputeGradients(images, regions, targets, count, (ulong)step);
                Assert.Equal(cpu.ComputeGradients(images, regions, targets, count, (ulong)step), loss, 1e-3 * Math.Max(1, loss));
                foreach (var parameter in cpu.Parameters.All.Where(parameter => parameter.IsTrained))
                    AssertClose(parameter.GradientToArray(), gpu.GradientOf(parameter.Name), 1e-3, $"the gradient by {parameter.Name}");
                own.Step(cpu.Parameters);
                gpu.Step(optimizer);
            }

            gpu.FetchParameters();
            foreach (var parameter in cpu.Parameters.All)
                AssertClose(parameter.ToArray(), model.Parameters[parameter.Name].ToArray(), 1e-3, parameter.Name);
            AssertClose(Scores(cpu.Predict), Scores(model.Predict), 1e-3, "scores after the steps");
            return [.. model.Parameters.All.SelectMany(parameter => parameter.ToArray())];
        }

        float[] Scores(Predictor predict)
        {
            var scores = new float[count * T.OutputLength];
            predict(images, regions, scores, count);
            return scores;
        }
    }

    private delegate void Predictor(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count);

    private static void AssertClose(float[] expected, float[] actual, double allowed, string what)
    {
        var largest = Math.Max(1e-6, expected.Max(number => MathF.Abs(number)));
        var error = expected.Zip(actual).Max(pair => float.IsNaN(pair.First - pair.Second) ? double.PositiveInfinity : Math.Abs(pair.First - (double)pair.Second)) / largest;
        Assert.True(error < allowed, FormattableString.Invariant($"{what}: {error:G3} of the largest number away, of which {allowed} is allowed."));
    }
}
