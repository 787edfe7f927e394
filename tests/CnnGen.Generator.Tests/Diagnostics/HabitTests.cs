using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>Warnings stand beside the network that is emitted all the same, and beside errors whose reason they are.</summary>
public sealed class HabitTests
{
    [Fact]
    public void A_network_with_a_warning_is_emitted()
    {
        var run = GeneratorHarness.Run("[Model(3, 8, 8)] [Dense(4), ReLU, Softmax] public partial class Net;");

        Assert.Equal(["CNN5005"], run.Diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Empty(run.CompilerErrors());
        Assert.Contains(run.Sources, source => source.HintName == "Net.Passes.g.cs");
    }

    [Theory]
    [InlineData("[Model(28, 28, 1)] [Conv2D(6, 5), Dense(10), Softmax]", "CNN2002", "CNN5001")]
    [InlineData("[Model(1, 28, 28)] [Conv2D(1, 32, 3), Dense(10), Softmax]", "CNN2002", "CNN5003")]
    [InlineData("[Model(3, 7, 7)] [MaxPool(3, 2), Dense(10), Softmax]", "CNN2001", "CNN5002")]
    public void Where_the_order_is_why_something_does_not_fit_both_are_said(string source, string error, string warning) =>
        Assert.Equal([error, warning], GeneratorHarness.RunWithoutCode(source + " public partial class Net;").Diagnostics.Select(diagnostic => diagnostic.Id).Order());

    [Theory]
    [InlineData("[Model(12, 1000, 1)] [Dense(2)]")] // Leads of an electrocardiogram.
    [InlineData("[Model(28, 28, 28)] [Dense(2)]")]
    [InlineData("[Model(4, 4, 1)] [Dense(2)]")]
    [InlineData("[Model(16, 8, 8)] [Conv2D(16, 1, 7, Padding = new[] { 0, 3 }), Conv2D(16, 7, 1, Padding = new[] { 3, 0 }), Dense(2)]")]
    [InlineData("[Model(3, 8, 8)] [Conv2D(3, 5, 5), Conv2D(4, 2, 3), Dense(2)]")]
    [InlineData("[Model(3, 8, 8)] [MaxPool(2, 2), MaxPool(2, 1, Stride = new[] { 2, 1 }), Dense(2)]")]
    [InlineData("[Model(3, 8, 8)] [Conv2D(4, 1), ReLU, GlobalAveragePool, Softmax]")]
    [InlineData("[Model(3, 8, 8)] [Conv2D(4, 8), Softmax, Flatten]")]
    [InlineData("[Model(3, 8, 8)] [Dense(4), LeakyReLU, Softmax]")]
    [InlineData("[Model(3, 8, 8)] [Dense(1), Sigmoid]")]
    public void What_is_often_meant_is_not_warned_of(string source) =>
        Assert.Empty(GeneratorHarness.RunWithoutCode(source + " public partial class Net;").Diagnostics);

    [Fact]
    public void Copies_of_a_layer_are_warned_of_once()
    {
        var run = GeneratorHarness.RunWithoutCode("[Model(3, 12, 12)] [Conv2D(3, 3, 2, Repeat = 3), Dense(2)] public partial class Net;");

        Assert.Equal(["CNN5003"], run.Diagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void A_pragma_says_that_it_is_meant()
    {
        var run = GeneratorHarness.RunWithoutCode("""
            #pragma warning disable CNN5004
            [Model(3, 8, 8)]
            [Dense(4), Softmax, Dense(2)]
            public partial class Net;
            """);

        Assert.True(Assert.Single(run.Diagnostics).IsSuppressed);
    }
}
