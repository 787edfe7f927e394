using CnnGen.Generator.Declarations;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Generator.Tests.Blocks;

/// <summary>Blocks of another assembly, which has nothing but the record that the generator made there; or, as an IDE sees a project, its source code.</summary>
public sealed class OtherAssemblyTests
{
    private const string Library = """
        namespace Parts;

        [Conv2D("max(width, 1) + input.channels", 1, Padding = new[] { 0, 0 }, Bias = false), LeakyReLU(0.1f), Norm(Epsilon = "scale / 1000")]
        [Branch, Conv2D("width", "Kernel", Padding = "(Kernel - 1) / 2"), Tanh(Name = "Skip")]
        [Branch(From = "Norm1")]
        [Concat]
        [Edge(Bias = "!plain", Mode = "Mode")]
        public sealed class PartAttribute(int width, double scale = 0.5, bool plain = true) : BlockAttribute
        {
            public int Kernel { get; set; } = 3;

            public PadMode Mode { get; set; } = PadMode.Reflect;
        }

        [BatchNorm(Momentum = "2 * Epsilon", Epsilon = "Epsilon"), Dropout("Epsilon")]
        internal sealed class NormAttribute : BlockAttribute
        {
            public object Epsilon { get; set; } = "1 / 10";
        }

        [Pad(1, Mode = "Mode"), Conv2D(4, 3, Bias = "Bias")]
        internal sealed class EdgeAttribute : BlockAttribute
        {
            public object Bias { get; set; } = true;

            public object Mode { get; set; } = PadMode.Edge;
        }
        """;

    private const string Use = """
        using Parts;
        [Model(3, 8, 8), Part(8, Kernel = 5, TensorName = "features.0", Repeat = 2), Part(4, plain: false, Mode = PadMode.Zero), ReLU]
        public partial class Net;
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_is_the_same_with_blocks_of_another_assembly(bool isProject)
    {
        var expected = GeneratorHarness.Resolve(Library, Use)["Net"];

        var run = Run(Reference(Library, isProject), Use);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerErrors());
        Assert.Equal(expected, Assert.Single(run.Resolutions).Request!.Network);
    }

    [Fact]
    public void A_fault_in_a_block_of_another_assembly_is_said_of_its_use()
    {
        var run = Run(Reference(Library, isProject: false), "using Parts; [Model(3, 8, 8), Part(0)] public partial class Net;");

        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("CNN1012", diagnostic.Id);
        Assert.Equal("Part(0)", diagnostic.Marked());
        Assert.Equal("Part1.Conv2: filters is 0, but must be 1 or more. Write for example 1. In Part1: Part(width = 0, scale = 0.5, plain = true, Kernel = 3, Mode = PadMode.Reflect) over 3x8x8.", diagnostic.Text());
    }

    [Fact]
    public void A_block_of_an_assembly_without_records_is_an_error()
    {
        var run = Run(GeneratorHarness.Compile(Library.Replace("internal", "public", StringComparison.Ordinal)).WithAssemblyName("Parts").EmitToImageReference(), Use);

        Assert.Equal(["CNN1050", "CNN1050"], run.Diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Equal("Part(4, plain: false, Mode = PadMode.Zero)", run.Diagnostics[1].Marked());
        Assert.Equal("The layers of the block Part are not known, since Parts has no record of them that this version reads. Compile Parts with this version of CnnGen.", run.Diagnostics[1].Text());
    }

    [Fact]
    public void A_block_may_use_blocks_of_another_assembly_and_be_used_from_a_third()
    {
        const string Middle = "[Parts.Part(\"width\"), ReLU] public sealed class MiddleAttribute(int width) : BlockAttribute;";
        const string Overload = "public sealed class PartAttribute(int width, double scale = 0.5, bool plain = true) : BlockAttribute\n{";
        var library = Library.Replace(Overload, Overload + "\n    public PartAttribute(string width) : this(0) { }", StringComparison.Ordinal);
        var first = Reference(library, isProject: false);
        var second = GeneratorHarness.Run(GeneratorHarness.Compile(Middle).WithAssemblyName("Middle").AddReferences(first)).Output.EmitToImageReference();
        const string Net = "[Model(3, 8, 8), Middle(8)] public partial class Net;";

        var run = GeneratorHarness.Run(GeneratorHarness.Compile(Net).AddReferences(first, second));

        Assert.Empty(run.Diagnostics);
        Assert.Equal(GeneratorHarness.Resolve(library, Middle, Net)["Net"], Assert.Single(run.Resolutions).Request!.Network);
    }

    [Fact]
    public void Only_blocks_that_are_right_are_recorded_and_a_project_without_blocks_has_no_file()
    {
        var run = GeneratorHarness.Run("[ReLU] public sealed class GoodAttribute : BlockAttribute; [Conv2D(\"x\", 1)] public sealed class BadAttribute : BlockAttribute; [Tanh] file sealed class OwnAttribute : BlockAttribute;");

        var lines = Assert.Single(run.Sources).SourceText.ToString().Split('\n').Where(line => line.StartsWith("[assembly", StringComparison.Ordinal));
        Assert.StartsWith("[assembly: global::CnnGen.Runtime.BlockBody(\"GoodAttribute\", ", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Empty(GeneratorHarness.Run("public class None : Exception;").Sources);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1:2")]
    [InlineData("1:1")]
    [InlineData("1:21:1")]
    [InlineData("99999999999:1")]
    [InlineData("1:21:11:a1:b1:01:0 ")]
    [InlineData("2:-1")]
    public void A_record_that_is_none_is_refused(string text) => Assert.Null(BlockRecord.Read(text));

    [Fact]
    public void A_record_that_is_cut_is_refused()
    {
        var record = GeneratorHarness.Run(Library).Steps(CnnGenerator.BlockRecordStep).SelectMany(step => step.Outputs)
            .SelectMany(output => (Infrastructure.EquatableArray<BlockRecord>)output.Value).First(one => one.Name == "Parts.PartAttribute").Text;

        Assert.Equal(["Part", "Edge", "Norm"], BlockRecord.Read(record)!.Select(block => block.Kind));
        for (var length = 0; length < record.Length; length++)
            Assert.Null(BlockRecord.Read(record[..length]));
    }

    private static MetadataReference Reference(string source, bool isProject)
    {
        var run = GeneratorHarness.Run(GeneratorHarness.Compile(source).WithAssemblyName("Parts"));
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerErrors());
        return isProject ? run.Input.ToMetadataReference() : run.Output.EmitToImageReference();
    }

    private static GeneratorRun Run(MetadataReference library, string source) => GeneratorHarness.Run(GeneratorHarness.Compile(source).AddReferences(library));
}

internal static class CompilationExtensions
{
    /// <summary>The compiled assembly.</summary>
    public static MetadataReference EmitToImageReference(this CSharpCompilation compilation)
    {
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return MetadataReference.CreateFromImage(stream.ToArray());
    }
}
