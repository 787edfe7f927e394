using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What <c>Passes.Explain</c> gives: each layer's output when predicting, and gradients from any layer on, as the oracle has them.</summary>
public sealed class ExplanationTests
{
    private const string Explain = ", Passes = Passes.Predict | Passes.Explain)]";

    /// <summary>A residual network with a gate, and layers that training and predictions compute otherwise.</summary>
    internal const string ResidualLayers = """
        [Conv2D(17, 3, Padding = 1), BatchNorm, ReLU, Dropout(0.4f), MaxPool(3, Stride = 2, Padding = 1)]
        [Branch, Conv2D(20, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Conv2D(20, 3, Padding = 1), BatchNorm]
        [Branch, Shortcut(20)]
        [Add, ReLU(Name = "Joined")]
        [Branch, GlobalAveragePool, Dense(20), Sigmoid]
        [Branch]
        [Multiply(Name = "Gated")]
        [Conv2D(24, 1), Dropout(0.3f), LocalResponseNorm(3), AveragePool(2, Rounding = Rounding.Floor), Dense(11), Tanh, Dense(4), Softmax]
        public partial class Residual;
        """;

    private const string Residual = $"[Model(3, 9, 7{Explain}\n{ResidualLayers}";

    private const string Others = $$"""
        [Model(4, 8, 8{{Explain}}
        [Conv2D(5, 3, Padding = 1), ReLU, StochasticPool(2), Conv2D(8, 3), LpPool(2, 2), PReLU]
        [Branch, Conv2D(5, 1)]
        [Branch, Conv2D(6, 1), GELU]
        [Concat]
        [Conv2D(18, 3, Stride = 2, Padding = 1, Rounding = Rounding.Floor), BatchNorm, Mish, Flatten, Dense(6)]
        public partial class Others;
        """;

    [Fact]
    public void Each_layer_and_the_gradients_by_it_are_the_interpreters()
    {
        using var assembly = EmittedAssembly.Compile(Residual, Others);
        foreach (var name in new[] { "Residual", "Others" })
        {
            using var model = assembly.Create(name);
            Check(model, seed: 5, count: 6);
        }
    }

    [Fact]
    public void Random_graphs_agree_too()
    {
        var seeds = Enumerable.Range(400, 6).ToList();
        using var assembly = EmittedAssembly.Compile([.. seeds.Select(seed => Explaining(RandomGraphs.Declaration(seed, Name(seed))))]);
        foreach (var seed in seeds)
        {
            using var model = assembly.Create(Name(seed));
            Check(model, seed, count: 3);
        }

        static string Name(int seed) => FormattableString.Invariant($"Drawn{seed}");
        static string Explaining(string declaration)
        {
            var end = declaration.IndexOf(")]", StringComparison.Ordinal);
            return declaration[..end] + Explain + declaration[(end + 2)..];
        }
    }

    [Fact]
    public void Rectifiers_pass_gradients_by_the_rule_that_is_asked_for()
    {
        using var assembly = EmittedAssembly.Compile($"[Model(1, 2, 2{Explain} [ReLU, ReLU, Flatten] public partial class Net;");
        using var model = assembly.Create("Net");
        using var inspection = Inspect(model, [3, -2, 5, -7], 1);
        float[] seed = [1, 2, -3, -4];

        Assert.Equal([1, 0, -3, 0], Gradients(RectifierRule.Gradient));
        Assert.Equal([1, 0, 0, 0], Gradients(RectifierRule.Guided));
        Assert.Equal([1, 2, 0, 0], Gradients(RectifierRule.Deconvolution));

        float[] Gradients(RectifierRule rule)
        {
            inspection.Backward(Handle(model, "Flatten1"), seed, rule);
            return inspection.ImageGradient.ToArray();
        }
    }

