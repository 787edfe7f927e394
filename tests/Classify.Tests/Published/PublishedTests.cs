using System.Text;
using ClassifySample.Reporting;

namespace ClassifySample.Tests.Published;

/// <summary>The native programs: what they print is what the JIT's run prints, to the last bit, on every instruction set.</summary>
public sealed class PublishedTests(PublishedFixture published) : IClassFixture<PublishedFixture>
{
    private const string WithoutAvx512 = "glibc.cpu.hwcaps=-AVX512F";
    private const string WithoutAvx2 = "glibc.cpu.hwcaps=-AVX2";

    private static string[] All => ["--json", "--top", "10", .. Repository.Digits];

    [PublishedFact]
    public void Publishing_warns_of_nothing() => Assert.DoesNotContain("warning", published.Log, StringComparison.OrdinalIgnoreCase);

    [PublishedFact]
    public void The_command_prints_what_it_prints_under_the_JIT() => Assert.Equal(UnderJit(), Toolchain.Run(published.Command, All).Checked());

    [PublishedFact]
    public void The_command_keeps_to_its_exit_codes()
    {
        var failed = Toolchain.Run(published.Command, ["missing.png"]);
        var wrong = Toolchain.Run(published.Command, ["--wrong"]);

        Assert.Equal((1, "classify: missing.png: there is no such file\n"), (failed.Exit, failed.Error));
        Assert.Equal((2, "classify: there is no option --wrong (--help lists the options)\n"), (wrong.Exit, wrong.Error));
    }

    [PublishedFact]
    public void The_command_and_the_folders_end_without_a_word_where_nobody_reads()
    {
        foreach (var command in new[] { published.Command, Path.Combine(published.Folder, "classify") })
        {
            // The pipe's reader has ended before the command starts.
            var ended = Toolchain.Run("bash", ["-c", "exec 3> >(true); wait $!; \"$@\" >&3", "bash", command, .. Repository.Digits]);

            Assert.Equal((141, "", ""), (ended.Exit, ended.Output, ended.Error));
        }
    }

    [PublishedFact]
    public void The_command_is_small()
    {
        var weights = new FileInfo(Path.Combine(Repository.Sample, "lenet5.safetensors")).Length;

        Assert.InRange(new FileInfo(published.Command).Length - weights, 1, 2_500_000);
    }

    [PublishedFact]
    public void The_folder_prints_the_same_with_every_instruction_set()
    {
        var expected = UnderJit();
        var command = Path.Combine(published.Folder, "classify");

        Assert.Equal(expected, Toolchain.Run(command, All).Checked());
        Assert.Equal(expected, Toolchain.Run(command, All, ("GLIBC_TUNABLES", WithoutAvx512)).Checked());
        Assert.Equal(expected, Toolchain.Run(command, All, ("GLIBC_TUNABLES", WithoutAvx2)).Checked());
    }

    [PublishedFact("qemu-x86_64")]
    public void The_folder_runs_on_processors_without_AVX512_and_without_AVX()
    {
        var command = Path.Combine(published.Folder, "classify");
        var expected = UnderJit();
        foreach (var processor in new[] { "Haswell", "Nehalem" })
            Assert.Equal(expected, Toolchain.Run("qemu-x86_64", ["-cpu", processor, command, .. All]).Checked());
    }

    [PublishedFact]
    public void A_C_program_links_with_the_library_and_gets_the_one_for_its_processor()
    {
        var program = published.NewFile("uses_cnn");
        var source = Path.Combine(Repository.Root, "tests", "Classify.Tests", "Published", "uses_cnn.c");
        Toolchain.Run(
            "gcc",
            [
                "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-I", published.Folder, "-o", program, source,
                "-L", published.Folder, "-lclassify", "-Wl,-rpath," + published.Folder,
            ]).Checked();
        string[] arguments = [Path.Combine(Repository.Sample, "lenet5.safetensors"), .. Repository.Digits];
        var sets = Environment.GetEnvironmentVariable("GLIBC_TUNABLES") is null
            ? new[] { ("glibc.cpu.hwcaps=", BestSet()), (WithoutAvx512, Least("avx2")), (WithoutAvx2, "scalar") }
            : [];

        Assert.NotEmpty(sets);
        foreach (var (tunables, set) in sets)
            Assert.Equal($"{set}\nall is well\n", Toolchain.Run(program, arguments, ("GLIBC_TUNABLES", tunables)).Checked());
    }

    [PublishedFact]
    public void A_host_that_closes_the_library_and_loads_it_again_goes_on()
    {
        var program = published.NewFile("unloads_cnn");
        var source = Path.Combine(Repository.Root, "tests", "Classify.Tests", "Published", "unloads_cnn.c");
        Toolchain.Run("gcc", ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-I", published.Folder, "-o", program, source, "-ldl"]).Checked();

        Assert.Equal("all is well\n", Toolchain.Run(program, [Path.Combine(published.Folder, "libclassify.so")]).Checked());
    }

    [PublishedFact("python3")]
    public void Python_calls_the_library_through_ctypes()
    {
        var script = """
            import ctypes, sys
            library = ctypes.CDLL("libclassify.so")
            library.cnn_last_error.restype = ctypes.c_char_p
            model, scores = ctypes.c_void_p(), (ctypes.c_float * 10)()
            image = open(sys.argv[1], "rb").read()
            assert library.cnn_open(None, ctypes.byref(model)) == 0, library.cnn_last_error()
            assert library.cnn_predict_image(model, image, ctypes.c_size_t(len(image)), scores) == 0, library.cnn_last_error()
            print(max(range(10), key=lambda i: scores[i]))
            assert library.cnn_predict_image(model, b"x", ctypes.c_size_t(1), scores) == 3
            print(library.cnn_last_error().decode())
            """;

        var printed = Toolchain.Run("python3", ["-c", script, Repository.Digits[6]], ("LD_LIBRARY_PATH", published.Folder)).Checked();

        Assert.Equal(
            $"{Path.GetFileName(Repository.Digits[6])[6]}\ncnn_predict_image: no image of a known format: it begins with 78; PNG, JPEG, BMP, GIF and PNM are read\n",
            printed);
    }

    private static string UnderJit()
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        Assert.Equal(0, Program.Run(All, new Output(output, error)));
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string BestSet() => System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? "avx512" : Least("avx2");

    private static string Least(string set) => System.Runtime.Intrinsics.X86.Avx2.IsSupported ? set : "scalar";
}
