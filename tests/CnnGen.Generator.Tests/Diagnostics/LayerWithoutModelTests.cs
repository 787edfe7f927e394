using CnnGen.Generator.Diagnostics;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Diagnostics;

public sealed class LayerWithoutModelTests
{
    [Fact]
    public async Task A_layer_on_a_class_without_a_model_is_an_error()
    {
        var diagnostic = Assert.Single(await GeneratorHarness.Analyze(
            new LayerWithoutModelAnalyzer(), "[Obsolete, Conv2D(4, 3), ReLU] public partial class Net;"));

        Assert.Equal("CNN1009", diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Equal("Conv2D(4, 3)", diagnostic.Marked());
        Assert.Equal(
            "Net has the layer [Conv2D] but no [Model], so nothing is generated for it. Put [Model(channels, height, width)] above the layers.",
            diagnostic.Text());
    }

    [Theory]
    [InlineData("[Obsolete, Weights(\"net.safetensors\")] public partial class Net;", "Weights(\"net.safetensors\")", "Weights")]
    [InlineData("[Normalize(0.5f, 0.25f)] public partial class Net; public partial class Net;", "Normalize(0.5f, 0.25f)", "Normalize")]
    [InlineData("[Weights(\"net.safetensors\"), Normalize(0.5f, 0.25f)] public partial class Net;", "Weights(\"net.safetensors\")", "Weights")]
    public async Task Weights_and_normalize_on_a_class_without_a_model_are_an_error(string source, string marked, string name)
    {
        var diagnostic = Assert.Single(await GeneratorHarness.Analyze(new LayerWithoutModelAnalyzer(), source));

        Assert.Equal("CNN1009", diagnostic.Id);
        Assert.Equal(marked, diagnostic.Marked());
        Assert.Equal(
            $"Net has [{name}] but no [Model], so nothing is generated for it. Put [Model(channels, height, width)] above it and the layers.",
            diagnostic.Text());
    }

    [Fact]
    public async Task A_layer_of_the_users_own_with_a_name_of_its_own_is_an_error_too() => Assert.Contains(
        "the layer [My]",
        Assert.Single(await GeneratorHarness.Analyze(new LayerWithoutModelAnalyzer(), "[My] public partial class Net; class My : LayerAttribute;")).Text(),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_class_has_one_error_and_a_layer_comes_first() =>
        Assert.Equal("ReLU", Assert.Single(await GeneratorHarness.Analyze(
            new LayerWithoutModelAnalyzer(), "[Normalize(0.5f, 0.25f), Weights(\"net.safetensors\"), ReLU, Dense(2)] public partial class Net;")).Marked());

    [Fact]
    public async Task A_pages_examples_are_errors_and_its_mends_are_not()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, Descriptors.LayerWithoutModel.HelpLinkUri));
        var examples = CatalogueTests.CodeBlocks(page[..page.IndexOf("## Mend", StringComparison.Ordinal)]);
        Assert.Equal(2, examples.Count);
        foreach (var example in examples)
            Assert.Equal("CNN1009", Assert.Single(await GeneratorHarness.Analyze(new LayerWithoutModelAnalyzer(), example)).Id);
        var mends = CatalogueTests.CodeBlocks(page[page.IndexOf("## Mend", StringComparison.Ordinal)..]);
        Assert.NotEmpty(mends);
        foreach (var mend in mends)
            Assert.Empty(await GeneratorHarness.Analyze(new LayerWithoutModelAnalyzer(), mend));
    }

    [Theory]
    [InlineData("[Model(3, 8, 8), Conv2D(4, 3), ReLU] public partial class Net;")]
    [InlineData("[Model(3, 8, 8)] public partial class Net; [ReLU] public partial class Net;")]
    [InlineData("[Model(3, 8, 8), Dense(2)] public partial class Net; [Normalize(0.5f, 0.25f)] public partial class Net;")]
    [InlineData("[Obsolete] public partial class Net;")]
    public async Task Elsewhere_nothing_is_said(string source) =>
        Assert.Empty(await GeneratorHarness.Analyze(new LayerWithoutModelAnalyzer(), source));
}
