using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Blocks;

/// <summary>Code that uses a model of blocks has no errors of its own where the declaration has one.</summary>
public sealed class BlockShellTests
{
    private const string Part = "[Conv2D(\"width\", 1), ReLU] public sealed class PartAttribute : BlockAttribute { public PartAttribute(int width) { } }";

    private const string Use = """
        static class Use
        {
            static int Filters(Net model) => model.Part2.Conv1.Weight.Length + Net.Layers.Part1.Layers.Conv1.Filters + model.Part1.OutputShape.Channels;
        }
        """;

    [Theory]
    [InlineData("Part(4), Part(0)", Part, "CNN1012")]
    [InlineData("Part(4), Part(6), MaxPool(3)", Part, "CNN2001")]
    [InlineData("Part(4), Part(6), Part(8, Name = \"A\"), ReLU(Name = \"A\")", Part, "CNN3003")]
    [InlineData("Part(4), Part(6), Part(8, Name = \"A\"), Part(8, Name = \"A\")", Part, "CNN3003")]
    [InlineData("Part(4), Part(6)", "[Conv2D(\"widt\", 1)] public sealed class PartAttribute : BlockAttribute { public PartAttribute(int width) { } }", "CNN1042")]
    [InlineData("Part(4), Part(6)", "[Conv2D(\"width\", 1), Part(2)] public sealed class PartAttribute : BlockAttribute { public PartAttribute(int width) { } }", "CNN1045")]
    public void The_one_error_stands_alone(string layers, string block, string id)
    {
        var run = GeneratorHarness.Run($"[Model(3, 8, 8), {layers}] public partial class Net;", block, Use);

        Assert.Equal([id], run.Diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Empty(run.CompilerErrors());
    }

    [Fact]
    public void Where_the_CSharp_of_a_block_has_errors_the_generator_adds_none()
    {
        var run = GeneratorHarness.Run(
            "[Model(3, 8, 8), Part(4), Part(6)] public partial class Net;", Part.Replace("\"width\", 1", "\"width\", 1, Padding = nothing", StringComparison.Ordinal), Use);

        Assert.Empty(run.Diagnostics);
        Assert.Equal(["CS0103"], run.CompilerErrors().Select(error => error.Id));
    }

    /// <summary>A class that has a type of its own name is an error of the compiler's, and there the name means that type.</summary>
    [Fact]
    public void A_class_with_a_type_of_its_own_name_gets_nothing()
    {
        var run = GeneratorHarness.Run("[Model(3, 8, 8), ReLU] public partial class Net { public class Net { } }");

        Assert.Empty(run.Diagnostics);
        Assert.Equal(["CS0542"], run.CompilerErrors().Select(error => error.Id).Distinct());
    }
}
