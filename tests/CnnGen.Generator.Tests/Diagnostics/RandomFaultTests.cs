using CnnGen.Generator.Arguments;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>Random declarations: a valid one has no diagnostic, one with a fault put in has exactly that fault's, and nothing makes the generator throw.</summary>
public sealed class RandomFaultTests
{
    /// <summary>Layers that leave the shape as it is, so that any of them may stand anywhere above the first dense layer.</summary>
    private static readonly string[] s_neutral =
    [
        "ReLU", "Tanh", "Sigmoid", "LeakyReLU(0.1f)", "ELU", "BatchNorm", "Dropout(0.25f)", "LocalResponseNorm(3)", "Conv2D(4, 3, Padding = 1)",
        "Conv2D(8, 1)", "MaxPool(3, Stride = 1, Padding = 1)", "ReLU(Repeat = 3)", "Conv2D(4, 5, 3, Padding = new[] { 2, 1 }, Bias = false)", "Softmax",
    ];

    /// <summary>A faulty layer, and the diagnostic it must give wherever it stands above the first dense layer of a 12x12 image.</summary>
    private static readonly (string Layer, string Id)[] s_faults =
    [
        ("Conv2D(0, 3)", "CNN1012"), ("Conv2D(4, -1)", "CNN1012"), ("Conv2D(4, 3, Stride = -2)", "CNN1012"), ("Dropout(1.5f)", "CNN1012"),
        ("Conv2D(4, 3, Padding = -1)", "CNN1012"), ("MaxPool(0)", "CNN1012"), ("ReLU(Repeat = -1)", "CNN1012"), ("LeakyReLU(float.NaN)", "CNN1012"),
        ("Conv2D(4, 3, Stride = \"two\")", "CNN1042"), ("Conv2D(4, 3, Stride = true)", "CNN1013"), ("Dense(\"1 / 0\")", "CNN1043"),
        ("Dense(\"1 / 2\")", "CNN1044"), ("Dense(\"(1\")", "CNN1041"), ("AveragePool(2, Stride = 2.0)", "CNN1013"), ("MaxPool(2, Dilation = new[] { 1 })", "CNN1013"),
        ("MaxPool(3, Padding = 2)", "CNN1014"), ("Conv2D(4, 5, Stride = 4)", "CNN2001"), ("AveragePool(5)", "CNN2001"),
        ("Conv2D(4, 13)", "CNN2002"), ("MaxPool(99)", "CNN2002"), ("Conv2D(7, 3, Padding = 1, Groups = 3)", "CNN2003"),
        ("Conv2D(2147483647, 1)", "CNN2005"), ("Conv2D(1, 1, Padding = 1000000)", "CNN2005"), ("Tanh(Name = \"Predict\")", "CNN3005"),
        ("Tanh(Name = \"no name\")", "CNN3004"), ("Tanh(Name = \"while\")", "CNN3004"), ("Tanh(Name = \"Dense1\")", "CNN3003"),
    ];

