using System.Diagnostics;
using CnnGen;
using ExplainSample.Looking;
using ExplainSample.Reporting;
using MnistSample.Digits;

namespace ExplainSample.Tests;

/// <summary>The report: one file that needs nothing beside it.</summary>
public sealed class ReportTests
{
    [Fact]
    public void Everything_is_in_one_file()
    {
        var data = DigitArtist.Draw(20_000, 60, seed: 1, threads: 2);
        var trained = ExplainTraining.Of<LeNet5>()(DigitArtist.Draw(0, 200, seed: 1, threads: 2), data, 2);
        using var subject = Subject.Of(LeNet5.Pretrained.Share(), new ExplainData(data, "drawn & <measured>"), trained.History, trained.Evolutions);
        var folder = Directory.CreateTempSubdirectory("explain-report-");
        try
        {
            var path = Report.Write(subject, Path.Combine(folder.FullName, "new"));
            var page = File.ReadAllText(path);

            Assert.Equal("report.html", Path.GetFileName(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
            foreach (var title in (string[])[
                "How it is built", "What it costs", "How it was trained", "How features came about", "Filters", "Feature maps", "Receptive fields", "What excites ReLU1", "What excites ReLU2",
                "What they really see", "Where it looks", "What is a class", "Moved", "Scaled", "Turned", "Do maps go along?", "How its numbers are spread", "A map of the images", "What looks alike to it", "What it takes for what"])
                Assert.Contains($"<h2>{title}</h2>", page, StringComparison.Ordinal);
            Assert.Contains("drawn &amp; &lt;measured&gt;", page, StringComparison.Ordinal);

            // Addresses are places in the page or data; names of XML are no addresses.
            Assert.DoesNotMatch("(src|href)=\"(?!#|data:)", page);
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
            Assert.DoesNotMatch("<img(?![^>]*alt=\"[^\"])", page);

            // The same pictures as files, where they are wanted.
            Report.Write(subject, folder.FullName, hasFiles: true);
            foreach (var name in (string[])[
                "filters.png", "maps.png", "fields.png", "effective.png", "top9-relu2.png", "where.png", "classes.png", "turned.svg", "along.svg", "embedding.png", "neighbours.png", "evolution.png",
                "curves.svg", "confusion.svg", "architecture.svg", "activations.svg"])
                Assert.True(new FileInfo(Path.Combine(folder.FullName, name)).Length > 100, name);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Without_images_it_shows_what_needs_none()
    {
        using var subject = Subject.Of(ColorNet.Create(), null, null, []);
        var (page, files) = Report.Page(subject);

        Assert.Contains("<h2>Filters</h2>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>Feature maps</h2>", page, StringComparison.Ordinal);
        Assert.Equal(["architecture.svg", "filters.png"], files.Keys.Order());
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        var fault = Assert.Throws<ArgumentException>(() => Subject.Of(ColorNet.Create(), new ExplainData(DigitArtist.Draw(0, 1, 1, 1), ""), null, []));
        Assert.Contains("One image at least of 3x12x10 is needed, but there are 1 of 1x28x28.", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--port takes a whole number from 0 to 65535, not 'x'", "--port", "x")]
    [InlineData(2, "--images takes a whole number", "--images", "0")]
    [InlineData(1, "no-such-file.safetensors", "report", "{0}", "--weights", "no-such-file.safetensors")]
    [InlineData(1, "no-such-folder", "report", "{0}", "--data", "no-such-folder")]
    [InlineData(1, "is a file. Name a folder", "report", "{1}")]
    public async Task A_wrong_command_line_is_said(int code, string part, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("explain-command-");
        try
        {
            var file = Path.Combine(folder.FullName, "file");
            await File.WriteAllTextAsync(file, "");
            var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
            start.ArgumentList.Add(typeof(Explain).Assembly.Location);
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument.Replace("{0}", Path.Combine(folder.FullName, "out"), StringComparison.Ordinal).Replace("{1}", file, StringComparison.Ordinal));
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();

            Assert.Equal((code, ""), (process.ExitCode, await output));
            Assert.StartsWith("error: ", said, StringComparison.Ordinal);
            Assert.Contains(part, said, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(folder.FullName, "out")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
