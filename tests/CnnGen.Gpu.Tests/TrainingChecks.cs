using CnnGen.Ilgpu;

namespace CnnGen.Gpu.Tests;

/// <summary>What a trainer on a device has to do, beside the same trainer on the CPU: by ILGPU itself, and by its test double. The model is trained on images that are drawn at random.</summary>
internal abstract class TrainingChecks : IDisposable
{
    public abstract void Dispose();

    public static IReadOnlyDictionary<string, Func<Optimizer>> Optimizers { get; } = new Dictionary<string, Func<Optimizer>>
    {
        ["Sgd"] = () => new Sgd(0.1, weightDecay: 0.01),
        ["Sgd with momentum"] = () => new Sgd(0.05, momentum: 0.9, weightDecay: 0.01),
        ["Sgd, Nesterov's"] = () => new Sgd(0.05, momentum: 0.9, nesterov: true),
        ["Adam"] = () => new Adam(0.01, weightDecay: 0.01),
        ["Adam, AMSGrad"] = () => new Adam(0.01, beta2: 0.9, amsGrad: true),
        ["AdamW"] = () => new AdamW(0.01, weightDecay: 0.1),
        ["Adagrad"] = () => new Adagrad(0.02, rateDecay: 0.1, weightDecay: 0.01),
        ["RmsProp"] = () => new RmsProp(0.005, weightDecay: 0.01),
        ["RmsProp, centered, with momentum"] = () => new RmsProp(0.005, momentum: 0.9, centered: true),
        ["RmsProp with momentum"] = () => new RmsProp(0.005, momentum: 0.9),
        ["Nadam"] = () => new Nadam(0.01, weightDecay: 0.01),
        ["Lion"] = () => new Lion(1e-3, weightDecay: 0.1),
        ["Lookahead"] = () => new Lookahead(new Sgd(0.1, momentum: 0.9), steps: 3),
        ["Lars"] = () => new Lars(0.5, weightDecay: 0.01, trust: 0.02),
        ["Lamb"] = () => new Lamb(0.02),
        ["Muon"] = () => new Muon(0.02, inner: new AdamW(0.01)),
        ["Lookahead around Muon"] = () => new Lookahead(new Muon(0.02, nesterov: false, matchAdamW: true, inner: new AdamW(0.01)), steps: 4),
    };

    public abstract void An_optimizer_takes_the_steps_that_it_takes_on_the_CPU(Func<Optimizer> make);

    public abstract void Ten_steps_by_one_gradient_are_those_of_the_CPU(Func<Optimizer> make);

    public abstract void All_that_a_trainer_does_is_what_it_does_on_the_CPU();

    public abstract void A_training_that_was_stopped_goes_on_with_the_same_bits();

    public abstract void FindRate_leaves_everything_as_it_was();

    public abstract void What_does_not_fit_is_an_error_before_the_first_step();

    public abstract void Changed_parameters_count();

    public abstract void Two_devices_train_as_one_does();

    public abstract void However_batches_are_loaded_the_training_has_the_same_bits();

    public abstract void A_stream_trains_as_on_the_CPU_and_goes_on_where_it_stopped();
}