    /// <summary>What explains stands beside the prediction, whose methods and kernels are the same text; a model that doesn't ask for it has no word of it.</summary>
    [Fact]
    public void A_prediction_is_the_same_text_with_and_without()
    {
        const string Layers = "[Conv2D(17, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), Conv2D(20, 3), ReLU, Dense(4), Softmax] public partial class Net;";
        var without = GeneratorHarness.Run("[Model(3, 8, 8, Passes = Passes.Predict)]" + Layers).Sources;
        var with = GeneratorHarness.Run("[Model(3, 8, 8" + Explain + Layers).Sources;

        Assert.True(without.Count > 5);
        Assert.All(without, source => Assert.DoesNotMatch("Explain|Inspect|Insight", source.SourceText.ToString()));
        Assert.All(with, source => Assert.DoesNotContain("CnnGen.Insight", source.SourceText.ToString(), StringComparison.Ordinal));
        var methods = PredictionOf(without);
        Assert.InRange(methods.Count, 15, 200);
        Assert.Equal(methods, PredictionOf(with));
    }

    /// <summary>
    /// The texts of all methods that a prediction may come to: those with a body that are named by one of them, in any type. Without the comment before them, which names all layers
    /// that a kernel works for.
    /// </summary>
    internal static List<string> PredictionOf(IEnumerable<GeneratedSourceResult> sources)
    {
        var all = sources.SelectMany(source => source.SyntaxTree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()).Where(method => method.Body is not null).ToList();
        var named = new HashSet<(string? Kernels, string Name)>([(null, "PredictCore"), (null, "Predict"), (null, "Prepare")]);
        var found = new HashSet<MethodDeclarationSyntax>();
        while (true)
        {
            var more = all.Where(method => IsNamed(method) && found.Add(method)).ToList();
            if (more.Count == 0)
                return [.. found.Select(method => method.WithoutLeadingTrivia().ToFullString()).Order(StringComparer.Ordinal)];
            foreach (var method in more)
                named.UnionWith(method.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => (KernelsOf(method), name.Identifier.ValueText)));
        }

        // What an object frees depends on all that it has, not on the prediction alone. The methods of a type among the kernels are called of those that name it.
        bool IsNamed(MethodDeclarationSyntax method) => method.Identifier.ValueText != "DisposeCore"
            && Names(method, method.Identifier.ValueText)
            && (method.Parent is not StructDeclarationSyntax { Parent: TypeDeclarationSyntax } type || Names(method, type.Identifier.ValueText));

        bool Names(MethodDeclarationSyntax method, string name) => named.Contains((null, name)) || named.Contains((KernelsOf(method), name));

