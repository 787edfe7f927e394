using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Memory;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Reference.Layers;

namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// The plans of a network's passes, executed over a batch by what their kernels mean, and compared with the interpreter. What a run leaves in memory is spoilt
/// before the run that counts.
/// </summary>
/// <param name="network">The network, with the passes that are to be compared.</param>
/// <param name="seed">Decides numbers, sizes, orders, and which results the caller asks for.</param>
internal sealed class PlanRun(Network network, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _wrong = [];
    private readonly List<Difference> _differences = [];
    private (int Seeded, double[][] Begin) _explained;
    private double[] _parameters = [];

    /// <summary>The plan; a test may put a changed one in its place.</summary>
    public ModelPlan Plan { get; init; } = ModelPlan.Create(network);

    /// <summary>A change of the prediction's program, of which the tests of the executor are.</summary>
    public Func<PlanProgram, PlanProgram> Prediction { get; init; } = program => program;

    /// <summary>A change of the training step's program.</summary>
    public Func<PlanProgram, PlanProgram> Training { get; init; } = program => program;

    /// <summary>Where the prediction's buffers lie, if elsewhere.</summary>
    public Func<ArenaLayout, IArenaPlaces> Places { get; init; } = arena => new ArenaPlaces(arena);

    /// <summary>Where the training step's buffers lie, if elsewhere.</summary>
    public Func<PlanBuffer, int>? TrainingPlaces { get; init; }

    /// <summary>Whether the caller asks for all that a step may give; otherwise chance decides.</summary>
    public bool AsksForAll { get; init; }

    /// <summary>The kernels of the plan's programs.</summary>
    public IEnumerable<Kernel> Kernels => Plan.Features.Prepend(Plan.Outputs).SelectMany(prediction => prediction.Steps)
        .Concat(Plan.Training.Steps).Concat(Plan.Explanation?.Steps ?? [])
        .Select(step => step.Call.Kernel).OfType<Kernel>();

    /// <summary>What differs, in words; empty where nothing does.</summary>
    public IReadOnlyList<string> Wrong()
    {
        try
        {
            return Compare();
        }
        catch (Exception exception)
        {
            return [exception.ToString()];
        }
    }

    private IReadOnlyList<string> Compare()
    {
        var count = _random.Next(2, 5);
        var expected = Expected.Random(network, count, seed);
        _parameters = Packed(expected.Parameters);
        ComparePrediction(expected);
        CompareFeatures(expected);
        if (network.IsTrainable)
            CompareTraining(expected);
        if (network.IsExplainable)
            CompareExplanation(expected);
        if (_differences.Count > 0)
            _wrong.AddRange(Unexplained(expected));
        return _wrong;
    }

    /// <summary>Numbers that differ by more than they may.</summary>
    private sealed record Difference(string What, double[] Expected, double Largest, double Error);

    /// <summary>
    /// The differences that are larger than what rounding every layer's numbers to floats brings about in the interpreter itself: at a maximum of two that are
    /// equal but for rounding, at the kink of a
    /// ReLU, or where a norm divides by a deviation close to zero.
    /// </summary>
    private IEnumerable<string> Unexplained(Expected expected)
    {
        const int Trials = 4;
        var trials = new Lazy<List<Dictionary<string, double[]>>>(() => [.. Enumerable.Range(1, Trials).Select(trial => Rounded(expected, trial))]);
        foreach (var difference in _differences)
        {
            if (double.IsInfinity(difference.Error))
            {
                yield return FormattableString.Invariant($"{difference.What}: off by {difference.Error / difference.Largest:E2}");
                continue;
            }

            var reachable = trials.Value.Max(trial => difference.Expected.Zip(trial[difference.What], (a, b) => Math.Abs(a - b)).Max());
            var (error, moved) = (difference.Error / difference.Largest, reachable / difference.Largest);
            if (!(difference.Error <= 10 * reachable))
                yield return FormattableString.Invariant($"{difference.What}: off by {error:E2}; rounding moves them by {moved:E2}");
        }
    }

    /// <summary>What the interpreter computes with each layer's numbers rounded, by what it is.</summary>
    private Dictionary<string, double[]> Rounded(Expected expected, int trial)
    {
        var rounded = expected.Rounded(network, trial);
        var training = rounded.Training;
        var numbers = new Dictionary<string, double[]>
        {
            [Shared] = Flat(rounded.Predictions),
            [Predictions] = Flat(rounded.Predictions),
            [TrainingOutputs] = Flat(training.Outputs),
            [Loss] = [training.Loss],
            [ImageGradients] = Flat(training.ImageGradients),
        };
        foreach (var (name, gradient) in training.ParameterGradients)
            numbers[GradientOf(name)] = gradient;
        foreach (var (name, statistic) in training.RunningStatistics)
            numbers[name] = statistic;
        var random = new Random(trial);
        if (network.Features.Count > 0)
        {
            var predicting = new ReferenceInterpreter(network, expected.Parameters, (node, mode) => new RoundingLayer(
                ReferenceLayer.Create(node, new ParametersOfNode(node, expected.Parameters), mode), node.Layer is BatchNormLayer, random));
            var all = Array.ConvertAll(expected.Images, predicting.PredictAll);
            foreach (var node in network.Features)
                numbers[FeaturesOf(network.Nodes[node])] = Flat(Array.ConvertAll(all, outputs => outputs[node]));
        }

        if (!network.IsExplainable)
            return numbers;
        var interpreter = new ReferenceInterpreter(network, expected.Parameters, (node, mode) => new RoundingLayer(
            ReferenceLayer.Create(node, new ParametersOfNode(node, expected.Parameters), mode), node.Layer is BatchNormLayer, random));
        var (outputs, gradients) = interpreter.Explain(expected.Images, _explained.Seeded, _explained.Begin);
        foreach (var node in network.Nodes)
        {
            numbers[OutputOf(node)] = Flat(outputs[node.Index]);
            numbers[GradientBy(node)] = Flat(gradients[node.Index]);
        }

        return numbers;
    }

    private const string Shared = "predictions of one image on several threads";
    private const string Predictions = "predictions";
    private const string TrainingOutputs = "outputs in training";
    private const string Loss = "loss";
    private const string ImageGradients = "image gradients";

    private static string GradientOf(string parameter) => "gradient of " + parameter;

    private static string FeaturesOf(Node node) => "the features of " + node.Name;

    private static string OutputOf(Node node) => "what " + node.Name + " computes";

    private static string GradientBy(Node node) => "the gradient by what " + node.Name + " computes";

    private Scheduler NewScheduler() => new(new Random(_random.Next()), _random.Next(1, 4));

    private void ComparePrediction(Expected expected)
    {
        var executor = new PredictionExecutor(Prediction(Plan.Prediction), Places(Plan.Arena), NewScheduler());
        var caller = Caller(expected, [.. _parameters]);
        executor.Prepare(caller);
        executor.RunShared(caller);
        Check(Shared, expected.Predictions, Outputs(caller.Scores!));
        Array.Fill(caller.Scores!, double.NaN);
        executor.Run(caller, _random.Next(1, expected.Count + 1));
        Check(Predictions, expected.Predictions, Outputs(caller.Scores!));
    }

    /// <summary>Each layer's features, by a prediction that ends there.</summary>
    private void CompareFeatures(Expected expected)
    {
        if (Plan.Features.Count == 0)
            return;
        var interpreter = new ReferenceInterpreter(network, expected.Parameters);
        var all = Array.ConvertAll(expected.Images, interpreter.PredictAll);
        foreach (var features in Plan.Features)
        {
            var executor = new PredictionExecutor(features.Program, Places(features.Arena), NewScheduler());
            var caller = new Caller
            {
                Images = Outer(network.Input, expected.Images),
                Scores = new double[expected.Count * features.OutputLength],
                Parameters = [.. _parameters],
                Count = expected.Count,
            };
            executor.Prepare(caller);
            var expectedHere = Array.ConvertAll(all, outputs => outputs[features.End.Index]);
            executor.RunShared(caller);
            Compare();
            Array.Fill(caller.Scores!, double.NaN);
            executor.Run(caller, _random.Next(1, expected.Count + 1));
            Compare();

            void Compare() => Check(FeaturesOf(features.End), expectedHere, Interleaving.Inner<double>(network, features.End.OutputShape, caller.Scores!));
        }
    }

    private void CompareTraining(Expected expected)
    {
        var program = Training(Plan.Training);
        var executor = new BatchExecutor(Plan.TrainingBuffers, NewScheduler(), expected.Count + _random.Next(2), _random.Next(1, 4), TrainingPlaces);
        var gradients = new double[Plan.Parameters.TrainedLength];

        // A step before this one, over other images: it leaves numbers everywhere.
        executor.Run(program, Caller(expected, [.. _parameters], gradients, Rotated(expected.Images), expected.DropoutSeed + 1));
        executor.Spoil();
        BatchExecutor.Spoil(gradients);
        var caller = Caller(expected, [.. _parameters], gradients);
        executor.Run(program, caller);

        var training = expected.Training;
        if (caller.Scores is { } scores)
            Check(TrainingOutputs, training.Outputs, Outputs(scores));
        Check(Loss, [[training.Loss]], [caller.Losses.Sum() / expected.Count]);
        var largest = training.ParameterGradients.Values.Concat(training.ImageGradients).SelectMany(g => g).Select(Math.Abs).DefaultIfEmpty(0).Max();
        if (caller.ImageGradients is { } imageGradients)
            Check(ImageGradients, training.ImageGradients, Interleaving.Inner<double>(network, network.Input.OutputShape, imageGradients), largest);
        foreach (var plan in Plan.Parameters.All.Where(plan => plan.Spec.IsTrained))
            Check(GradientOf(plan.Name), [training.ParameterGradients[plan.Name]], Logical(plan, gradients), largest);
        foreach (var (name, statistic) in training.RunningStatistics)
            Check(name, [statistic], Logical(Plan.Parameters.All.Single(plan => plan.Name == name), caller.Parameters));
        var used = Plan.Parameters.All.Where(plan => plan.Spec.IsTrained).Sum(plan => Logical(plan, gradients).Count(g => g != 0));
        var unused = gradients.Count(g => g != 0) - used;
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
        _explained = (seeded, begin);
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
                Check(GradientBy(node), gradients[node.Index], Kept(node, result), largest);
            else
                Check(OutputOf(node), outputs[node.Index], Kept(node, result));
        }

        // The image lies as the caller's, what layers compute C x H x W.
        double[] Kept(Node node, double[] result) => node.Index == 0 ? Interleaving.Inner<double>(network, node.OutputShape, result) : result;

        Caller Explaining(int last, int layer, double[] seed, double[]? result = null) => new()
        {
            Images = Outer(network.Input, expected.Images),
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
        Images = Outer(network.Input, images ?? expected.Images),
        Targets = Outer(network.Output, expected.Targets),
        Scores = gradients is null || Asks() ? new double[expected.Count * Plan.OutputLength] : null,
        ImageGradients = gradients is not null && Asks() ? new double[expected.Count * Plan.InputLength] : null,
        Parameters = parameters,
        Gradients = gradients ?? [],
        Losses = new double[expected.Count],
        Count = expected.Count,
        DropoutSeed = dropoutSeed ?? expected.DropoutSeed,
    };

    private bool Asks() => _random.Next(4) > 0 || AsksForAll;

    private static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];

    /// <summary>A node's numbers as the caller has them.</summary>
    private double[] Outer(Node node, double[][] rows) => Interleaving.Outer<double>(network, node.OutputShape, Flat(rows));

    /// <summary>The caller's outputs in the interpreter's order.</summary>
    private double[] Outputs(double[] scores) => Interleaving.Inner<double>(network, network.Output.OutputShape, scores);

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
        var numbers = Flat(expected);
        if (numbers.Length != actual.Length)
        {
            _wrong.Add($"{what}: {numbers.Length} numbers expected, {actual.Length} computed");
            return;
        }

        var (largest, error) = (scale, 0.0);
        for (var i = 0; i < numbers.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(numbers[i]));
            var off = Math.Abs(numbers[i] - actual[i]);
            error = double.IsNaN(off) ? double.PositiveInfinity : Math.Max(error, off);
        }

        if (error > Tolerance * largest)
            _differences.Add(new Difference(what, numbers, largest, error));
    }

    /// <summary>
    /// Doubles have 1e-16 of relative rounding. Where a layer's numbers are given to kernels as floats (1 / 6, say), what is computed is as far from the
    /// interpreter's as a float is from them.
    /// </summary>
    private double Tolerance { get; } = network.Nodes.Any(node => HasRoundedNumbers(node.Layer)) ? 2e-6 : 1e-9;

    private static bool HasRoundedNumbers(Layer layer) => layer switch
    {
        ActivationLayer { Function: ActivationKind.HardSwish or ActivationKind.HardSigmoid or ActivationKind.SELU } => true,
        ActivationLayer { Function: ActivationKind.GELU or ActivationKind.GELUTanh or ActivationKind.Softplus } => true,
        UpsampleLayer upsample => upsample.Mode == ResizeKind.Bilinear,
        JoinLayer or AdaptiveAveragePoolLayer or SpectralPoolLayer or LpPoolLayer or MixedPoolLayer => true,
        _ => false,
    };
}