/// <inheritdoc/>
/// <param name="open">Opens a device.</param>
/// <param name="onGpu">The model's method.</param>
/// <param name="isShort">Whether there are few images, since ILGPU's simulation takes its time.</param>
internal sealed partial class TrainingChecks<T>(Func<GpuDevice> open, Func<T, GpuDevice, int, GpuTrainingSession<T>> onGpu, bool isShort) : TrainingChecks
    where T : class, ITrainableModel<T>
{
    private const int BatchSize = 4;

    private T? _stepped;
    private GpuDevice? _device;
    private GpuTrainingSession<T>? _session;
    private bool _hasGradients;

    public override void Dispose()
    {
        _session?.Dispose();
        _device?.Dispose();
    }

    /// <summary>Batches of 4, 4, 4 and 2 images, or of 4 and 2.</summary>
    private FloatImageDataset Training => Images(isShort ? 6 : 14, 1);

    private FloatImageDataset Validation => Images(isShort ? 3 : 9, 2);

    private int Epochs => isShort ? 2 : 3;

    private static FloatImageDataset Images(int count, int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, count).Select(i => i % T.OutputLength).ToArray();

        // Classes that can be told apart: each has a level of its own in one part of the image.
        var images = new float[count * T.InputShape.Length];
        for (var i = 0; i < images.Length; i++)
            images[i] = random.NextSingle() - 0.5f + (i % T.InputShape.Length * T.OutputLength / T.InputShape.Length == labels[i / T.InputShape.Length] ? 0.7f : 0);
        return new FloatImageDataset(T.InputShape, images, labels, T.OutputLength);
    }

    public override void An_optimizer_takes_the_steps_that_it_takes_on_the_CPU(Func<Optimizer> make)
    {
        using var device = open();
        var (cpu, model) = (T.Create(1), T.Create(1));
        using var session = onGpu(model, device, BatchSize);
        var images = Images(10, 1);

        var expected = new Trainer<T>(cpu, make(), seed: 1).Fit(images, 4, BatchSize);
        var actual = new Trainer<T>(model, make(), seed: 1) { Device = session }.Fit(images, 4, BatchSize);

        Assert.Equal(expected.Epochs[^1].Loss, actual.Epochs[^1].Loss, 1e-3);
        AssertClose(cpu, model);
    }

    public override void Ten_steps_by_one_gradient_are_those_of_the_CPU(Func<Optimizer> make)
    {
        // One session for all of them: what they keep is their own.
        var model = _stepped ??= T.Create(1);
        var session = _session ??= onGpu(model, _device = open(), 1);
        foreach (var parameter in T.Create(1).Parameters.All)
            model.Parameters[parameter.Name].Set(parameter.ToArray());
        session.SendParameters();
        var cpu = T.Create(1);
        var (image, target) = (new float[T.InputShape.Length], new float[T.OutputLength]);
        var images = Images(1, 1);
        images.CopyImage(0, image, T.Normalization);
        target[images.GetLabel(0)] = 1;
        cpu.ComputeGradients(image, target, 1, 1);
        if (!_hasGradients)
            session.ComputeGradients(image, target, 1, 1);
        _hasGradients = true;
        var (optimizer, onDevice) = (make(), make());
        for (var step = 0; step < 10; step++)
        {
            optimizer.Step(cpu.Parameters);
            session.Step(onDevice);
        }

        session.FetchParameters();
        AssertClose(cpu, model);
    }

    public override void All_that_a_trainer_does_is_what_it_does_on_the_CPU()
    {
        using var device = open();
        var (cpu, model) = (T.Create(1), T.Create(1));
        using var session = onGpu(model, device, 7);
        var (onCpu, onDevice) = (Full(cpu, null), Full(model, session));
        var (images, validation) = (Training, Validation);

        var expected = onCpu.Fit(images, Epochs, BatchSize, validation);
        var actual = onDevice.Fit(images, Epochs, BatchSize, validation);

        Assert.Equal(Epochs, actual.Epochs.Count);
        foreach (var (one, other) in expected.Epochs.Zip(actual.Epochs))
        {
            Assert.Equal(one.Loss, other.Loss, 1e-3);
            Assert.Equal(one.ValidationLoss!.Value, other.ValidationLoss!.Value, 1e-3);
            Assert.Equal(one.LearningRate, other.LearningRate);
        }

        AssertClose(cpu, model);
        using (onCpu.Averaging!.Use())
        using (onDevice.Averaging!.Use())
        {
            AssertClose(cpu, model);
            Assert.Equal(onCpu.Evaluate(validation).Loss, onDevice.Evaluate(validation).Loss, 1e-3);
        }

        // What the session was given for the average it has no longer.
        Assert.Equal(onCpu.Evaluate(validation).Loss, onDevice.Evaluate(validation).Loss, 1e-3);
    }

    public override void A_training_that_was_stopped_goes_on_with_the_same_bits()
    {
        var folder = Directory.CreateTempSubdirectory("cnngen-gpu").FullName;
        try
        {
            var images = Training;
            var whole = Run(null, -1);
            foreach (var batch in isShort ? [1] : new[] { 1, 4, 6 })
            {
                var path = Path.Combine(folder, FormattableString.Invariant($"{batch}"));
                Assert.NotEqual(whole, Run(path, batch));
                Assert.Equal(whole, Run(path, -1));
            }

            if (isShort)
                return;

            // It goes on on the CPU too, where sums are rounded otherwise.
            var other = Path.Combine(folder, "cpu");
            Run(other, 5);
            var cpu = T.Create(1);
            Full(cpu, null).Fit(images, Epochs, BatchSize, checkpoint: other);
            Assert.Equal(whole.Select(number => (double)number), cpu.Parameters.All.SelectMany(parameter => parameter.ToArray()).Select(number => (double)number), (one, two) => Math.Abs(one - two) < 2e-3);

            float[] Run(string? checkpoint, int stopAt)
            {
                using var device = open();
                var model = T.Create(1);
                using var session = onGpu(model, device, 7);
                var trainer = Full(model, session, stopAt > 0 ? [new StopAt(stopAt)] : []);
                trainer.Fit(images, Epochs, BatchSize, checkpoint: checkpoint);
                return [.. model.Parameters.All.SelectMany(parameter => parameter.ToArray())];
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public override void FindRate_leaves_everything_as_it_was()
    {
        using var device = open();
        var (cpu, model) = (T.Create(1), T.Create(1));
        using var session = onGpu(model, device, BatchSize);
        var images = Images(12, 1);
        var (onCpu, onDevice) = (Plain(cpu, null), Plain(model, session));
        onCpu.Fit(images, 1, BatchSize);
        onDevice.Fit(images, 1, BatchSize);
        float[] before = [.. model.Parameters.All.SelectMany(parameter => parameter.ToArray())];

        var expected = onCpu.FindRate(images, BatchSize, 1e-4, 0.1, steps: 10);
        var actual = onDevice.FindRate(images, BatchSize, 1e-4, 0.1, steps: 10);

        Assert.Equal(before, model.Parameters.All.SelectMany(parameter => parameter.ToArray()));
        Assert.Equal(expected.Curve.Count, actual.Curve.Count);
        foreach (var (one, other) in expected.Curve.Zip(actual.Curve))
            Assert.Equal(one.Loss, other.Loss, 1e-3);

        // The device goes on from there too.
        onCpu.Fit(images, 1, BatchSize);
        onDevice.Fit(images, 1, BatchSize);
        AssertClose(cpu, model);

        static Trainer<T> Plain(T model, GpuTrainingSession<T>? device) => new(model, new Adam(0.01), seed: 1) { Device = device, AccumulationSteps = 2 };
    }

    public override void What_does_not_fit_is_an_error_before_the_first_step()
    {
        using var device = open();
        var model = T.Create(1);
        using var session = onGpu(model, device, BatchSize);
        var images = Images(12, 1);

        var wrong = Assert.Throws<InvalidOperationException>(() => new Trainer<T>(model, new Sgd(0.1)) { Device = session }.Fit(images, 1, BatchSize + 1));
        Assert.Equal($"A batch has 5 images, but the session on {device} was made for 4: model.OnGpu(device, batch: 5).", wrong.Message);
        wrong = Assert.Throws<InvalidOperationException>(() => new Trainer<T>(T.Create(1), new Sgd(0.1)) { Device = session }.Fit(images, 1, BatchSize));
        Assert.StartsWith($"The device was given another {typeof(T).Name} than the trainer.", wrong.Message, StringComparison.Ordinal);
        var own = Assert.Throws<NotSupportedException>(() => new Trainer<T>(model, new Own()) { Device = session }.Fit(images, 1, BatchSize));
        Assert.StartsWith($"Own is no optimiser of the library's, and changes parameters on the CPU, but they are on {device}.", own.Message, StringComparison.Ordinal);
        Assert.Equal(T.Create(1).Parameters.All[0].ToArray(), model.Parameters.All[0].ToArray());
    }

    public override void Changed_parameters_count()
    {
        using var device = open();
        var (cpu, model) = (T.Create(1), T.Create(1));
        using var session = onGpu(model, device, BatchSize);
        var images = Images(8, 1);
        var optimizers = new[] { new Sgd(0.1, momentum: 0.9), new Sgd(0.1, momentum: 0.9) };
        new Trainer<T>(cpu, optimizers[0], seed: 1).Fit(images, 1, BatchSize);
        new Trainer<T>(model, optimizers[1], seed: 1) { Device = session }.Fit(images, 1, BatchSize);

        // Between two trainings on the device: other parameters, and a step on the CPU by the optimiser whose momentum lies on the device.
        foreach (var one in new[] { cpu, model })
        {
            one.Parameters.All[0].Set(Enumerable.Repeat(0.1f, one.Parameters.All[0].Length).ToArray());
            var (image, target) = (new float[T.InputShape.Length], new float[T.OutputLength]);
            images.CopyImage(0, image, T.Normalization);
            target[images.GetLabel(0)] = 1;
            one.ComputeGradients(image, target, 1, 1);
        }

        optimizers[0].Step(cpu.Parameters);
        optimizers[1].Step(model.Parameters);
        AssertClose(cpu, model);
        new Trainer<T>(cpu, optimizers[0], seed: 2).Fit(images, 1, BatchSize);
        new Trainer<T>(model, optimizers[1], seed: 2) { Device = session }.Fit(images, 1, BatchSize);

        AssertClose(cpu, model);
    }

    public override void However_batches_are_loaded_the_training_has_the_same_bits()
    {
        using var device = open();
        var expected = Run(0, Images(18, 1));
        Assert.Equal(expected, Run(1, Images(18, 1)));
        Assert.Equal(expected, Run(3, Images(18, 1)));

        // An image that can't be read is said of when its batch is wanted: the batches before it count, as on the CPU.
        var failing = Enumerable.Range(0, 18).First(index => TrainedBefore(index, T.Create(1), null, 0) == 3);
        foreach (var ahead in new[] { 0, 2 })
        {
            var model = T.Create(1);
            using var session = onGpu(model, device, BatchSize);
            Assert.Equal(3, TrainedBefore(failing, model, session, ahead));
        }

        float[] Run(int ahead, ImageDataset images)
        {
            var model = T.Create(1);
            using var session = onGpu(model, device, BatchSize);
            new Trainer<T>(model, new Sgd(0.1), seed: 1) { Device = session, LoadAhead = ahead, AlternatingFlip = true, Mixing = ImageMixing.MixUp() }.Fit(images, 2, BatchSize);
            return [.. model.Parameters.All.SelectMany(parameter => parameter.ToArray())];
        }

        static int TrainedBefore(int failing, T model, GpuTrainingSession<T>? session, int ahead)
        {
            var counted = new StopAt(int.MaxValue);
            var trainer = new Trainer<T>(model, new Sgd(0.1), seed: 1)
            {
                Device = session,
                LoadAhead = ahead,
                Callbacks = [counted],
                Augmentation = (image, index, seed) => image[0] += index == failing ? throw new InvalidDataException("cannot be read") : 0,
            };
            Assert.Equal("cannot be read", Assert.Throws<InvalidDataException>(() => trainer.Fit(Images(18, 1), 1, BatchSize)).Message);
            return counted.Batches;
        }
    }

    public override void Two_devices_train_as_one_does()
    {
        var (cpu, one) = (T.Create(1), T.Create(1));
        if (!isShort)
        {
            using var device = open();
            using var session = onGpu(one, device, 5);
            new Trainer<T>(one, new Adam(0.01), seed: 1) { Device = session }.Fit(Training, 2, 5, Validation);
        }

        new Trainer<T>(cpu, new Adam(0.01), seed: 1).Fit(Training, isShort ? 1 : 2, 5, Validation);
        var (first, history) = Run();
        var (second, _) = Run();

        Assert.Equal(first.Parameters.All.SelectMany(parameter => parameter.ToArray()), second.Parameters.All.SelectMany(parameter => parameter.ToArray()));
        AssertClose(cpu, first);
        if (!isShort)
            AssertClose(one, first);
        Assert.All(history.Epochs, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));

        (T Model, TrainingHistory History) Run()
        {
            var model = T.Create(1);
            using var device = open();
            using var other = open();
            using var team = new GpuTeam<T>(onGpu(model, device, 3), onGpu(model, other, 2));
            Assert.Equal(5, team.Batch);
            return (model, new Trainer<T>(model, new Adam(0.01), seed: 1) { Device = team }.Fit(Training, isShort ? 1 : 2, 5, Validation));
        }
    }

    /// <summary>Schedules, groups, clipping, accumulation over batches of unequal size, an average, and a callback that keeps weights.</summary>
    private static Trainer<T> Full(T model, GpuTrainingSession<T>? device, ITrainingCallback[]? callbacks = null)
    {
        var optimizer = new AdamW(0.01)
        {
            Groups = [ParameterGroup.BiasesAndNorms() with { WeightDecay = 0, WarmUpSteps = 3 }, ParameterGroup.Named("conv1.bias") with { IsFrozen = true }, ParameterGroup.Named("dense*") with { RateFactor = 0.5 }],
        };
        return new Trainer<T>(model, optimizer, new OneCycleSchedule(), seed: 1)
        {
            Device = device,
            AccumulationSteps = 3,
            Clipping = GradientClipping.ByNorm(0.05),
            Averaging = new WeightAverage(0.9),
            Callbacks = [new EarlyStopping(patience: 10), .. callbacks ?? []],
        };
    }

    private static void AssertClose(T expected, T actual)
    {
        foreach (var parameter in expected.Parameters.All)
        {
            var (one, other) = (parameter.ToArray(), actual.Parameters[parameter.Name].ToArray());
            var largest = Math.Max(0.01, one.Max(number => MathF.Abs(number)));
            var error = one.Zip(other).Max(pair => float.IsNaN(pair.First - pair.Second) ? double.PositiveInfinity : Math.Abs(pair.First - (double)pair.Second)) / largest;
            Assert.True(error < 1e-3, FormattableString.Invariant($"{parameter.Name} is {error:G3} of its largest number away."));
        }
    }

    private sealed class StopAt(int batch) : ITrainingCallback
    {
        public int Batches { get; private set; }

        public void OnBatch(ITraining training, TrainingProgress progress)
        {
            if (++Batches == batch)
                training.Stop("enough");
        }
    }

    private sealed class Own() : Optimizer(0.1)
    {
        public override void Step(Runtime.ParameterStore parameters, float learningRate)
        {
        }
    }
}