        // Kernels call those of their own instruction set, whose names others have for something else; the program calls all of them.
        static string? KernelsOf(MethodDeclarationSyntax method) => method.Ancestors().OfType<StructDeclarationSyntax>().LastOrDefault()?.Identifier.ValueText;
    }

    [Fact]
    public void What_was_not_computed_cannot_be_read()
    {
        using var assembly = EmittedAssembly.Compile(Others, Residual);
        using var model = assembly.Create("Others");
        using var other = assembly.Create("Residual");
        var images = new float[2 * model.InputShape.Length];
        using var inspection = Inspect(model, images, 2);
        var (first, last) = (Handle(model, "Conv1"), Handle(model, "Dense1"));

        Assert.Throws<InvalidOperationException>(() => inspection.GradientOf(first).Length);
        Assert.Contains("Residual", Assert.Throws<ArgumentException>(() => inspection[Handle(other, "Conv1")].Length).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => inspection.Backward(last, new float[11]));
        Assert.Throws<ArgumentException>(() => inspection.Run(images.AsSpan(1), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => inspection.Run([], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => inspection.Backward(last, new float[12], (RectifierRule)3));

        inspection.Run(images, 2, through: first);
        Assert.Equal(2 * 5 * 8 * 8, inspection[first].Length);
        Assert.Throws<InvalidOperationException>(() => inspection.Scores.Length);
        Assert.Throws<InvalidOperationException>(() => inspection.Backward(last, new float[12]));

        inspection.Dispose();
        Assert.Throws<ObjectDisposedException>(() => inspection[first].Length);
    }

    [Fact]
    public void A_part_of_a_run_gives_the_bits_of_the_whole()
    {
        using var assembly = EmittedAssembly.Compile(Residual);
        using var model = assembly.Create("Residual");
        var images = Images(model, 5, 9);
        using var whole = Inspect(model, images, 5);
        using var part = Inspect(model, images, 5);
        var joined = Handle(model, "Joined");
        part.Run(images, 5, joined);

        Assert.Equal(whole[joined], part[joined]);
        Assert.NotEqual(0, part[joined].ToArray().Max());
        Assert.Equal(model.Predict(images, 5).Select(score => Math.Round(score, 4)), whole.Scores.ToArray().Select(score => Math.Round(score, 4)));
    }

    private static void Check(EmittedModel model, int seed, int count)
    {
        var random = new Random(seed);
        var network = model.Network;
        var parameters = NetworkFactory.RandomParameters(network, random);
        model.SetParameters(parameters);
        var images = Enumerable.Range(0, count).Select(_ => NetworkFactory.RandomNumbers(network.Input.OutputShape.Length, random)).ToArray();
        var interpreter = new ReferenceInterpreter(network, parameters);
        foreach (var seeded in new[] { network.Output.Index, random.Next(1, network.Nodes.Count), random.Next(1, network.Nodes.Count) })
        {
            var begin = Enumerable.Range(0, count).Select(_ => NetworkFactory.RandomNumbers(network.Nodes[seeded].OutputShape.Length, random)).ToArray();
            var (outputs, gradients) = interpreter.Explain(images, seeded, begin);
            foreach (var set in EmittedModel.Sets)
            {
                float[]? bits = null;
                using var own = new OwnThreads();
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    Threads.Count = threads;
                    model.InstructionSet = set;
                    using var inspection = Inspect(model, images.Flat(), count);
                    inspection.Backward(HandleOf(model, seeded), begin.Flat());
                    var all = new List<float>(model.ImageGradientOf(inspection));
                    foreach (var node in network.Nodes.Skip(1))
                    {
                        var handle = HandleOf(model, node.Index);
                        var (output, gradient) = (inspection[handle].ToArray(), inspection.GradientOf(handle).ToArray());
                        all.AddRange([.. output, .. gradient]);
                        if (bits is not null)
                            continue;
                        var scale = gradients[seeded].SelectMany(numbers => numbers).Max(Math.Abs) * 1e-2;
                        AssertNear(outputs[node.Index], output, 1e-4, 0, $"{network.Name}: what {node.Name} computes");
                        AssertNear(gradients[node.Index], gradient, 1e-3, scale, $"{network.Name}: the gradient by {node.Name} from {network.Nodes[seeded].Name} on");
                    }

                    AssertNear(gradients[0], model.ImageGradientOf(inspection), 1e-3, 0, $"{network.Name}: the image's gradient from {network.Nodes[seeded].Name} on");
                    bits ??= [.. all];
                    Assert.Equal(bits, all);
                }
            }
        }
    }

    private static void AssertNear(double[][] expected, float[] actual, double allowed, double scale, string what)
    {
        var error = Agreement.Error([.. expected.SelectMany(row => row)], actual, scale);
        Assert.True(error <= allowed, $"{what} is off by {error:E2}.");
    }

    private static float[] Images(EmittedModel model, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * model.InputShape.Length).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static Inspection Inspect(EmittedModel model, ReadOnlySpan<float> images, int count) => model.Inspect(images, count);

    private static LayerHandle Handle(EmittedModel model, string name) => (LayerHandle)model.Type.GetProperty(name)!.GetValue(model.Object)!;

    private static LayerHandle HandleOf(EmittedModel model, int node) => Handle(model, model.Network.Nodes[node].Name);
}
