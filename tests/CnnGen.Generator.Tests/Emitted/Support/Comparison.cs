using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>One training step and one prediction, by the oracle: what emitted code must agree with.</summary>
internal sealed record Expected(
    IReadOnlyDictionary<string, double[]> Parameters,
    double[][] Images,
    double[][] Targets,
    ulong DropoutSeed,
    double[][] Predictions,
    TrainingResult Training)
{
    public int Count => Images.Length;

    /// <summary>Lets the reference interpreter compute a random batch with random parameters.</summary>
    public static Expected Random(Network network, int count, int seed)
    {
        var random = new Random(seed);
        var parameters = NetworkFactory.RandomParameters(network, random);
        var images = Enumerable.Range(0, count).Select(_ => NetworkFactory.RandomNumbers(network.Input.OutputShape.Length, random)).ToArray();
        var outputs = network.Output.OutputShape.Length;
        var targets = images.Select(_ => network.Loss == LossKind.CrossEntropy
            ? OneHot(outputs, random.Next((int)outputs))
            : NetworkFactory.RandomNumbers(outputs, random)).ToArray();
        return Of(network, parameters, images, targets, (ulong)seed);
    }

    public static Expected Of(
        Network network, IReadOnlyDictionary<string, double[]> parameters, double[][] images, double[][] targets, ulong dropoutSeed)
    {
        var interpreter = new ReferenceInterpreter(network, parameters);
        return new Expected(
            parameters,
            images,
            targets,
            dropoutSeed,
            Array.ConvertAll(images, interpreter.Predict),
            interpreter.Train(images, targets, Agreement.MaskOf(network, dropoutSeed)));
    }

    /// <summary>The same step with every number moved by about a float's rounding: how much the results move then is what no float computation can be held to.</summary>
    public Expected Nudged(Network network, int seed)
    {
        var random = new Random(seed);
        double[] Nudge(double[] numbers) => Array.ConvertAll(numbers, n => n * (1 + ((random.Next(2) == 0 ? 1 : -1) * Math.ScaleB(1, -22))));
        return Of(
            network, Parameters.ToDictionary(p => p.Key, p => Nudge(p.Value)), Array.ConvertAll(Images, Nudge), Targets, DropoutSeed);
    }

    private static double[] OneHot(long length, int label)
    {
        var target = new double[length];
        target[label] = 1;
        return target;
    }
}

/// <summary>One number of a comparison.</summary>
internal readonly record struct Measured(string What, double Error, double Allowed)
{
    public bool IsWrong => !(Error <= Allowed);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}: off by {Error:E2}, {Allowed:E0} is allowed");
}

/// <summary>Emitted code against the oracle.</summary>
internal static class Comparison
{
    public static void AssertAgrees(EmittedModel model, Expected expected, InstructionSet set, string context = "")
    {
        var wrong = Measure(model, expected, set).Where(m => m.IsWrong).ToList();
        Assert.True(wrong.Count == 0, $"On {set}:\n{string.Join("\n", wrong)}\n{context}");
    }

    /// <summary>Predicts and trains, and measures every number that comes out.</summary>
    public static IReadOnlyList<Measured> Measure(EmittedModel model, Expected expected, InstructionSet set)
    {
        var measured = new List<Measured>();
        var images = expected.Images.Flat();
        model.InstructionSet = set;
        model.SetParameters(expected.Parameters);
        measured.Add(new("predictions", Error(expected.Predictions, model.Predict(images, expected.Count)), Agreement.Forward));
        measured.Add(new("prediction of one image", Agreement.Error(expected.Predictions[0], model.Predict(expected.Images[0].ToFloats())), Agreement.Forward));

        var training = expected.Training;
        var scores = new float[expected.Count * model.OutputLength];
        var imageGradients = new float[images.Length];
        var loss = model.ComputeGradients(images, expected.Targets.Flat(), expected.Count, expected.DropoutSeed, scores, imageGradients);
        measured.Add(new("outputs in training", Error(training.Outputs, scores), Agreement.Forward));
        measured.Add(new("loss", Agreement.Error([training.Loss], [(float)loss]), Agreement.Forward));

        // A gradient that is zero but for rounding (a bias before a batch norm) is as exact as the largest one.
        var scale = GradientFloor * training.ParameterGradients.Values.Append(training.ImageGradients.SelectMany(g => g).ToArray())
            .SelectMany(g => g).Select(Math.Abs).DefaultIfEmpty(0).Max();
        measured.Add(new("image gradients", Error(training.ImageGradients, imageGradients, scale), Agreement.Backward));
        foreach (var (name, gradient) in training.ParameterGradients)
            measured.Add(new("gradient of " + name, Agreement.Error(gradient, model.Parameters[name].GradientToArray(), scale), Agreement.Backward));
        foreach (var (name, statistic) in training.RunningStatistics)
            measured.Add(new(name, Agreement.Error(statistic, model.Parameters[name].ToArray()), Agreement.Forward));

        // Weights' unused lanes feed zeros into sums: they must be zero and stay so, or an optimiser carries them away.
        measured.Add(new("sum of the gradients' unused lanes", UnusedLanes(model), 0));
        return measured;
    }

    private const double GradientFloor = 1e-2;

    private static double Error(double[][] expected, float[] actual, double scale = 0) =>
        Agreement.Error([.. expected.SelectMany(row => row)], actual, scale);

    /// <summary>What is in the gradients' memory beside the gradients themselves.</summary>
    private static double UnusedLanes(EmittedModel model)
    {
        double all = 0;
        foreach (var gradient in model.Parameters.Gradients)
            all += gradient == 0 ? 0 : 1;
        foreach (var parameter in model.Parameters.All.Where(p => p.IsTrained))
            all -= parameter.GradientToArray().Count(g => g != 0);
        return all;
    }
}
