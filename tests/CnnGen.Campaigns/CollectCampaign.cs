using CnnGen.Runtime;

namespace CnnGen.Campaigns;

/// <summary>
/// Uses models in expressions that leave nothing of them reachable while the collector runs all the time on other threads: freed memory under a call shows as a
/// wrong number, or as the end of the process.
/// </summary>
internal sealed class CollectCampaign : Campaign
{
    private const int Seed = 5;

    private readonly float[] _image = new float[LeNet5.InputShape.Length];
    private readonly float[] _scores = new float[LeNet5.OutputLength];
    private readonly float[] _smallImages = new float[8 * SmallNet.InputShape.Length];
    private readonly float[] _smallTargets = new float[8 * SmallNet.OutputLength];
    private readonly float[] _expectedScores = new float[LeNet5.OutputLength];
    private float[] _expectedWeights = [];
    private float[] _expectedValues = [];
    private float[] _expectedGradients = [];
    private double _expectedLoss;

    public override string Name => "collect";

    public override string Description => "Predicts, trains and reads parameters of objects that nothing else holds, while other threads allocate and collect.";

    public override void Run(CampaignRun run)
    {
        Prepare();
        using var stop = new CancellationTokenSource();
        var others = new[] { new Thread(() => Allocate(stop.Token)), new Thread(() => Collect(stop.Token)) };
        foreach (var thread in others)
            thread.Start();
        try
        {
            while (run.Next(out var random))
                Round(run, random);
        }
        finally
        {
            stop.Cancel();
            foreach (var thread in others)
                thread.Join();
        }
    }

    private void Prepare()
    {
        var random = new Random(3);
        foreach (var values in new[] { _image, _smallImages })
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = (2 * random.NextSingle()) - 1;
        }

        for (var i = 0; i < 8; i++)
            _smallTargets[(i * SmallNet.OutputLength) + (i % SmallNet.OutputLength)] = 1;
        using var model = LeNet5.Create(Seed);
        model.Predict(_image, _expectedScores);
        _expectedWeights = model.Dense1.Weight.ToArray();
        _expectedValues = model.Parameters.Values.ToArray();
        using var small = SmallNet.Create(Seed);
        _expectedLoss = small.ComputeGradients(_smallImages, _smallTargets, 8, 7);
        _expectedGradients = small.Parameters.Gradients.ToArray();
        GC.KeepAlive(model);
        GC.KeepAlive(small);
    }

    private void Round(CampaignRun run, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                LeNet5.Create(Seed).Predict(_image, _scores);
                Compare(run, "Create().Predict", _expectedScores, _scores);
                break;
            case 1:
                LeNet5.Create(Seed).Share().Predict(_image, _scores);
                Compare(run, "Create().Share().Predict", _expectedScores, _scores);
                break;
            case 2:
                Compare(run, "Create().Dense1.Weight.ToArray", _expectedWeights, LeNet5.Create(Seed).Dense1.Weight.ToArray());
                break;
            case 3:
                var index = random.Next(_expectedWeights.Length);
                Compare(run, "Create().Dense1.Weight[i]", [_expectedWeights[index]], [LeNet5.Create(Seed).Dense1.Weight[index]]);
                break;
            case 4:
                var values = LeNet5.Create(Seed).Parameters.Values;
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Compare(run, "Create().Parameters.Values", _expectedValues, values);
                break;
            case 5:
                Train(out var loss, out var gradients);
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Compare(run, "ComputeGradients, Parameters.Gradients", _expectedGradients, gradients);
                Compare(run, "ComputeGradients' loss", [(float)_expectedLoss], [(float)loss]);
                break;
            case 6:
                var weight = LeNet5.Create(Seed).Dense1.Weight;
                GC.Collect();
                GC.WaitForPendingFinalizers();
                var copy = new float[weight.Length];
                weight.CopyTo(copy);
                Compare(run, "Weight.CopyTo", _expectedWeights, copy);
                break;
            default:
                new Sgd(0.01f, momentum: 0.9f).Step(Stepped());
                break;
        }

        run.Count("calls");
    }

    private void Train(out double loss, out Span<float> gradients)
    {
        var model = SmallNet.Create(Seed);
        loss = model.ComputeGradients(_smallImages, _smallTargets, 8, 7);
        gradients = model.Parameters.Gradients;
    }

    private ParameterStore Stepped()
    {
        var model = SmallNet.Create(Seed);
        model.ComputeGradients(_smallImages, _smallTargets, 8, 7);
        return model.Parameters;
    }

    private static void Compare(CampaignRun run, string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
        {
            run.Fault($"{what}: {actual.Length} numbers instead of {expected.Length}");
            return;
        }

        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                run.Fault($"{what}: number {i} is {actual[i]:R} instead of {expected[i]:R}");
                return;
            }
        }
    }

    /// <summary>Native memory that was freed is handed out again here, with other numbers in it.</summary>
    private static unsafe void Allocate(CancellationToken stop)
    {
        var random = new Random(1);
        while (!stop.IsCancellationRequested)
        {
            var length = 1 << random.Next(10, 20);
            var block = (float*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)length, sizeof(float));
            new Span<float>(block, length).Fill(float.NaN);
            System.Runtime.InteropServices.NativeMemory.Free(block);
            GC.KeepAlive(new byte[random.Next(1000, 100_000)]);
        }
    }

    private static void Collect(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
