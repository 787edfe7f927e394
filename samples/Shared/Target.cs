using System.CommandLine;

namespace TrainingSamples;

/// <summary>Where a program trains: on the CPU, or on a GPU where it was built with ILGPU.</summary>
internal static class Target
{
    /// <summary>The name of GPUs.</summary>
    public const string Ilgpu = "ilgpu";

    private const string Cpu = "cpu";

    /// <summary>The option.</summary>
    public static Option<string> Option() =>
#if ILGPU
        Options.Choice("--target", "cpu (the default), or ilgpu: the first GPU that there is, or else ILGPU's simulation of one, which is thousands of times slower than the CPU.", Cpu, Ilgpu);
#else
        Options.Choice("--target", "cpu; the program that src/CnnGen.Ilgpu/CnnGen.Gpu.slnx builds takes ilgpu too, a GPU.", Cpu);
#endif
}
