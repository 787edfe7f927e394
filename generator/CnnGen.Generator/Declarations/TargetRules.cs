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
