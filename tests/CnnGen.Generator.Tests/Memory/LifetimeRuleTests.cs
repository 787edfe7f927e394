using System.Runtime.CompilerServices;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Memory;

/// <summary>
/// The rule by which no memory is freed under who uses it. What a finaliser may free is reached by a pointer only where something holds its owner until the pointer is done
/// with. In emitted code that is the object's <c>ModelUse</c>, which is asked for again in a <c>finally</c>; in the library it is written down here, place by place.
/// </summary>
public sealed class LifetimeRuleTests
{
    /// <summary>Where the library takes a pointer from an object, and what keeps the object alive meanwhile.</summary>
    private static readonly Dictionary<string, string> s_places = new()
    {
        ["PinnedBuffer.Span"] = "tests' guarded memory, which the test holds",
        ["Workspace.Reserve"] = "pointers into a context: the caller holds the model object in use, and the object the workspace",
        ["Workspace.Touch"] = "the caller holds the model object in use",
        ["MemorySource.MemorySource"] = "the owners are fields of the object that keeps the pointer",
        ["MemorySource.Read"] = "GC.KeepAlive(this)",
        ["SafeTensor.Floats"] = "for ModelWeights, whose callers hold the file by a using",
        ["SafeTensorsFile.IsInMemory"] = "only compared with null",
        ["WeightsLoader.LoadFromMemory"] = "the callers hold the file by a using",
        ["WeightsLoader.LoadByReading"] = "a using",
        ["UnixFile.TryLink"] = "the caller holds the handle",
        ["UnixFile.Share"] = "the caller holds the handle",
        ["UnixFile.TryKeepOwner"] = "the caller holds the handle",
    };

    private static readonly Lazy<CSharpCompilation> s_library = new(Library);

