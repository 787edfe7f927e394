using CnnGen.Generator.Graph;
using CnnGen.Generator.Planning;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Reference;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// The plans of a network's passes, executed over a batch by what their kernels mean, and compared with the interpreter. What a run leaves in memory is spoilt before the run that counts.
/// </summary>
/// <param name="network">The network, with the passes that are to be compared.</param>
/// <param name="seed">Decides numbers, sizes, orders, and which results the caller asks for.</param>
internal sealed class PlanRun(Network network, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _wrong = [];
    private double[] _parameters = [];

    /// <summary>The plan; a test may put a changed one in its place.</summary>
    public ModelPlan Plan { get; } = ModelPlan.Create(network);

    /// <summary>A change of the prediction's program, of which the tests of the executor are.</summary>
    public Func<PlanProgram, PlanProgram> Prediction { get; init; } = program => program;

    /// <summary>A change of the training step's program.</summary>
    public Func<PlanProgram, PlanProgram> Training { get; init; } = program => program;

    /// <summary>Where the prediction's buffers lie, if elsewhere.</summary>
    public Func<ArenaLayout, IArenaPlaces> Places { get; init; } = arena => new ArenaPlaces(arena);

    /// <summary>Where the training step's buffers lie, if elsewhere.</summary>
    public Func<PlanBuffer, int>? TrainingPlaces { get; init; }

    /// <summary>What differs, in words; empty where nothing does.</summary>
    public static IReadOnlyList<string> Wrong(Network network, int seed)
    {
        try
        {
            return new PlanRun(network, seed).Compare();
        }
        catch (Exception exception)
        {
            return [exception.ToString()];
        }
    }

    public IReadOnlyList<string> Compare()
    {
        var count = _random.Next(2, 6);
        var expected = Expected.Random(network, count, seed);
        _parameters = Packed(expected.Parameters);
        ComparePrediction(expected);
        if (network.IsTrainable)
            CompareTraining(expected);
        if (network.IsExplainable)
            CompareExplanation(expected);
        return _wrong;
    }

    private Scheduler NewScheduler() => new(new Random(_random.Next()), _random.Next(1, 4));

    private void ComparePrediction(Expected expected)
    {
        var executor = new PredictionExecutor(Prediction(Plan.Prediction), Places(Plan.Arena), NewScheduler());
        var caller = Caller(expected, [.. _parameters]);
        executor.Prepare(caller);
        executor.RunShared(caller);
        Check("predictions of one image on several threads", expected.Predictions, caller.Scores!);
        Array.Fill(caller.Scores!, double.NaN);
        executor.Run(caller, _random.Next(1, expected.Count + 1));
        Check("predictions", expected.Predictions, caller.Scores!);
    }

    private void CompareTraining(Expected expected)
    {
        var program = Training(Plan.Training);
        var executor = new BatchExecutor(Plan.TrainingBuffers, NewScheduler(), expected.Count + _random.Next(2), _random.Next(1, 4), TrainingPlaces);
        var gradients = new double[Plan.Parameters.TrainedLength];

        // A step before this one, over other images: it leaves numbers everywhere.
        var before = Caller(expected, [.. _parameters], gradients, Rotated(expected.Images), expected.DropoutSeed + 1);
        executor.Run(program, before);
        executor.Spoil();
        BatchExecutor.Spoil(gradients);
        var caller = Caller(expected, [.. _parameters], gradients);
        executor.Run(program, caller);

        var training = expected.Training;
        if (caller.Scores is { } scores)
            Check("outputs in training", training.Outputs, scores);
        Check("loss", [[training.Loss]], [caller.Losses.Sum() / expected.Count]);
        var largest = training.ParameterGradients.Values.Concat(training.ImageGradients).SelectMany(g => g).Select(Math.Abs).DefaultIfEmpty(0).Max();
        if (caller.ImageGradients is { } imageGradients)
            Check("image gradients", training.ImageGradients, imageGradients, largest);
        foreach (var plan in Plan.Parameters.All.Where(plan => plan.Spec.IsTrained))
            Check("gradient of " + plan.Name, [training.ParameterGradients[plan.Name]], Logical(plan, gradients), largest);
        foreach (var (name, statistic) in training.RunningStatistics)
            Check(name, [statistic], Logical(Plan.Parameters.All.Single(plan => plan.Name == name), caller.Parameters));
        var unused = gradients.Count(g => g != 0) - Plan.Parameters.All.Where(plan => plan.Spec.IsTrained).Sum(plan => Logical(plan, gradients).Count(g => g != 0));
        if (unused != 0)
            _wrong.Add($"{unused} numbers of gradients that are no gradients and not 0");
    }

    private void CompareExplanation(Expected expected)
    {
        var explanation = Plan.Explanation!;
        var executor = new BatchExecutor(Plan.ExplanationBuffers, NewScheduler(), expected.Count + _random.Next(2), _random.Next(1, 4));
        var part = _random.Next(1, network.Nodes.Count);
        executor.Run(explanation.Forward, Explaining(part, part, []));
        executor.Spoil();

        var seeded = _random.Next(1, network.Nodes.Count);
        var begin = expected.Images.Select(_ => NetworkFactory.RandomNumbers(network.Nodes[seeded].OutputShape.Length, _random)).ToArray();
        var (outputs, gradients) = new ReferenceInterpreter(network, expected.Parameters).Explain(expected.Images, seeded, begin);
        executor.Run(explanation.Forward, Explaining(network.Nodes.Count - 1, seeded, []));
        executor.Run(explanation.Backward, Explaining(network.Nodes.Count - 1, seeded, [.. begin.SelectMany(numbers => numbers)]));
        var largest = gradients.SelectMany(batch => batch).SelectMany(g => g).Select(Math.Abs).DefaultIfEmpty(0).Max();
        foreach (var reading in explanation.Readings)
        {
            var node = network.Nodes[reading.Node];
            var result = new double[expected.Count * node.OutputShape.Length];
            executor.RunChunks([reading.Step], Explaining(network.Nodes.Count - 1, seeded, [], result));
            if (reading.IsGradient)
                Check($"the gradient by {node.Name} from {network.Nodes[seeded].Name} on", gradients[node.Index], result, largest);
            else
                Check("what " + node.Name + " computes", outputs[node.Index], result);
        }

        Caller Explaining(int last, int layer, double[] seed, double[]? result = null) => new()
        {
            Images = Flat(expected.Images),
            Parameters = _parameters,
            Seed = seed,
            Result = result ?? [],
            Count = expected.Count,
            Last = last,
            Layer = layer,
        };
    }

    private Caller Caller(Expected expected, double[] parameters, double[]? gradients = null, double[][]? images = null, ulong? dropoutSeed = null) => new()
    {
        Images = Flat(images ?? expected.Images),
        Targets = Flat(expected.Targets),
        Scores = gradients is null || _random.Next(4) > 0 ? new double[expected.Count * Plan.OutputLength] : null,
        ImageGradients = gradients is not null && _random.Next(4) > 0 ? new double[expected.Count * Plan.InputLength] : null,
        Parameters = parameters,
        Gradients = gradients ?? [],
        Losses = new double[expected.Count],
        Count = expected.Count,
        DropoutSeed = dropoutSeed ?? expected.DropoutSeed,
    };

    private static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];

    private static double[][] Rotated(double[][] rows) => [.. rows.Skip(1), rows[0]];

    /// <summary>Parameters where the plan has them.</summary>
    private double[] Packed(IReadOnlyDictionary<string, double[]> parameters)
    {
        var packed = new double[Plan.Parameters.TotalLength];
        foreach (var plan in Plan.Parameters.All)
        {
            var numbers = parameters[plan.Name];
            for (var i = 0; i < numbers.Length; i++)
                packed[plan.Offset + Meanings.Digits.Place(plan.Axes, i)] = numbers[i];
        }

        return packed;
    }

    /// <summary>A parameter's numbers in its logical order.</summary>
    private static double[] Logical(ParameterPlan plan, double[] packed) =>
        [.. Enumerable.Range(0, (int)plan.Spec.Length).Select(i => packed[plan.Offset + Meanings.Digits.Place(plan.Axes, i)])];

    /// <summary>Compares numbers, relative to the largest of them (or to the scale where that is larger).</summary>
    private void Check(string what, double[][] expected, double[] actual, double scale = 0)
    {
        var (largest, difference, i) = (scale, 0.0, 0);
        foreach (var number in expected.SelectMany(row => row))
        {
            largest = Math.Max(largest, Math.Abs(number));
            var off = Math.Abs(number - actual[i++]);
            difference = double.IsNaN(off) ? double.PositiveInfinity : Math.Max(difference, off);
        }

        if (i != actual.Length)
            _wrong.Add($"{what}: {i} numbers expected, {actual.Length} computed");
        else if (difference > Tolerance * largest)
            _wrong.Add(FormattableString.Invariant($"{what}: off by {difference / largest:E2}"));
    }

    private const double Tolerance = 1e-9;
}
