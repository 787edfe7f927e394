using CnnGen.Generator.Diagnostics;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator.Tests.Blocks;

/// <summary>The compiler's warning of unread parameters stays where nothing reads one.</summary>
public sealed class BlockParameterSuppressorTests
{
    [Theory]
    [InlineData("[Conv2D(\"2 * width\", 3)] public sealed class AAttribute(int width) : BlockAttribute;")]
    [InlineData("[Conv2D(4, 3, Stride = \"max(1, width)\")] public sealed class AAttribute(int width) : BlockAttribute;")]
    [InlineData("[Conv2D(\"widths\", 3)] public sealed class AAttribute(int width, int widths) : BlockAttribute;", "width")]
    [InlineData("[Conv2D(4, 3)] public sealed class AAttribute(int width) : BlockAttribute;", "width")]
    [InlineData("public sealed class AAttribute(int width) : Attribute;", "width")]
    public async Task A_parameter_that_an_expression_names_is_read(string source, params string[] unread)
    {
        var compilation = GeneratorHarness.Compile(source);
        compilation = compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Error));
        Assert.Contains(compilation.GetDiagnostics(), diagnostic => diagnostic.Id == "CS9113");

        var said = await compilation.WithAnalyzers([new BlockParameterSuppressor()], new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, true, false, reportSuppressedDiagnostics: false))
            .GetAllDiagnosticsAsync();

        Assert.Equal(unread, said.Where(diagnostic => diagnostic.Id == "CS9113").Select(diagnostic => diagnostic.Marked()));
    }
}
