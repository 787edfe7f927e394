using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Emitting;

/// <summary>
/// The namespace in which all stands that is emitted for one model and isn't a member of its class. Names there are found among its own types and its own
/// usings, which C# searches before any namespace around it, any global using and any type of the user's.
/// </summary>
internal static class KernelNamespace
{
    /// <summary>The namespace that holds those of all models.</summary>
    public const string Root = "CnnGen.Generated";

    /// <summary>The namespace of the kernels that several models of an assembly call.</summary>
    public const string Shared = "CnnGen.SharedKernels";

    /// <summary>What emitted code calls by a short name, and what it means.</summary>
    private static readonly (string Name, string Meaning)[] s_aliases =
    [
        ("Avx", "System.Runtime.Intrinsics.X86.Avx"),
        ("Avx2Kernels", "CnnGen.Runtime.Avx2Kernels"),
        ("Avx512F", "System.Runtime.Intrinsics.X86.Avx512F"),
        ("Avx512Kernels", "CnnGen.Runtime.Avx512Kernels"),
        ("AxisTable", "CnnGen.Runtime.AxisTable"),
        ("BatchNormalization", "CnnGen.Runtime.BatchNormalization"),
        ("ChannelKernels", "CnnGen.Runtime.ChannelKernels"),
        ("Fma", "System.Runtime.Intrinsics.X86.Fma"),
        ("InstructionSet", "CnnGen.Runtime.InstructionSet"),
        ("InstructionSets", "CnnGen.Runtime.InstructionSets"),
        ("Math", "System.Math"),
        ("MathF", "System.MathF"),
        ("PredictionContext", "CnnGen.Runtime.PredictionContext"),
        ("RectifierRule", "CnnGen.RectifierRule"),
        ("ScalarKernels", "CnnGen.Runtime.ScalarKernels"),
        ("Sse", "System.Runtime.Intrinsics.X86.Sse"),
        ("Startup", "CnnGen.Runtime.Startup"),
        ("TrainingContext", "CnnGen.Runtime.TrainingContext"),
        ("Vector256", "System.Runtime.Intrinsics.Vector256"),
        ("Vector512", "System.Runtime.Intrinsics.Vector512"),
        ("WorkerTeam", "CnnGen.Runtime.WorkerTeam"),

        // Keywords only where no type has their name, as one of the user's might.
        ("nint", "System.IntPtr"),
        ("nuint", "System.UIntPtr"),
    ];

    /// <summary>What the kernels for ILGPU and what launches them call by a short name.</summary>
    private static readonly (string Name, string Meaning)[] s_gpuAliases =
    [
        ("Accelerator", "ILGPU.Runtime.Accelerator"),
        ("Float4", "CnnGen.Ilgpu.Float4"),
        ("Floats", "ILGPU.ArrayView<float>"),
        ("GpuMath", "CnnGen.Ilgpu.GpuMath"),
        ("GpuMemory", "CnnGen.Ilgpu.GpuMemory"),
        ("GpuParameter", "CnnGen.Ilgpu.GpuParameter"),
        ("GpuProgram", "CnnGen.Ilgpu.GpuProgram"),
        ("GpuRegions", "CnnGen.Ilgpu.GpuRegions"),
        ("GpuSizes", "CnnGen.Ilgpu.GpuSizes"),
        ("Grid", "ILGPU.Grid"),
        ("Group", "ILGPU.Group"),
        ("KernelConfig", "ILGPU.KernelConfig"),
        ("Math", "System.Math"),
        ("MathF", "System.MathF"),
        ("Quads", "ILGPU.ArrayView<global::CnnGen.Ilgpu.Float4>"),
        ("SharedMemory", "ILGPU.SharedMemory"),
    ];

    /// <summary>The last part of the name: the class's full name in one word, which no other class's is.</summary>
    public static string NameOf(string? space, EquatableArray<ContainingType> containingTypes, string className)
    {
        var full = HintNames.Of(space, containingTypes, className);
        var name = full.Replace('.', '_');

        // A_B may be a class A_B, or B in A.
        return Identifiers.Escape(full.Contains('_') ? name + HintNames.Suffix(full).Replace('-', '_') : name);
    }

    /// <summary>
    /// The usings of what was written, one a line: aliases, since a namespace may hold types of the user's too, and the namespaces of generic types and their
    /// extensions.
    /// </summary>
    public static IEnumerable<string> Usings(string text) =>
    [
        "using global::System;",
        "using global::System.Runtime.Intrinsics;",
        .. s_aliases.Where(alias => CodeText.HasWord(text, alias.Name)).Select(alias => $"using {alias.Name} = global::{alias.Meaning};"),
    ];

    /// <summary>The usings of what was written for ILGPU.</summary>
    public static IEnumerable<string> GpuUsings(string text) =>
    [
        "using global::System;",
        .. text.Contains(".LoadStreamKernel<") ? (string[])["using static global::ILGPU.Runtime.KernelLoaders;"] : [],
        .. s_gpuAliases.Where(alias => CodeText.HasWord(text, alias.Name)).Select(alias => $"using {alias.Name} = global::{alias.Meaning};"),
    ];
}
