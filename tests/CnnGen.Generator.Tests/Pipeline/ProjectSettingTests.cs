using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>Settings of the project that a model needs are asked for by name, and a change of them is seen.</summary>
public sealed class ProjectSettingTests
{
    /// <summary>Every layer, so that all that is emitted is compiled.</summary>
    private const string Net = """
        [CnnGen.Model(4, 12, 12)]
        [CnnGen.Conv2D(8, 3, Padding = 1), CnnGen.BatchNorm, CnnGen.ReLU, CnnGen.MaxPool(2)]
        [CnnGen.Conv2D(8, 3, Padding = 1, Groups = 8), CnnGen.LeakyReLU, CnnGen.LocalResponseNorm(4), CnnGen.AveragePool(2)]
        [CnnGen.Conv2D(16, 1, Algorithm = CnnGen.ConvAlgorithm.Im2Col), CnnGen.ELU, CnnGen.Dropout, CnnGen.GlobalMaxPool, CnnGen.Dropout, CnnGen.Dropout]
        [CnnGen.Dense(8), CnnGen.Tanh, CnnGen.Dense(3), CnnGen.Softmax]
        public partial class Net { }
        """;

    [Theory]
    [InlineData(LanguageVersion.CSharp10)]
    [InlineData(LanguageVersion.CSharp11)]
    public void An_older_language_is_one_error_with_the_setting_that_mends_it(LanguageVersion version)
    {
        var run = Run(version);

        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("CNN1017", diagnostic.Id);
        Assert.Equal("Net", diagnostic.Marked());
        Assert.Equal(
            $"Net needs C# 12.0 or later, since what the generator writes does, but the project has C# {version.ToDisplayString()}. "
                + "Remove <LangVersion> from the project file, or write <LangVersion>12.0</LangVersion>.",
            diagnostic.Text());
        Assert.DoesNotContain(run.CompilerErrors(), error => error.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>Where the compiler refuses the declaration itself, that is the error, and it names the same version.</summary>
    [Fact]
    public void A_class_without_a_body_in_an_older_language_is_the_compilers_error_alone()
    {
        var run = Run(LanguageVersion.CSharp11, Net.Replace(" { }", ";", StringComparison.Ordinal));

        Assert.Empty(run.Diagnostics);
        Assert.Contains("12.0", Assert.Single(run.CompilerErrors(), error => error.Severity == DiagnosticSeverity.Error).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp12)]
    [InlineData(LanguageVersion.CSharp13)]
    [InlineData(LanguageVersion.Latest)]
    public void Emitted_code_compiles_in_the_languages_that_are_let_through(LanguageVersion version)
    {
        var run = Run(version);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerErrors());
    }

    [Fact]
    public void Allowing_unsafe_code_takes_the_error_away_without_an_edit()
    {
        var allowed = GeneratorHarness.Compile(Net);
        var forbidden = allowed.WithOptions(allowed.Options.WithAllowUnsafe(false));

        var driver = GeneratorHarness.Driver().RunGenerators(forbidden);
        Assert.Equal(["CNN1015"], driver.GetRunResult().Diagnostics.Select(diagnostic => diagnostic.Id));
        driver = driver.RunGenerators(allowed);

        Assert.Empty(driver.GetRunResult().Diagnostics);
        Assert.NotEmpty(driver.GetRunResult().GeneratedTrees);
    }

    private static GeneratorRun Run(LanguageVersion version, string source = Net)
    {
        var options = GeneratorHarness.ParseOptions.WithLanguageVersion(version);
        var compilation = GeneratorHarness.Compile()
            .RemoveAllSyntaxTrees()
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, options, "File1.cs", System.Text.Encoding.UTF8));
        var driver = GeneratorHarness.Driver().WithUpdatedParseOptions(options).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        return new GeneratorRun(driver, compilation, (CSharpCompilation)output);
    }
}
