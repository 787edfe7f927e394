using CnnGen.Generator.Diagnostics;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Diagnostics;

public sealed class LayerWithoutModelTests
{
    [Fact]
    public async Task A_layer_on_a_class_without_a_model_is_a_warning()
    {
        var diagnostic = Assert.Single(await GeneratorHarness.Analyze(
            new LayerWithoutModelAnalyzer(), "[Obsolete, Conv2D(4, 3), ReLU] public partial class Net;"));

        Assert.Equal("CNN1009", diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Warning, diagnostic.Severity);
        Assert.Equal("Conv2D(4, 3)", diagnostic.Marked());
        Assert.Equal(
            "Net has the layer [Conv2D] but no [Model], so nothing is generated for it. Put [Model(channels, height, width)] above the layers.",
            diagnostic.Text());
    }

    [Theory]
    [InlineData("[Model(3, 8, 8), Conv2D(4, 3), ReLU] public partial class Net;")]
    [InlineData("[Model(3, 8, 8)] public partial class Net; [ReLU] public partial class Net;")]
    [InlineData("[Obsolete] public partial class Net;")]
    public async Task Elsewhere_nothing_is_said(string source) =>
        Assert.Empty(await GeneratorHarness.Analyze(new LayerWithoutModelAnalyzer(), source));
}
