using System.Runtime.Intrinsics;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Lets emitted AVX-512 kernels run on a machine without AVX-512: the names at the head of each file stand for <see cref="SimulatedAvx512F"/> then, and for the library's kernels over its own unit of that set, whose source is
/// compiled beside them with the same stand-in; and no model asks whether the set is there. All else of the text stays what users run. Slow, since vectors don't stay in registers.
/// </summary>
internal static class Avx512Simulation
{
    private const string Space = "CnnGen.Simulated";

    private static readonly string s_instructions = $"global::{typeof(SimulatedAvx512F).FullName}";

    private static readonly (string Emitted, string Simulated)[] s_changes =
    [
        ("using Avx512F = global::System.Runtime.Intrinsics.X86.Avx512F;", $"using Avx512F = {s_instructions};"),
        ("using Avx512Kernels = global::CnnGen.Runtime.Avx512Kernels;", $"using Avx512Kernels = {Kernels()};"),
        ("InstructionSets.IsSupported(InstructionSet.Avx512)", "true"),
        ("global::CnnGen.Runtime.ModelChecks.Supported(value)", "value"),
    ];

    private static readonly Lazy<SyntaxTree> s_unit = new(Unit);

    /// <summary>Whether the set has to be simulated here.</summary>
    public static bool IsNeeded { get; } = !InstructionSets.IsSupported(InstructionSet.Avx512);

    /// <summary>What the simulation is written in, which the changed text refers to.</summary>
    private static MetadataReference Reference { get; } = MetadataReference.CreateFromFile(typeof(SimulatedAvx512F).Assembly.Location);

    /// <summary>The same compilation, in whose emitted files the simulation takes the set's place.</summary>
    public static CSharpCompilation Rewrite(CSharpCompilation compilation)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            var text = tree.GetText();
            var before = text.ToString();
            var after = Rewrite(before);
            if (after != before)
                compilation = compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(after, text.Encoding)));
        }

        return AddTo(compilation);
    }

    /// <summary>An emitted file, in which the simulation takes the set's place.</summary>
    public static string Rewrite(string text) => s_changes.Aggregate(text, (now, change) => now.Replace(change.Emitted, change.Simulated, StringComparison.Ordinal));

    /// <summary>Adds what files that are rewritten refer to.</summary>
    public static CSharpCompilation AddTo(CSharpCompilation compilation) => compilation
        .AddSyntaxTrees(s_unit.Value.WithRootAndOptions(s_unit.Value.GetRoot(), compilation.SyntaxTrees[0].Options))
        .AddReferences(Reference);

    /// <summary>The library's own vectors of 16 lanes, over the stand-in.</summary>
    private static SyntaxTree Unit()
    {
        const string Instructions = "using System.Runtime.Intrinsics.X86;";
        const string Library = "namespace CnnGen.Runtime;";
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "CnnGen", "Runtime", "Vectors", "Avx512Unit.cs"));
        Assert.Contains(Instructions, source, StringComparison.Ordinal);
        Assert.Contains(Library, source, StringComparison.Ordinal);
        return GeneratorHarness.Parse(
            source.Replace(
                Instructions,
                $"using CnnGen.Runtime;\nusing Avx = System.Runtime.Intrinsics.X86.Avx;\nusing Avx512DQ = {s_instructions};\nusing Avx512F = {s_instructions};",
                StringComparison.Ordinal).Replace(Library, $"namespace {Space};", StringComparison.Ordinal),
            "Simulated.cs");
    }

    private static string Kernels()
    {
        static string Vector(string of) => $"global::System.Runtime.Intrinsics.{nameof(Vector512)}<{of}>";
        return $"global::CnnGen.Runtime.VectorKernels<global::{Space}.{nameof(Avx512Unit)}, {Vector("float")}, {Vector("uint")}, {Vector("double")}>";
    }
}
