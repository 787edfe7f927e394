using CnnGen.Generator.Arguments;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Declarations;

/// <summary>Whether the project references what emitted code for a target calls.</summary>
internal static class TargetRules
{
    /// <summary>What emitted code for GPUs is compiled against, and the line that brings each.</summary>
    private static readonly (string Type, string Name, string Line)[] s_references =
    [
        ("ILGPU.Runtime.Accelerator", "ILGPU", "<PackageReference Include=\"ILGPU\" Version=\"1.5.3\" />"),
        ("CnnGen.Ilgpu.GpuProgram", "CnnGen.Ilgpu", "<ProjectReference Include=\"src/CnnGen.Ilgpu/CnnGen.Ilgpu.csproj\" />"),
    ];

    /// <summary>Whether a class says that it is for GPUs too, as far as C# understands what it says.</summary>
    public static bool IsForGpu(INamedTypeSymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.NamedArguments.Any(argument => argument is { Key: "Targets", Value: { Kind: TypedConstantKind.Enum, Value: int targets } } && (targets & (int)TargetKinds.Ilgpu) != 0));

    /// <summary>Whether the project has the types that the members for GPUs name.</summary>
    public static bool HasTypes(Compilation compilation) => Array.TrueForAll(s_references, reference => compilation.GetTypeByMetadataName(reference.Type) is not null);

    public static IEnumerable<LocatedProblem> Check(string model, DeclaredItem declared, AttributeLocations locations, Compilation compilation)
    {
        if (declared.Find("Targets")?.Value is not ArgumentValue.Member value || (value.Value & (int)TargetKinds.Ilgpu) == 0)
            yield break;
        foreach (var (type, name, line) in s_references)
        {
            if (compilation.GetTypeByMetadataName(type) is null)
            {
                yield return new LocatedProblem(new Problem("CNN6001", "Targets", [model, name, line]), locations.Find("Targets"));
                yield break;
            }
        }
    }
}
