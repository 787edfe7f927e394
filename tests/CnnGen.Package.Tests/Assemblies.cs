using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CnnGen.Package.Tests;

/// <summary>What is written in an assembly, without loading it.</summary>
internal static class Assemblies
{
    /// <summary>Whether the JIT may optimise its code: it carries no <see cref="DebuggableAttribute"/> that forbids it.</summary>
    public static bool IsOptimized(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        var metadata = reader.GetMetadataReader();
        foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(handle);
            var type = metadata.GetTypeReference((TypeReferenceHandle)metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent);
            if (metadata.GetString(type.Name) != nameof(DebuggableAttribute))
                continue;

            // The prolog, then the one argument: the modes.
            var blob = metadata.GetBlobReader(attribute.Value);
            blob.ReadUInt16();
            return ((DebuggableAttribute.DebuggingModes)blob.ReadInt32() & DebuggableAttribute.DebuggingModes.DisableOptimizations) == 0;
        }

        return true;
    }
}
