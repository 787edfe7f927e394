using CnnGen.Generator.Graph;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What <c>Features</c> gives: predictions that end at a layer, as the oracle has them.</summary>
public sealed class FeatureTests
{
    private const string Residual = $"""
        [Model(3, 9, 7, Passes = Passes.Predict, Features = "Conv1, BatchNorm1, MaxPool1, Joined, Dropout2,Shortcut1, Gated, Softmax1")]
        {ExplanationTests.ResidualLayers}
        """;

    /// <summary>Blocks and layers in them, Winograd's weights, and a layer that all images of a call go through at once.</summary>
    private const string Staged = """
        [Conv2D("filters", 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd4x4), BatchNorm, ReLU, MaxPool(2)]
        public sealed class StageAttribute(int filters) : BlockAttribute;

        [Model(16, 12, 12, Passes = Passes.Predict, Features = "Stage1, Stage2.ReLU1, Dense1")]
        [Stage(24), Stage(32), Dense(1000), ReLU, Dense(5), Softmax]
        public partial class Staged;
        """;

    /// <summary>The output computes a convolution from means; whoever asks for what it computes from all pixels gets that.</summary>
    private const string Means = """
        [Model(3, 8, 8, Passes = Passes.Predict, Features = "Conv2, AveragePool1")]
        [Conv2D(16, 3, Padding = 1), ReLU, Conv2D(18, 1), AveragePool(2), ReLU, Dense(5), Softmax]
        public partial class Means;
        """;

    private static readonly string s_last = Residual.Replace("Passes.Predict,", "Passes.Predict, Layout = Layout.ChannelsLast,", StringComparison.Ordinal)
        .Replace("class Residual", "class ResidualLast", StringComparison.Ordinal);

    [Fact]
    public void Each_layers_features_are_the_interpreters_in_the_same_bits_on_any_number_of_threads()
    {
        using var assembly = EmittedAssembly.Compile(Residual, s_last, Staged, Means);
        var staged = ModelPlan.Create(assembly.Network("Staged")).Features;
        Assert.Equal([false, false, true], staged.Select(features => features.Arena.BatchLength > 0));
        Assert.All(staged, features => Assert.NotEqual(0, features.Arena.PreparedLength));
        foreach (var (name, layers) in new[] { ("Residual", 8), ("ResidualLast", 8), ("Staged", 3), ("Means", 2) })
        {
            using var model = assembly.Create(name);
            Assert.Equal(layers, model.Network.Features.Count);
            Check(model, seed: 5, count: 70);

            // What follows from the parameters is computed anew when they have changed.
            Check(model, seed: 6, count: 3);
        }
    }

    private static void Check(EmittedModel model, int seed, int count)
    {
        var network = model.Network;
        var random = new Random(seed);
        var parameters = NetworkFactory.RandomParameters(network, random);
        model.SetParameters(parameters);
        var images = Enumerable.Range(0, count).Select(_ => NetworkFactory.RandomNumbers(network.Input.OutputShape.Length, random)).ToArray();
        var interpreter = new ReferenceInterpreter(network, parameters);
        var few = Math.Min(count, 4);
        var expected = images.Take(few).Select(interpreter.PredictAll).ToArray();
        foreach (var set in EmittedModel.AllSets)
        {
            model.InstructionSet = set;
            using var own = new OwnThreads();
            Threads.Count = 1;
            var predicted = model.Predict(images.Flat(), count);
            foreach (var node in network.Features)
            {
                var handle = HandleOf(model, node);
                float[]? bits = null;
                foreach (var threads in new[] { 1, 2, 3 })
                {
                    Threads.Count = threads;
                    var features = model.Features(handle, images.Flat(), count);
                    bits ??= features;
                    Assert.Equal(bits, features);
                    Assert.Equal(bits[..handle.OutputShape.Length], model.Features(handle, images[0].ToFloats(), 1));
                }

                var error = Agreement.Error([.. expected.SelectMany(outputs => outputs[node])], bits.AsSpan(0, few * handle.OutputShape.Length));
                Assert.True(error <= Agreement.Forward, $"{network.Name} on {set}: the features of {handle.Name} are off by {error:E2}.");
            }

            // Neither writes into the other's memory, where halos lie that are zero from the start.
            Assert.Equal(predicted, model.Predict(images.Flat(), count));
        }
    }

