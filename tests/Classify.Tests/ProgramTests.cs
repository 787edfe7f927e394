using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using ClassifySample.Reporting;

namespace ClassifySample.Tests;

/// <summary>The command in this process.</summary>
public sealed class ProgramTests
{
    [Fact]
    public void Every_digit_of_the_sample_is_recognised()
    {
        Assert.Equal(20, Repository.Digits.Count);

        var (exit, output, error) = Run([.. Repository.Digits]);

        Assert.Equal((0, ""), (exit, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Repository.Digits.Count, lines.Length);
        foreach (var (file, line) in Repository.Digits.Zip(lines))
            Assert.StartsWith($"{file}:  {Path.GetFileName(file)[6]} ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_an_object_a_line_with_the_classes_in_order()
    {
        var (exit, output, _) = Run("--json", "--top=10", Repository.Digits[0], Repository.Digits[^1]);

        Assert.Equal(0, exit);
        var objects = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([Repository.Digits[0], Repository.Digits[^1]], objects.Select(one => one.GetProperty("file").GetString()));
        foreach (var one in objects)
        {
            var classes = one.GetProperty("classes").EnumerateArray().ToList();
            Assert.Equal(Enumerable.Range(0, 10), classes.Select(c => int.Parse(c.GetProperty("class").GetString()!)).Order());
            var probabilities = classes.Select(c => c.GetProperty("probability").GetSingle()).ToList();
            Assert.Equal(probabilities.OrderDescending(), probabilities);
            Assert.InRange(probabilities.Sum(), 0.99999f, 1.00001f);
        }
    }

    [Fact]
    public void A_files_name_is_escaped_in_json()
    {
        using var folder = new TemporaryFolder();
        var name = folder.Path("a \"b\" \\ \n é \u0001.pgm");
        File.Copy(Repository.Digits.First(file => file.EndsWith(".pgm", StringComparison.Ordinal)), name);

        var (_, output, _) = Run("--json", name);

        Assert.Equal(name, JsonDocument.Parse(output).RootElement.GetProperty("file").GetString());
    }

    [Fact]
    public void A_JPEG_is_read_too()
    {
        var (exit, output, error) = Run(Path.Combine(Repository.Root, "tests", "Classify.Tests", "digit-7.jpg"));

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(":  7 ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Dark_ink_on_light_paper_is_inverted()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Path("dark.pgm");
        var light = File.ReadAllBytes(Repository.Digits.Single(one => one.EndsWith("digit-7-07.pgm", StringComparison.Ordinal)));
        File.WriteAllBytes(file, [.. light[..^784], .. light[^784..].Select(value => (byte)(255 - value))]);

        Assert.Contains(":  7 ", Run("--invert", file).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(":  7 ", Run(file).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_weights_of_a_file_are_those_inside()
    {
        var weights = Path.Combine(Repository.Sample, "lenet5.safetensors");

        Assert.Equal(Run("--json", Repository.Digits[3]), Run("--json", "--weights", weights, Repository.Digits[3]));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_and_the_others_are_classified()
    {
        using var folder = new TemporaryFolder();
        var (empty, missing, away) = (folder.Path("empty.png"), folder.Path("missing.png"), folder.Path("no/file.png"));
        File.WriteAllBytes(empty, []);

        var (exit, output, error) = Run(empty, Repository.Digits[0], missing, away, folder.Path(""));

        Assert.Equal(1, exit);
        Assert.StartsWith(Repository.Digits[0], output, StringComparison.Ordinal);
        Assert.Equal(
            $"classify: {empty}: the file is empty; an image was expected (PNG, JPEG, BMP, GIF and PNM)\n"
                + $"classify: {missing}: there is no such file\n"
                + $"classify: {away}: there is no such folder\n"
                + $"classify: {folder.Path("")}: it is a folder; an image was expected\n",
            error);
    }

    [Fact]
    public void Weights_of_another_network_are_told()
    {
        using var folder = new TemporaryFolder();
        var weights = folder.Path("weights.safetensors");
        var header = "{\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"u8;
        File.WriteAllBytes(weights, [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. header, 0, 0, 0, 0]);

        var (exit, output, error) = Run("--weights", weights, Repository.Digits[0]);

        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith($"classify: {weights}: ", error, StringComparison.Ordinal);
        Assert.Contains("conv1.weight has the shape", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData(new string[0], "no image is named")]
    [InlineData(new[] { "--json" }, "no image is named")]
    [InlineData(new[] { "--jsno", "a.png" }, "there is no option --jsno")]
    [InlineData(new[] { "-x" }, "there is no option -x")]
    [InlineData(new[] { "--json=1", "a.png" }, "--json takes no value")]
    [InlineData(new[] { "a.png", "--top" }, "--top needs a number from 1 to 10")]
    [InlineData(new[] { "--top", "0", "a.png" }, "--top needs a number from 1 to 10, not '0'")]
    [InlineData(new[] { "--top", "11", "a.png" }, "--top needs a number from 1 to 10, not '11'")]
    [InlineData(new[] { "--top=+3", "a.png" }, "--top needs a number from 1 to 10, not '+3'")]
    [InlineData(new[] { "--weights", "" }, "--weights needs a file's name")]
    [InlineData(new[] { "" }, "a file's name is empty")]
    public void A_wrong_command_line_is_told(string[] arguments, string message) =>
        Assert.Equal((2, "", $"classify: {message} (--help lists the options)\n"), Run(arguments));

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_names_every_option(string option)
    {
        var (exit, output, error) = Run("a.png", option);

        Assert.Equal((0, ""), (exit, error));
        Assert.All(new[] { "--top N", "--json", "--invert", "--weights FILE", "--help", "Exit code" }, text => Assert.Contains(text, output, StringComparison.Ordinal));
    }

    [Fact]
    public void What_follows_two_hyphens_is_a_file() =>
        Assert.Equal((1, "", "classify: --json: there is no such file\n"), Run("--", "--json"));

    [Fact]
    public void Where_nobody_reads_it_ends_without_a_word()
    {
        if (OperatingSystem.IsWindows())
            return; // There the console's own streams are written, which take a closed pipe for a full success.
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.DisposeLocalCopyOfClientHandle();
        using var output = new UnixStream((int)pipe.SafePipeHandle.DangerousGetHandle());
        using var error = new MemoryStream();

        Assert.Equal(ExitCode.ReaderGone, Program.RunToTheEnd([Repository.Digits[0]], new Output(output, error)));
        Assert.Equal(0, error.Length);
    }

    [Fact]
    public void Output_that_cannot_be_written_is_told()
    {
        using var output = new FullStream();
        using var error = new MemoryStream();

        Assert.Equal(1, Program.RunToTheEnd([Repository.Digits[0]], new Output(output, error)));
        Assert.Equal("classify: standard output can't be written: the disk is full\n", Encoding.UTF8.GetString(error.ToArray()));
        Assert.Equal(1, Program.RunToTheEnd([Repository.Digits[0]], new Output(output, output)));
    }

    private static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var exit = Program.Run(arguments, new Output(output, error));
        return (exit, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("the disk is full");
    }
}
