using System.Runtime.Intrinsics.X86;

namespace CnnGen.Runtime;

/// <summary>The instructions that kernels are written in.</summary>
public enum InstructionSet
{
    /// <summary>One float at a time, on any machine.</summary>
    Scalar,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors: AVX-512 F, DQ and VL.</summary>
    Avx512,
}

/// <summary>What this machine can run.</summary>
public static class InstructionSets
{
    /// <summary>The environment variable that lowers <see cref="Best"/>: <c>avx512</c>, <c>avx2</c> or <c>scalar</c>.</summary>
    public const string Variable = "CNNGEN_INSTRUCTION_SET";

    /// <summary>The fastest set that this machine supports, or the one that <see cref="Variable"/> names.</summary>
    /// <exception cref="InvalidOperationException">The variable names no instruction set, or one that this machine lacks.</exception>
    public static InstructionSet Best => Choose(Environment.GetEnvironmentVariable(Variable), Supported);

    private static InstructionSet Supported =>
        IsSupported(InstructionSet.Avx512) ? InstructionSet.Avx512
        : IsSupported(InstructionSet.Avx2) ? InstructionSet.Avx2
        : InstructionSet.Scalar;

    /// <summary>True where this machine (under NativeAOT: this build) can run <paramref name="set"/>.</summary>
    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Scalar => true,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.Avx512 => Avx512F.IsSupported && Avx512F.VL.IsSupported && Avx512DQ.IsSupported && Fma.IsSupported,
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "There is no such instruction set."),
    };

    internal static InstructionSet Choose(string? wanted, InstructionSet supported)
    {
        if (string.IsNullOrWhiteSpace(wanted))
            return supported;
        var set = wanted.Trim().ToLowerInvariant() switch
        {
            "avx512" => InstructionSet.Avx512,
            "avx2" => InstructionSet.Avx2,
            "scalar" => InstructionSet.Scalar,
            _ => throw new InvalidOperationException(
                $"The environment variable {Variable} is '{wanted}'. It may be avx512, avx2 or scalar; unset, the fastest that the machine supports is used."),
        };
        if (set > supported)
        {
            throw new InvalidOperationException(
                $"The environment variable {Variable} asks for {set}, which this machine does not support; the best it has is {supported}. Unset the variable or name a lower set.");
        }

        return set;
    }
}