    /// <summary>A layer's features are planned of what it depends on, and emitted so.</summary>
    [Fact]
    public void Nothing_behind_a_layer_is_emitted_for_its_features()
    {
        var plan = ModelPlan.Create(GeneratorHarness.ParseNetwork(Residual));
        foreach (var features in plan.Features)
        {
            var needed = new HashSet<string>();
            AddNeeded(features.End);
            Assert.Empty(features.Steps.Select(step => step.Label).Except(needed));

            void AddNeeded(Node node)
            {
                needed.Add(node.Name);
                foreach (var input in node.Inputs)
                    AddNeeded(plan.Network.Nodes[input]);
            }
        }

        var methods = GeneratorHarness.Run(Residual).Sources.Single(source => source.HintName.EndsWith("Program.g.cs", StringComparison.Ordinal))
            .SyntaxTree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => method.Identifier.ValueText.Contains("FeaturesBatchNorm1", StringComparison.Ordinal))
            .Select(method => method.ToFullString()).ToList();
        Assert.InRange(methods.Count, 3, 40);
        Assert.All(methods, text => Assert.DoesNotMatch(@"MaxPool1|Joined|Dense\d|Shortcut1|Conv[2-9]\b|Softmax1", text));
        Assert.Contains(methods, text => text.Contains("Conv1", StringComparison.Ordinal));
    }

    /// <summary>Features stand beside the prediction, whose methods are the same text; a model that asks for none has no word of them.</summary>
    [Fact]
    public void A_prediction_is_the_same_text_with_and_without()
    {
        const string Layers = "[Conv2D(17, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), Conv2D(20, 3), ReLU, Dense(4), Softmax] public partial class Net;";
        var without = GeneratorHarness.Run("[Model(3, 8, 8, Passes = Passes.Predict)]" + Layers).Sources;
        var with = GeneratorHarness.Run("[Model(3, 8, 8, Passes = Passes.Predict, Features = \"BatchNorm1, ReLU2\")]" + Layers).Sources;

        Assert.All(without, source => Assert.DoesNotMatch("Features|_featurePasses", source.SourceText.ToString()));
        Assert.Equal(ExplanationTests.PredictionOf(without), ExplanationTests.PredictionOf(with));
    }

    [Fact]
    public void What_was_not_compiled_or_does_not_fit_is_refused_with_the_mend()
    {
        using var assembly = EmittedAssembly.Compile(Residual, "[Model(3, 9, 7, Passes = Passes.Predict), ReLU, Dense(4)] public partial class Without;");
        using var model = assembly.Create("Residual");
        using var other = assembly.Create("Without");
        var image = new float[3 * 9 * 7];

        var missing = Assert.Throws<ArgumentException>(() => model.Features(Handle(model, "ReLU1"), image, 1));
        Assert.StartsWith("Residual was not compiled with the features of ReLU1. Say [Model(..., Features = \"Conv1, BatchNorm1, MaxPool1, Shortcut1, Joined, Gated, Dropout2, Softmax1, ReLU1\")].", missing.Message, StringComparison.Ordinal);
        var none = Assert.Throws<ArgumentException>(() => other.Features(Handle(other, "Dense1"), image, 1));
        Assert.StartsWith("Without was not compiled with the features of Dense1. Say [Model(..., Features = \"Dense1\")].", none.Message, StringComparison.Ordinal);
        var stranger = Assert.Throws<ArgumentException>(() => model.Features(Handle(other, "ReLU1"), image, 1));
        Assert.StartsWith("ReLU1 is a layer of Without, and the features are asked of a Residual", stranger.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Features(Handle(model, "Conv1"), image.AsSpan(1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Features(Handle(model, "Conv1"), image, -1));
        Assert.Empty(model.Features(Handle(model, "Conv1"), [], 0));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Features(Handle(model, "Conv1"), image, 1));
    }

    private static LayerHandle HandleOf(EmittedModel model, int node) => Handle(model, [.. model.Network.Nodes[node].Path, model.Network.Nodes[node].LocalName]);

    private static LayerHandle Handle(EmittedModel model, params string[] path) =>
        (LayerHandle)path.Aggregate(model.Object, (owner, name) => owner.GetType().GetProperty(name)!.GetValue(owner)!);
}
