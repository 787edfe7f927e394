using System.Diagnostics.CodeAnalysis;
using CnnGen.Generator.Tests.Support;
using CnnGen.Ilgpu;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>What a project needs for GPUs: CNN6001 and CNN6002.</summary>
public sealed class TargetTests
{
    private const string ForGpu = "[Model(1, 8, 8, Targets = Targets.Cpu | Targets.Ilgpu)] [Conv2D(2, 3), Dense(2)] public partial class Net;";

    [Fact]
    public void A_project_without_ILGPU_is_told_the_line_that_brings_it()
    {
        var whole = GeneratorHarness.Compile(ForGpu);
        var gpu = whole.References.Single(reference => reference.Display == typeof(GpuProgram).Assembly.Location);

        var diagnostic = Assert.Single(GeneratorHarness.RunWithoutCode(whole.RemoveReferences(gpu)).Diagnostics);

        Assert.Equal("CNN6001", diagnostic.Id);
        Assert.Equal("Targets = Targets.Cpu | Targets.Ilgpu", diagnostic.Marked());
        Assert.Equal(
            "Net is for Targets.Ilgpu, but the project has no reference to ILGPU. Write <PackageReference Include=\"ILGPU\" Version=\"1.5.3\" /> into an ItemGroup of the project file, or remove Targets.Ilgpu.",
            diagnostic.Text());
        Assert.Empty(GeneratorHarness.RunWithoutCode(whole).Diagnostics);
    }

    [Fact]
    public void A_project_with_ILGPU_alone_is_told_the_other_line()
    {
        var whole = GeneratorHarness.Compile(ForGpu, "namespace ILGPU.Runtime { public class Accelerator; }");
        var gpu = whole.References.Single(reference => reference.Display == typeof(GpuProgram).Assembly.Location);

        var diagnostic = Assert.Single(GeneratorHarness.RunWithoutCode(whole.RemoveReferences(gpu)).Diagnostics);

        Assert.Equal("CNN6001", diagnostic.Id);
        Assert.Contains("no reference to CnnGen.Ilgpu. Write <ProjectReference Include=", diagnostic.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_native_program_is_told_that_ILGPU_has_no_compiler_there()
    {
        var compilation = GeneratorHarness.Compile(ForGpu);

        var diagnostic = Assert.Single(Run(compilation, "true"));

        Assert.Equal("CNN6002", diagnostic.Id);
        Assert.Equal("Targets = Targets.Cpu | Targets.Ilgpu", diagnostic.Marked());
        Assert.Equal(
            "Net is for Targets.Ilgpu, but the project is published with NativeAOT (PublishAot), where ILGPU has no compiler at run time. Remove PublishAot from the project file, or Targets.Ilgpu.",
            diagnostic.Text());
        Assert.Empty(Run(compilation, ""));
        Assert.Empty(Run(GeneratorHarness.Compile(ForGpu.Replace(" | Targets.Ilgpu", "", StringComparison.Ordinal)), "true"));
    }

    [Fact]
    public void The_members_for_GPUs_are_reserved_in_classes_for_GPUs_alone()
    {
        const string Cpu = """[Model(1, 8, 8)] [Conv2D(2, 3, Name = "OnGpu"), Dense(2)] public partial class Net;""";
        const string CpuWithMember = "[Model(1, 8, 8)] [Conv2D(2, 3), Dense(2)] public partial class Net { public int OnGpu => 1; }";
        Assert.Empty(GeneratorHarness.RunWithoutCode(Cpu, CpuWithMember.Replace("Net", "Other", StringComparison.Ordinal)).Diagnostics);

        Assert.Equal("CNN3005", Assert.Single(GeneratorHarness.RunWithoutCode(Gpu(Cpu)).Diagnostics).Id);
        Assert.Equal("CNN3007", Assert.Single(GeneratorHarness.RunWithoutCode(Gpu(CpuWithMember)).Diagnostics).Id);

        static string Gpu(string source) => source.Replace("8, 8)", "8, 8, Targets = Targets.Cpu | Targets.Ilgpu)", StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_uses_a_GPU_has_no_errors_of_its_own_where_the_declaration_has_one()
    {
        const string Use = """
            using CnnGen.Ilgpu;

            public static class User
            {
                public static double Use(GpuDevice device, float[] images, float[] targets)
                {
                    using var gpu = Net.Create(1).OnGpu(device, batch: 4);
                    gpu.Predict(images, targets, 4);
                    return gpu.TrainStep(images, targets, 4, 1, new Sgd(0.1));
                }
            }
            """;
        var broken = ForGpu.Replace("Dense(2)", "Dense(0)", StringComparison.Ordinal);

        Assert.Empty(GeneratorHarness.RunWithoutPasses(ForGpu, Use).CompilerErrors());
        var run = GeneratorHarness.RunWithoutPasses(broken, Use);
        Assert.Empty(run.CompilerErrors());
        Assert.Single(run.Diagnostics);

        // Without the references the line that is missing is the error, and what uses them has its own.
        var whole = GeneratorHarness.Compile(broken);
        var gpu = whole.References.Single(reference => reference.Display == typeof(GpuProgram).Assembly.Location);
        Assert.DoesNotContain("Ilgpu.Gpu", string.Concat(GeneratorHarness.Run(whole.RemoveReferences(gpu)).Sources.Select(source => source.SourceText.ToString())), StringComparison.Ordinal);
    }

    private static IReadOnlyList<Diagnostic> Run(CSharpCompilation compilation, string publishAot)
    {
        var driver = CSharpGeneratorDriver.Create(
            [new CnnGenerator(GeneratorHarness.WithoutPasses).AsSourceGenerator()], parseOptions: GeneratorHarness.ParseOptions, optionsProvider: new Options(publishAot));
        return driver.RunGenerators(compilation).GetRunResult().Diagnostics;
    }

    private sealed class Options(string publishAot) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(publishAot);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values(string publishAot) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = key == "build_property.PublishAot" ? publishAot : null;
            return value is not null;
        }
    }
}
