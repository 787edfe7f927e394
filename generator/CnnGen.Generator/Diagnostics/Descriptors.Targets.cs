using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Diagnostics;

/// <summary>What is said of a target that a project or a network has nothing for.</summary>
internal static partial class Descriptors
{
    private const string Target = "CnnGen.Target";

    private static DiagnosticDescriptor[] OfTargets() =>
    [
        Create(
            "CNN6001",
            Target,
            "ILGPU is not referenced",
            "{0} is for Targets.Ilgpu, but the project has no reference to {1}. Write {2} into an ItemGroup of the project file, or remove Targets.Ilgpu."),
        Create(
            "CNN6002",
            Target,
            "ILGPU in a program without a compiler",
            "{0} is for Targets.Ilgpu, but the project is published with NativeAOT (PublishAot), where ILGPU has no compiler at run time. Remove PublishAot from the project file, or Targets.Ilgpu."),
        Create(
            "CNN6004",
            Target,
            "Channels last on GPUs",
            "{0} has Layout.ChannelsLast, but kernels for Targets.Ilgpu read and write planes (C x H x W). Remove Layout, or Targets.Ilgpu."),
    ];
}
