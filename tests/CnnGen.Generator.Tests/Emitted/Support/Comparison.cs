using System.Globalization;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Reference.Layers;
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

    /// <summary>The regions of each image, four numbers each; none where the model takes none.</summary>
    public double[][] Regions { get; init; } = [];

    /// <summary>Lets the reference interpreter compute a random batch with random parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="count">The images of the batch.</param>
    /// <param name="seed">Decides all numbers.</param>
    public static Expected Random(Network network, int count, int seed)
    {
        var random = new Random(seed);
        var parameters = NetworkFactory.RandomParameters(network, random);
        var images = Enumerable.Range(0, count).Select(_ => NetworkFactory.RandomNumbers(network.Input.OutputShape.Length, random)).ToArray();
        var outputs = network.Output.OutputShape.Length;
        var targets = images.Select(_ => network.Loss switch
        {
            LossKind.CrossEntropy => OneHot(network.Output.OutputShape, random),
            LossKind.ClassesAndBoxes => [.. OneHot(network.Output.OutputShape.WithChannels(network.Output.OutputShape.Channels / 5), random), .. NetworkFactory.RandomNumbers(outputs / 5 * 4, random, 3)],
            _ => NetworkFactory.RandomNumbers(outputs, random),
        }).ToArray();
        var regions = network.Regions == 0 ? [] : images.Select(_ => RandomRegions(network, random)).ToArray();
        foreach (var (target, regionsOfImage) in targets.Zip(regions))
            ClearEmpty(network, target, regionsOfImage);
        return Of(network, parameters, images, regions, targets, (ulong)seed);
    }

    private static Expected Of(
        Network network,
        IReadOnlyDictionary<string, double[]> parameters,
        double[][] images,
        double[][] regions,
        double[][] targets,
        ulong dropoutSeed)
    {
        var interpreter = new ReferenceInterpreter(network, parameters) { Regions = ByImage(images, regions) };
        return new Expected(
            parameters,
            images,
            targets,
            dropoutSeed,
            Array.ConvertAll(images, interpreter.Predict),
            interpreter.Train(images, targets, Agreement.MaskOf(network, dropoutSeed))) { Regions = regions };
    }

    public static Dictionary<double[], double[]> ByImage(double[][] images, double[][] regions) => images.Zip(regions).ToDictionary(pair => pair.First, pair => pair.Second);

    /// <summary>Regions within the image and over its border, one in five empty; quarters of pixels, which floats have exactly.</summary>
    public static double[] RandomRegions(Network network, Random random)
    {
        var (height, width) = (network.Input.OutputShape.Height, network.Input.OutputShape.Width);
        var numbers = new List<double>();
        for (var i = 0; i < network.Regions; i++)
        {
            var (x1, y1) = (random.Next(-2 * width, 4 * width) / 4.0, random.Next(-2 * height, 4 * height) / 4.0);
            var (w, h) = (random.Next(1, 4 * width) / 4.0, random.Next(1, 4 * height) / 4.0);
            numbers.AddRange(random.Next(5) > 0 ? [x1, y1, x1 + w, y1 + h] : new[] { new double[4], [x1, y1, x1, y1 + h], [x1, y1 + h, x1 + w, y1], [double.NaN, y1, x1 + w, y1 + h] }[random.Next(4)]);
        }

        return [.. numbers];
    }

    /// <summary>Of an empty region nothing is wanted, where an output is a row for each region.</summary>
    private static void ClearEmpty(Network network, double[] target, double[] regions)
    {
        for (var i = 0; i < target.Length && network.Output.OutputShape.IsRegions; i++)
        {
            var region = i % network.Regions * 4;
            if (!(regions[region + 2] > regions[region] && regions[region + 3] > regions[region + 1]))
                target[i] = 0;
        }
    }

    /// <summary>The same step where every number that a layer hands on is off by a float's rounding.</summary>
    public Expected Rounded(Network network, int seed)
    {
        var random = new Random(seed);
        ReferenceLayer Rounding(Node node, PassMode mode) => new RoundingLayer(
            ReferenceLayer.Create(node, new ParametersOfNode(node, Parameters), mode with { Mask = Agreement.MaskOf(network, DropoutSeed) }),
            isBatchNorm: node.Layer is BatchNormLayer,
            random);
        var predicting = new ReferenceInterpreter(network, Parameters, Rounding) { Regions = ByImage(Images, Regions) };
        var training = new ReferenceInterpreter(network, Parameters, Rounding) { Regions = ByImage(Images, Regions) };
        return this with { Predictions = Array.ConvertAll(Images, predicting.Predict), Training = training.Train(Images, Targets) };
    }

    /// <summary>A class at each pixel, but that one in four has none.</summary>
    private static double[] OneHot(TensorShape shape, Random random)
    {
        var target = new double[shape.Length];
        var pixels = shape.IsVector ? 1 : shape.Height * shape.Width;
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            if (pixels == 1 || random.Next(4) > 0)
                target[(random.Next(shape.Channels) * pixels) + pixel] = 1;
        }

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
        var wrong = Wrong(model, expected, set);
        Assert.True(wrong.Count == 0, $"On {set}:\n{string.Join("\n", wrong)}\n{context}");
    }

    /// <summary>
    /// The numbers that are further off than they may be, and further than rounding every layer's numbers moves the oracle itself: at a maximum of two
    /// that are nearly equal, at the kink of a ReLU, or where a batch norm divides by a deviation close to zero.
    /// </summary>
    public static IReadOnlyList<Measured> Wrong(EmittedModel model, Expected expected, InstructionSet set)
    {
        var measured = Measure(model, expected, set);
        if (!measured.Any(m => m.IsWrong))
            return [];
        var reachable = Conditioning.Of(model.Network, expected);
        return [.. measured.Where((m, i) => !(m.Error <= m.Allowed + (10 * reachable[i])))];
    }

    /// <summary>Predicts and trains, and measures every number that comes out.</summary>
    public static IReadOnlyList<Measured> Measure(EmittedModel model, Expected expected, InstructionSet set)
    {
        var images = expected.Images.Flat();
        model.InstructionSet = set;
        model.SetParameters(expected.Parameters);
        model.Regions = [.. expected.Regions.SelectMany(regions => regions).Select(number => (float)number)];
        var predictions = model.Predict(images, expected.Count);
        var first = model.Predict(expected.Images[0].ToFloats());
        var scores = new float[expected.Count * model.OutputLength];
        var imageGradients = new float[images.Length];
        var loss = model.ComputeGradients(images, expected.Targets.Flat(), expected.Count, expected.DropoutSeed, scores, imageGradients);
        var measured = Measure(
            expected,
            new Computed(
                predictions,
                scores,
                loss,
                imageGradients,
                name => model.Parameters[name].GradientToArray(),
                name => model.Parameters[name].ToArray()));
        return
        [
            .. measured,
            // One image takes another way than a batch.
            new("prediction of one image", Agreement.Error(expected.Predictions[0], first), measured[0].Allowed),

            // Weights' unused lanes feed zeros into sums: they must be zero and stay so, or an optimiser carries them away.
            new("unused lanes of the gradients that are not zero", UnusedLanes(model), 0),
        ];
    }

    /// <summary>What a computation came to, in floats.</summary>
    public sealed record Computed(
        float[] Predictions,
        float[] Outputs,
        double Loss,
        float[] ImageGradients,
        Func<string, float[]> Gradient,
        Func<string, float[]> Statistic);

    /// <summary>Measures every number.</summary>
    public static IReadOnlyList<Measured> Measure(Expected expected, Computed computed)
    {
        var training = expected.Training;
        var measured = new List<Measured>
        {
            new("predictions", Error(expected.Predictions, computed.Predictions), Agreement.Forward),
            new("outputs in training", Error(training.Outputs, computed.Outputs), Agreement.Forward),
            new("loss", Agreement.Error([training.Loss], [(float)computed.Loss]), Agreement.Forward),
        };

        // A gradient that is zero but for rounding (a bias before a batch norm) is as exact as the largest one.
        var scale = GradientFloor * training.ParameterGradients.Values.Append(training.ImageGradients.SelectMany(g => g).ToArray())
            .SelectMany(g => g).Select(Math.Abs).DefaultIfEmpty(0).Max();
        measured.Add(new("image gradients", Error(training.ImageGradients, computed.ImageGradients, scale), Agreement.Backward));
        foreach (var (name, gradient) in training.ParameterGradients)
            measured.Add(new("gradient of " + name, Agreement.Error(gradient, computed.Gradient(name), scale), Agreement.Backward));
        foreach (var (name, statistic) in training.RunningStatistics)
            measured.Add(new(name, Agreement.Error(statistic, computed.Statistic(name)), Agreement.Forward));
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
