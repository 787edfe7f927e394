using CnnGen.Runtime;
using NativeTraining;

namespace ClassifySample.Tests.Published;

/// <summary>Training as a native program: <c>tests/NativeTraining</c>, published.</summary>
public sealed class TrainingTests
{
    [LongPublishedFact]
    public void A_native_program_warms_up_trains_saves_and_predicts_with_the_bits_of_the_JIT()
    {
        using var folder = new TemporaryFolder();
        var log = Toolchain.Run(
            "dotnet", ["publish", "-c", "Release", Path.Combine(Repository.Root, "tests", "NativeTraining"), "-o", folder.Path("published"), "--nologo"]).Checked();
        Assert.DoesNotContain("warning", log, StringComparison.OrdinalIgnoreCase);

        var native = Toolchain.Run(folder.Path("published/native-training"), [folder.Path("native.safetensors")]).Checked();

        // Two other threads: results don't depend on their number.
        Assert.Equal(native, Toolchain.Run(folder.Path("published/native-training"), [folder.Path("again.safetensors")], ("CNNGEN_THREADS", "2")).Checked());
        Assert.StartsWith("accuracy 1.000 on Avx2\n", native, StringComparison.Ordinal);
        Assert.Equal(string.Concat(TrainingRun.Run(folder.Path("jit.safetensors"), InstructionSet.Avx2).Select(line => line + "\n")), native);
        Assert.Equal(File.ReadAllBytes(folder.Path("jit.safetensors")), File.ReadAllBytes(folder.Path("native.safetensors")));
    }
}
