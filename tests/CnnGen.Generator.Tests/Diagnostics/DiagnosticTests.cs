using System.Globalization;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Diagnostics;

public sealed class DiagnosticTests
{
    private static readonly IReadOnlyList<DiagnosticCase> s_cases =
        [.. FormCases.Form, .. FormCases.Arguments, .. NetworkCases.Shapes, .. NetworkCases.LossAndNames, .. BranchCases.All, .. BlockCases.All, .. HabitCases.All];

    public static TheoryData<string> Cases => [.. s_cases.Select(one => one.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_fault_is_one_diagnostic_in_its_place_with_its_text(string label)
    {
        var one = Find(label);

        var diagnostic = Assert.Single(GeneratorHarness.RunWithoutCode(one.Declaration).Diagnostics);

        Assert.Equal(one.Id, diagnostic.Id);
        Assert.Equal(one.Message, diagnostic.Text());
        Assert.Equal(one.Marked, diagnostic.Marked());
        Assert.Equal(one.Id.StartsWith("CNN5", StringComparison.Ordinal) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error, diagnostic.Severity);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_mend_that_a_message_names_works(string label)
    {
        var one = Find(label);
        Assert.NotEmpty(one.Mends);
        foreach (var mended in one.Mended())
        {
            var run = GeneratorHarness.RunWithoutPasses(mended);
            Assert.Empty(run.Diagnostics);
            Assert.Empty(run.CompilerErrors());
            Assert.NotNull(Assert.Single(run.Resolutions).Request);
        }
    }

    [Theory]
    [InlineData("sv-SE")] // Its minus is U+2212, its decimal separator a comma.
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    [InlineData("tr-TR")] // Its lower-case I has no dot.
    public void Messages_and_sources_are_the_same_in_every_culture(string culture)
    {
        string[] sources =
        [
            .. s_cases.Select(one => one.Declaration),
            "[Model(3, 8, 8)] [Conv2D(6, 3, Padding = 1), ELU(0.5f), Conv2D(6, 3, Name = \"INNER\"), Dense(3), Softmax] public partial class Net;",
        ];
        var expected = sources.Select(Print).ToList();
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            var hostile = (CultureInfo)new CultureInfo(culture).Clone();
            hostile.NumberFormat.NegativeSign = "\u2212";
            hostile.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = hostile;
            CultureInfo.CurrentUICulture = hostile;
            Assert.Equal("\u22121,5", (-1.5).ToString(CultureInfo.CurrentCulture));

            Assert.Equal(expected, sources.Select(Print));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            CultureInfo.CurrentUICulture = beforeUi;
        }
    }

    [Fact]
    public void All_faults_of_numbers_and_names_are_found_at_once()
    {
        var run = GeneratorHarness.Run("""
            [Model(3, 8, 8)]
            [Conv2D(0, 3, Stride = true), ReLU(Name = "a b")]
            [Dense(-1), Softmax]
            public partial class Net;
            """);

        Assert.Equal(["CNN1012", "CNN1013", "CNN3004", "CNN1012"], run.Diagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void A_pragma_turns_a_diagnostic_off_in_its_place()
    {
        var run = GeneratorHarness.Run("""
            #pragma warning disable CNN2001
            [Model(1, 7, 7)]
            [Conv2D(1, 3, Stride = 3)]
            public partial class Net;
            """);

        var suppressed = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("CNN2001", suppressed.Id);
        Assert.True(suppressed.IsSuppressed);
    }

    [Fact]
    public void A_project_that_allows_no_unsafe_code_is_told_to()
    {
        var allowed = GeneratorHarness.Compile("[Model(3, 8, 8), Dense(2)] public partial class Net;");

        var diagnostic = Assert.Single(GeneratorHarness.Run(allowed.WithOptions(allowed.Options.WithAllowUnsafe(false))).Diagnostics);

        Assert.Equal("CNN1015", diagnostic.Id);
        Assert.Equal("Net", diagnostic.Marked());
        Assert.Equal(
            "Net needs a project that allows unsafe code, since the emitted kernels read and write through pointers. "
                + "Write <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file.",
            diagnostic.Text());
        Assert.Empty(GeneratorHarness.Run(allowed).Diagnostics);
    }

    private static DiagnosticCase Find(string label) => s_cases.Single(one => one.ToString() == label);

    private static string Print(string source)
    {
        var run = GeneratorHarness.Run(source);
        return string.Join(
            "\n",
            run.Diagnostics.Select(diagnostic => diagnostic.GetMessage(CultureInfo.CurrentCulture))
                .Concat(run.Sources.Select(file => file.HintName + "\n" + file.SourceText)));
    }
}
