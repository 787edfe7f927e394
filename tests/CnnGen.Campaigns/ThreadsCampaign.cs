namespace CnnGen.Campaigns;

/// <summary>
/// Several threads call one object at random, each with images of its own. Every call either gives the result that it gives alone, or is refused with the
/// exception that says why; nothing else. And what one thread saves while another trains are the numbers of one step.
/// </summary>
internal sealed class ThreadsCampaign : Campaign
{
    private const int ThreadCount = 4;
    private const int CallsPerRound = 20;
    private const int MostImages = 3;

    public override string Name => "threads";

    public override string Description => "Uses one object, and objects that share its parameters, on several threads: a call gives its right result or says that the object is in use.";

    public override void Run(CampaignRun run)
    {
        while (run.Next(out var random))
        {
            switch (random.Next(10))
            {
                case 0:
                    Save(run, random);
                    break;
                case < 4:
                    ComputeGradients(run, random);
                    break;
                default:
                    Predict(run, random);
                    break;
            }
        }
    }

    private static void Predict(CampaignRun run, Random random)
    {
        var model = SmallNet.Create(random.Next(100));
        var threads = new Thread[ThreadCount];
        for (var i = 0; i < ThreadCount; i++)
        {
            var images = new float[MostImages * SmallNet.InputShape.Length];
            for (var j = 0; j < images.Length; j++)
                images[j] = (2 * random.NextSingle()) - 1;
            var expected = new float[MostImages * SmallNet.OutputLength];
            model.Predict(images, expected, MostImages);
            var seed = random.Next();
            var disposes = i == 0 && random.Next(4) == 0;
            threads[i] = new Thread(() => Use(run, model, images, expected, new Random(seed), disposes));
        }

        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }

    private static void Use(CampaignRun run, SmallNet model, float[] images, float[] expected, Random random, bool disposes)
    {
        var scores = new float[expected.Length];
        SmallNet? own = null;
        for (var call = 0; call < CallsPerRound; call++)
        {
            var count = random.Next(1, MostImages + 1);
            var used = random.Next(4) == 0 ? own ??= model.Share() : model;
            var part = scores.AsSpan(0, count * SmallNet.OutputLength);
            part.Fill(float.NaN);
            try
            {
                if (disposes && call == CallsPerRound / 2)
                {
                    model.Dispose();
                    run.Count("disposals");
                    continue;
                }

                used.Predict(images.AsSpan(0, count * SmallNet.InputShape.Length), part, count);
                run.Count("predictions");
                if (!part.SequenceEqual(expected.AsSpan(0, part.Length)))
                    run.Fault($"Predict of {count} images on one of {ThreadCount} threads gave other scores than alone");
            }
            catch (ObjectDisposedException exception) when (exception.ObjectName == nameof(SmallNet) && used == model)
            {
                run.Count("calls of a disposed object");
            }
            catch (InvalidOperationException exception) when (exception is not ObjectDisposedException && exception.Message.Contains("Share()", StringComparison.Ordinal) && used == model)
            {
                run.Count("refusals");
            }
            catch (Exception exception)
            {
                run.Fault($"Predict of {count} images: {exception.GetType().Name}: {exception.Message}");
            }
        }
    }

    /// <summary>One object and objects over its parameters compute gradients: each by itself, as the parameters' gradients are one.</summary>
    private static void ComputeGradients(CampaignRun run, Random random)
    {
        const int Count = 2;
        var model = LeNet5.Create(random.Next(100));
        var threads = new Thread[ThreadCount];
        for (var i = 0; i < ThreadCount; i++)
        {
            var images = new float[Count * LeNet5.InputShape.Length];
            for (var j = 0; j < images.Length; j++)
                images[j] = (2 * random.NextSingle()) - 1;
            var targets = new float[Count * LeNet5.OutputLength];
            targets[random.Next(LeNet5.OutputLength)] = 1;
            targets[LeNet5.OutputLength + random.Next(LeNet5.OutputLength)] = 1;
            var expected = model.ComputeGradients(images, targets, Count, 1);
            var used = random.Next(2) == 0 ? model : model.Share();
            threads[i] = new Thread(() =>
            {
                for (var call = 0; call < CallsPerRound; call++)
                {
                    try
                    {
                        var loss = used.ComputeGradients(images, targets, Count, 1);
                        run.Count("gradients");
                        if (loss != expected)
                            run.Fault($"ComputeGradients on one of {ThreadCount} threads gave the loss {loss:R} instead of {expected:R}");
                    }
                    catch (InvalidOperationException exception) when (exception is not ObjectDisposedException && exception.Message.Contains("Share()", StringComparison.Ordinal))
                    {
                        run.Count("refusals");
                    }
                    catch (Exception exception)
                    {
                        run.Fault($"ComputeGradients: {exception.GetType().Name}: {exception.Message}");
                    }
                }
            });
        }

        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }

    /// <summary>Saves while a trainer steps with an optimiser that sets all weights to the step's number.</summary>
    private static void Save(CampaignRun run, Random random)
    {
        const int Images = 64;
        var model = LeNet5.Create(1);
        var dataset = new FloatImageDataset(LeNet5.InputShape, new float[Images * LeNet5.InputShape.Length], new int[Images], LeNet5.OutputLength);
        var trainer = new Trainer<LeNet5>(model, new Numbering());
        var batchSize = random.Next(1, 8);
        var training = new Thread(() =>
        {
            try
            {
                trainer.Fit(dataset, 2, batchSize);
            }
            catch (Exception exception)
            {
                run.Fault($"Fit while another thread saves: {exception.GetType().Name}: {exception.Message}");
            }
        });
        training.Start();
        while (training.IsAlive)
        {
            using var stream = new MemoryStream();
            ModelWeights.Save(stream, model.Parameters);
            stream.Position = 0;
            var values = LeNet5.Load(stream).Dense1.Weight.ToArray();
            run.Count("files saved while training");
            if (values.Distinct().Count() != 1 && values.Max() >= 1)
                run.Fault($"a file saved while training has numbers of the steps {string.Join(", ", values.Distinct().Take(5))}");
        }

        training.Join();
    }

    private sealed class Numbering() : Optimizer(1)
    {
        private int _step;

        public override void Step(CnnGen.Runtime.ParameterStore parameters, float learningRate)
        {
            parameters.Values.Fill(++_step);
            parameters.MarkChanged();
        }
    }
}
