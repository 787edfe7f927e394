using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Structure;

/// <summary>The rules of the house that CONTRIBUTING states, read off the generator's source: which room may know which, and where Roslyn and layers may be named.</summary>
public sealed class RoomTests
{
    /// <summary>The rooms, lowest first; those of one line are one room with a part of its own. Each may name what stands above its line and nothing that stands below it.</summary>
    private static readonly string[][] s_rooms =
    [
        ["Infrastructure"],
        ["Shapes"],
        ["Operations"],
        ["Operations.Rewrites"],
        ["Arguments", "Arguments.Formulas"],
        ["Layers"],
        ["Graph"],
        ["Planning"],
        ["Planning.Cpu", "Planning.Cpu.Costs", "Planning.Cpu.Kernels", "Planning.Cpu.Layouts", "Planning.Cpu.Memory", "Planning.Ilgpu"],
        ["Weights"],
        ["Emitting", "Emitting.Cpu", "Emitting.Ilgpu"],
        ["Declarations"],
        ["Diagnostics"],
        [""], // The pipeline: CnnGenerator.cs.
    ];

    /// <summary>Those that read the user's source code, say what is wrong with it, and connect the two: nothing between them knows a compiler.</summary>
    private static readonly string[] s_roomsWithRoslyn = ["Declarations", "Diagnostics", ""];

    /// <summary>Where a layer is a layer, whichever it is: what a room wants to know of one is a member of <c>Layer</c>.</summary>
    private static readonly string[] s_roomsWithoutLayers =
    [
        "Planning", "Planning.Cpu", "Planning.Cpu.Costs", "Planning.Cpu.Kernels", "Planning.Cpu.Layouts", "Planning.Cpu.Memory", "Planning.Ilgpu",
        "Emitting", "Emitting.Cpu", "Emitting.Ilgpu", "Weights", "Operations", "Operations.Rewrites",
    ];

    private static GeneratorSource Source => GeneratorSource.Read.Value;

    [Fact]
    public void The_source_is_read_as_the_compiler_reads_it()
    {
        Assert.Empty(Source.Compilation.GetDiagnostics().Where(said => said.Severity == DiagnosticSeverity.Error));

        var known = s_rooms.SelectMany(rooms => rooms).ToHashSet();
        Assert.Superset(Source.References.Select(reference => reference.From).ToHashSet(), known);
        Assert.True(Source.References.Length > 10_000);
    }

    [Fact]
    public void No_room_names_one_above_it()
    {
        var heights = s_rooms.SelectMany((rooms, height) => rooms.Select(room => (room, height))).ToDictionary(pair => pair.room, pair => pair.height);

        Assert.Empty(Source.References.Where(reference => heights.TryGetValue(reference.To, out var to) && to > heights[reference.From]).Select(reference => reference.ToString()));
    }

    /// <summary>What both need is a room's own, not one of its targets'.</summary>
    [Fact]
    public void No_target_names_what_is_anothers()
    {
        string[] targets = ["Cpu", "Ilgpu"];
        Assert.All(targets, target => Assert.Contains(Source.References, reference => TargetOf(reference.From) == target && TargetOf(reference.To) == target));

        Assert.Empty(Source.References.Where(reference => TargetOf(reference.From) is { } from && TargetOf(reference.To) is { } to && from != to).Select(reference => reference.ToString()));

        string? TargetOf(string room) => room.Split('.').FirstOrDefault(targets.Contains);
    }

    [Fact]
    public void Roslyn_is_named_where_source_code_is_read_and_where_diagnostics_are_made_and_nowhere_between()
    {
        var roslyn = Source.References.Where(reference => reference.To.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)).ToList();

        Assert.Equal(s_roomsWithRoslyn.Order(), roslyn.Select(reference => reference.From).Distinct().Order());
    }

    [Fact]
    public void No_layer_is_named_where_networks_are_planned_and_emitted()
    {
        Assert.True(Source.References.Count(reference => reference.From == "Layers" && IsLayer(reference.Type)) > 20);

        Assert.Empty(Source.References.Where(reference => s_roomsWithoutLayers.Contains(reference.From) && IsLayer(reference.Type)).Select(reference => reference.ToString()));
    }

    /// <summary>A new layer would have to be added to each.</summary>
    [Fact]
    public void Nothing_chooses_by_the_kind_of_a_layer_but_layers()
    {
        var chosen = Source.References.Where(reference => IsLayer(reference.Type) && IsInPatternOfSwitch(reference.Node)).ToList();

        Assert.NotEmpty(chosen);
        Assert.Empty(chosen.Where(reference => reference.From != "Layers").Select(reference => reference.ToString()));
    }

    [Fact]
    public void A_folder_is_a_namespace()
    {
        foreach (var (path, text) in Source.Files)
        {
            var folder = Path.GetRelativePath(Source.Folder, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.');
            var spaces = CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().Select(space => space.Name.ToString());

            // What netstandard2.0 lacks has to have the framework's names.
            var expected = folder == "." ? "CnnGen.Generator" : "CnnGen.Generator." + folder;
            Assert.All(spaces, space => Assert.True(space == expected || (folder == "Infrastructure" && space.StartsWith("System", StringComparison.Ordinal)), $"{path} is in {space}."));
        }
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var files = new[] { "generator", "src", "samples", "tests", "templates", "tools" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj") && !path.EndsWith(".verified.cs", StringComparison.Ordinal) && !path.EndsWith(".received.cs", StringComparison.Ordinal))
            .ToList();
        Assert.True(files.Count > 400);

        Assert.Empty(files.Select(path => (Path: path, Lines: File.ReadLines(Path.Combine(Repository.Root, path)).Count())).Where(file => file.Lines > 400).Select(file => file.Path));
    }

    /// <summary>One of the layers, not what they have in common.</summary>
    private static bool IsLayer(INamedTypeSymbol type)
    {
        for (var one = type.BaseType; one is not null; one = one.BaseType)
        {
            if (one is { Name: "Layer" } && GeneratorSource.Room(one.ContainingNamespace) == "Layers")
                return true;
        }

        return false;
    }

    private static bool IsInPatternOfSwitch(SyntaxNode name) =>
        name.Ancestors().TakeWhile(node => node is not (StatementSyntax and not SwitchStatementSyntax) and not MemberDeclarationSyntax)
            .Any(node => node is CasePatternSwitchLabelSyntax or CaseSwitchLabelSyntax
                || (node is SwitchExpressionArmSyntax arm && arm.Pattern.Span.Contains(name.Span)));
}