    [Fact]
    public void Only_working_memory_has_a_finaliser() => Assert.Equal(
        ["AlignedBuffer"],
        s_library.Value.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<DestructorDeclarationSyntax>()).Select(one => one.Identifier.Text));

    [Fact]
    public void The_library_takes_pointers_from_objects_only_where_something_holds_them()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var tree in s_library.Value.SyntaxTrees)
        {
            var model = s_library.Value.GetSemanticModel(tree);
            foreach (var node in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (model.GetSymbolInfo(node).Symbol is { } symbol && IsPointerOfAnObject(symbol))
                    found.Add(PlaceOf(node));
            }
        }

        Assert.Equal(s_places.Keys.Order(StringComparer.Ordinal), found);
    }

    /// <summary>
    /// ILGPU takes nothing but the address of what it copies, and the garbage collector may move an array in the middle of a copy: so it comes from a fixed statement around the call, or from
    /// page-locked memory, which is never moved and which a field keeps.
    /// </summary>
    [Fact]
    public void Copies_to_and_from_devices_are_of_memory_that_does_not_move()
    {
        var copies = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root(), "src", "CnnGen.Ilgpu"), "*.cs"))
        {
            var root = CSharpSyntaxTree.ParseText(File.ReadAllText(file), GeneratorHarness.ParseOptions, file).GetRoot();
            foreach (var call in root.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(IsCopy))
            {
                copies++;
                var memory = call.ArgumentList.Arguments.Single(argument => argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword)).Expression;
                var isFixed = memory is PrefixUnaryExpressionSyntax { OperatorToken.RawKind: (int)SyntaxKind.AsteriskToken, Operand: IdentifierNameSyntax pointer }
                    && call.Ancestors().OfType<FixedStatementSyntax>().Any(one => one.Declaration.Variables.Any(variable => variable.Identifier.Text == pointer.Identifier.Text));
                var isLocked = memory.DescendantNodes().OfType<MemberAccessExpressionSyntax>().SingleOrDefault(one => one.Name.Identifier.Text == "Span") is { Expression: IdentifierNameSyntax owner }
                    && call.FirstAncestorOrSelf<MethodDeclarationSyntax>()!.ParameterList.Parameters.Any(
                        parameter => parameter.Identifier.Text == owner.Identifier.Text && parameter.Type!.ToString().StartsWith("PageLockedArray1D<", StringComparison.Ordinal));
                Assert.True(isFixed || isLocked, $"{Path.GetFileName(file)}: {call}");
            }
        }

        Assert.Equal(3, copies);

        static bool IsCopy(InvocationExpressionSyntax call) =>
            call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: var name } && (name.Contains("FromCPU", StringComparison.Ordinal) || name.Contains("ToCPU", StringComparison.Ordinal));
    }

    [Fact]
    public void No_public_class_but_contexts_and_kernels_has_a_pointer()
    {
        var types = typeof(ModelAttribute).Assembly.GetExportedTypes().Where(type => type.IsClass && !type.IsAbstract && !type.IsSubclassOf(typeof(Delegate)));
        var members = types.SelectMany(type => type.GetProperties().Where(property => property.PropertyType.IsPointer).Select(property => $"{type.Name}.{property.Name}")
            .Concat(type.GetMethods().Where(method => method.ReturnType.IsPointer && !method.IsSpecialName).Select(method => $"{type.Name}.{method.Name}")));

        Assert.Equal([], members);
    }

    [Fact]
    public void Emitted_code_uses_working_memory_only_while_the_object_is_in_use()
    {
        var run = GeneratorHarness.Run(
            StandardModels.LeNet5,
            StandardModels.Everything,
            "[Model(16, 8, 8, Features = \"Conv1, ReLU1\")] [Conv2D(32, 3, Padding = 1, Algorithm = ConvAlgorithm.Winograd2x2), ReLU, Dense(3)] public partial class Prepared;");
        Assert.DoesNotContain(run.Diagnostics, one => one.Severity == DiagnosticSeverity.Error);
        var (uses, cores) = (0, 0);
        foreach (var tree in run.Output.SyntaxTrees.Where(tree => !run.Input.ContainsSyntaxTree(tree)))
        {
            var isKernel = tree.FilePath.EndsWith("Avx512.g.cs", StringComparison.Ordinal)
                || tree.FilePath.EndsWith("Avx2.g.cs", StringComparison.Ordinal)
                || tree.FilePath.EndsWith("Scalar.g.cs", StringComparison.Ordinal);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<IdentifierNameSyntax>())
            {
                var method = name.FirstAncestorOrSelf<MethodDeclarationSyntax>();
                switch (name.Identifier.Text)
                {
                    // The methods in which pointers are, called by whoever has the object in use, or by one another.
                    case "PredictCore" or "TrainCore" or "FeaturesCore" or "WarmupCore" when method is not { Identifier.Text: "WarmupCore" }:
                        uses++;
                        Assert.True(IsHeld(name), $"{tree.FilePath}: {method} calls {name} and does not hold the object.");
                        break;
                    case "DisposeCore":
                        Assert.Contains(name.FirstAncestorOrSelf<IfStatementSyntax>()?.Condition.ToString(), new[] { "_use.Exit()", "_use.Dispose()" });
                        break;
                    case "_workspace" or "_pixelImages" or "_featurePasses":
                        cores++;
                        Assert.True(method is { Identifier.Text: "PredictCore" or "TrainCore" or "FeaturesCore" or "WarmupCore" or "DisposeCore" } || IsHeld(name), $"{tree.FilePath}: {method}");
                        break;
                    case "NativeMemory" or "GCHandle" or "Marshal" or "AlignedBuffer":
                        Assert.Fail($"{tree.FilePath}: emitted code has memory of its own: {name.Parent}");
                        break;
                }
            }

            // Outside the kernels, which are given pointers, a pointer comes from a fixed statement, which holds what it points into.
            foreach (var declaration in tree.GetRoot().DescendantNodes().OfType<VariableDeclarationSyntax>().Where(one => !isKernel && one.Type is PointerTypeSyntax))
                Assert.IsType<FixedStatementSyntax>(declaration.Parent);
        }

        Assert.Equal((3 * 4) + 1, uses);
        Assert.InRange(cores, 3 * 6, 3 * 20);
    }

    /// <summary>Whether a statement stands in a try block that begins right after the object is taken in use, and gives it back in the end.</summary>
    private static bool IsHeld(SyntaxNode node)
    {
        for (var block = node.FirstAncestorOrSelf<TryStatementSyntax>(); block is not null; block = block.Parent?.FirstAncestorOrSelf<TryStatementSyntax>())
        {
            var statements = ((BlockSyntax)block.Parent!).Statements;
            var before = statements.IndexOf(block) - 1;
            if (block.Block.Span.Contains(node.Span)
                && before >= 0
                && statements[before].ToString().StartsWith("_use.Enter(", StringComparison.Ordinal)
                && block.Finally?.ToString().Contains("_use.Exit()", StringComparison.Ordinal) == true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An instance member that gives a pointer (or a handle as a number): nothing in it says how long the object must live.</summary>
    private static bool IsPointerOfAnObject(ISymbol symbol)
    {
        if (symbol.IsStatic || symbol.ContainingType is not { TypeKind: TypeKind.Class or TypeKind.Struct } owner)
            return false;
        if (symbol is IMethodSymbol { Name: "DangerousGetHandle" })
            return true;
        var type = (symbol as IPropertySymbol)?.Type ?? (symbol as IMethodSymbol)?.ReturnType;
        return type is IPointerTypeSymbol && (owner.TypeKind == TypeKind.Class || owner.Name == "MemoryHandle");
    }

    private static string PlaceOf(SyntaxNode node)
    {
        var member = node.FirstAncestorOrSelf<MemberDeclarationSyntax>()!;
        var type = member.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.Identifier.Text;
        return type + "." + member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
            _ => member.Kind().ToString(),
        };
    }

    /// <summary>The library, from its sources.</summary>
    private static CSharpCompilation Library()
    {
        var folder = Path.Combine(Root(), "src", "CnnGen");
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));
        const string Usings = """
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            global using System.Threading;
            """;
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var compilation = CSharpCompilation.Create(
            "CnnGen",
            files.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), GeneratorHarness.ParseOptions, path))
                .Append(CSharpSyntaxTree.ParseText(Usings, GeneratorHarness.ParseOptions)),
            Directory.EnumerateFiles(framework, "*.dll").Where(IsManaged).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

        // Symbols that don't bind would hide what is looked for.
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return compilation;
    }

    private static bool IsManaged(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new System.Reflection.PortableExecutable.PEReader(file);
        return image.HasMetadata;
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