    /// <summary>A network drawn at random has habits that are warned of.</summary>
    private static IEnumerable<Diagnostic> Errors(GeneratorRun run) => run.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error);

    [Fact]
    public void A_random_network_with_one_fault_has_that_diagnostic_and_no_other()
    {
        var networks =
            from above in Gen.Elements(s_neutral).ListOf().Resize(6)
            from fault in Gen.Elements(s_faults)
            from below in Gen.Elements(s_neutral).ListOf().Resize(6)
            select (Layers: above.Append(fault.Layer).Concat(below), fault.Id);

        Prop.ForAll(networks.ToArbitrary(), network =>
        {
            var run = GeneratorHarness.RunWithoutCode(Declare(network.Layers));
            Assert.Null(run.Result.Exception);
            Assert.Equal([network.Id], Errors(run).Select(diagnostic => diagnostic.Id));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
    }

    [Fact]
    public void A_random_network_without_a_fault_has_no_diagnostic()
    {
        Prop.ForAll(Gen.Elements(s_neutral).ListOf().Resize(10).ToArbitrary(), layers =>
        {
            var run = GeneratorHarness.RunWithoutCode(Declare(layers));
            Assert.Empty(Errors(run));
            Assert.NotNull(Assert.Single(run.Resolutions).Request);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void No_numbers_make_the_builder_throw()
    {
        var number = Gen.OneOf(
            Gen.Choose(-2, 12), Gen.Elements(0, 1, -1, int.MaxValue, int.MaxValue - 1, int.MinValue, 46341, 65536, 1 << 20));
        var pair = Gen.Zip(number, number).Select(two => (ArgumentValue)new ArgumentValue.Integers([two.Item1, two.Item2]));
        var four = Gen.ArrayOf(number, 4).Select(sides => (ArgumentValue)new ArgumentValue.Integers([.. sides]));
        var size = Gen.OneOf(number.Select(one => (ArgumentValue)new ArgumentValue.Integer(one)), pair, four);
        var layer =
            from kind in Gen.Elements("Conv2D", "MaxPool", "AveragePool")
            from counts in Gen.ArrayOf(number, 4)
            from sizes in Gen.ArrayOf(size, 3)
            from rounding in Gen.Choose(0, 2)
            select new DeclaredItem(kind,
            [
                Int("filters", counts[0]), Int("kernelHeight", counts[1]), Int("kernelWidth", counts[2]), Int("Groups", counts[3]),
                new("Stride", sizes[0]), new("Padding", sizes[1]), new("Dilation", sizes[2]), new("Rounding", new ArgumentValue.Member("Rounding", "", rounding)),
            ]);
        var networks =
            from model in Gen.ArrayOf(number, 3)
            from layers in layer.ListOf().Resize(4)
            from units in number
            select new DeclaredNetwork(
                "Net",
                new DeclaredItem("Model", [Int("channels", model[0]), Int("height", model[1]), Int("width", model[2])]),
                [.. layers, new DeclaredItem("Dense", [Int("units", units)])],
                []);

        Prop.ForAll(networks.ToArbitrary(), network =>
        {
            var result = NetworkBuilder.Build(network);
            Assert.Equal(result.Problems.All(one => one.Problem.Id.StartsWith("CNN5", StringComparison.Ordinal)), result.Network is not null);
            foreach (var node in result.Network?.Nodes ?? [])
                Assert.InRange(node.OutputShape.Length, 1, int.MaxValue);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void Every_mend_of_a_misfit_fits()
    {
        // Layers at random numbers: whatever padding and stride the message names, the layer takes.
        var misfits =
            from kernel in Gen.Choose(1, 9)
            from stride in Gen.Choose(1, 9)
            from dilation in Gen.Choose(1, 5)
            from padding in Gen.Choose(0, 3)
            from end in Gen.OneOf(Gen.Constant(-1), Gen.Choose(0, 3))
            from height in Gen.Choose(1, 30)
            from width in Gen.Choose(1, 30)
            from isPool in Gen.Elements(false, true)
            select (Kernel: kernel, Stride: stride, Dilation: dilation, Padding: end < 0 ? $"{padding}" : $"{padding},{padding},{end},{end}", Height: height, Width: width, IsPool: isPool);

        Prop.ForAll(misfits.ToArbitrary(), one =>
        {
            string Source(string kernel, string stride, string padding) =>
                Dilated($"{one.Dilation}", kernel, stride, padding);
            string Dilated(string dilation, string kernel, string stride, string padding) =>
                $"{one.Height},{one.Width}|{(one.IsPool ? "MaxPool" : "Conv2D")}|{kernel}|{stride}|{padding}|{dilation}";
            var problem = Problem("Exact|" + Source($"{one.Kernel}", $"{one.Stride}", one.Padding));
            if (problem is not { Id: "CNN2001" or "CNN2002" or "CNN2006" })
                return;

            // Stride 1 covers everything, and padding makes room for any kernel; only a pool's padding may not be large enough.
            var mends = problem.MessageArguments[problem.MessageArguments.Count - 1];
            Assert.NotEmpty(Parse(mends));
            if (mends.Contains("with Padding", StringComparison.Ordinal) || mends.StartsWith("Dilation", StringComparison.Ordinal))
            {
                var parts = Parse(mends).ToDictionary(part => part.What, part => part.Value);
                var floor = mends.EndsWith("Rounding.Floor", StringComparison.Ordinal) ? "Floor|" : "Exact|";
                var padding = parts.TryGetValue("Padding", out var smaller) ? smaller : one.Padding;
                Assert.True(Problem(floor + Dilated(
                    parts.GetValueOrDefault("Dilation", $"{one.Dilation}"), parts.GetValueOrDefault("kernel", $"{one.Kernel}"), $"{one.Stride}", padding)) is null, $"{one}: {mends}");
                return;
            }

            if (!one.IsPool || (problem.Id == "CNN2001" && one.Dilation == 1))
                Assert.Contains(problem.Id == "CNN2001" ? "Stride = " : "Padding = ", mends, StringComparison.Ordinal);
            foreach (var (what, value) in Parse(mends))
            {
                var rounding = mends.Contains("with Rounding = Rounding.Floor", StringComparison.Ordinal) ? "Floor" : "Exact";
                var mended = rounding + "|" + Source(
                    what == "kernel" ? value : $"{one.Kernel}", what == "Stride" ? value : $"{one.Stride}", what == "Padding" ? value : one.Padding);
                Assert.True(Problem(mended) is null, $"{one}: {mends}: {what} {value}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    /// <summary>The proposals in a message: <c>Stride = 1 or 2, or Padding = new[] { 1, 0 }</c>, <c>a 6x6 kernel or Padding = 2</c>.</summary>
    private static IEnumerable<(string What, string Value)> Parse(string mends)
    {
        var what = "";
        foreach (var part in System.Text.RegularExpressions.Regex.Matches(mends, @"Stride|Padding|Dilation|(\d+)x(\d+) kernel|new\[\] \{ ([\d, ]+) \}|\d+").Select(m => m))
        {
            if (part.Value is "Stride" or "Padding" or "Dilation")
                what = part.Value;
            else if (part.Groups[1].Success)
                yield return ("kernel", part.Groups[1].Value == part.Groups[2].Value ? part.Groups[1].Value : part.Groups[1].Value + "," + part.Groups[2].Value);
            else if (part.Groups[3].Success)
                yield return (what, part.Groups[3].Value);
            else
                yield return (what, part.Value);
        }
    }

    private static Problem? Problem(string source)
    {
        var parts = source.Split('|');
        var image = Pair(parts[1]);
        var rounding = Enum.Parse<CnnGen.Generator.Shapes.Rounding>(parts[0]);
        var window = new Window(Pair(parts[3]), Pair(parts[4]), Sides(parts[5]), Pair(parts[6]), rounding);
        if (parts[2] == "MaxPool" && !WindowRules.HasPoolPadding(window))
            return new Problem("CNN1014", "", []);
        Layer layer = parts[2] == "MaxPool" ? new MaxPoolLayer(window) : new Conv2DLayer(1, window);
        return layer.InferShape("Layer", TensorShape.Map(1, image.Height, image.Width)).Problem;
    }

    private static Size2 Pair(string text)
    {
        var numbers = text.Split(',').Select(int.Parse).ToArray();
        return new Size2(numbers[0], numbers[^1]);
    }

    /// <summary>A padding of one, two or four numbers.</summary>
    private static Padding Sides(string text) => text.Split(',').Select(int.Parse).ToArray() is [var top, var left, var bottom, var right]
        ? new Padding(top, left, bottom, right)
        : Pair(text);

    private static DeclaredArgument Int(string name, int value) => new(name, new ArgumentValue.Integer(value));

    private static string Declare(IEnumerable<string> layers) =>
        "[Model(4, 12, 12)]\n" + string.Concat(layers.Select(layer => "[" + layer + "]\n")) + "[Dense(3), Softmax]\npublic partial class Net;";
}
