namespace CnnGen.Campaigns;

/// <summary>
/// Several threads call one object at random, each with images of its own. Every call either gives the result that it gives alone, or is refused with the
/// exception that says why; nothing else.
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
            Round(run, random);
    }

    private static void Round(CampaignRun run, Random random)
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
}
