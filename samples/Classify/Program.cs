using ClassifySample.Reporting;
using CnnGen;
using CnnGen.Images;

namespace ClassifySample;

/// <summary>The command: reads its arguments, classifies file after file.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        // One small image takes microseconds: starting threads would cost more than they save.
        Threads.Count = 1;
        using var output = new Output();
        return RunToTheEnd(arguments, output);
    }

    /// <summary><see cref="Run"/>, with an exit code for output that can't be written too.</summary>
    public static int RunToTheEnd(ReadOnlySpan<string> arguments, Output output)
    {
        try
        {
            return Run(arguments, output);
        }
        catch (ReaderGoneException)
        {
            // Without a word, as programs end that don't ignore SIGPIPE; .NET's run-time ignores it.
            return ExitCode.ReaderGone;
        }
        catch (IOException failure)
        {
            output.TryError("standard output can't be written: " + failure.Message.ReplaceLineEndings(" "));
            return ExitCode.Failure;
        }
    }

    /// <summary>All of the program but the process around it.</summary>
    /// <exception cref="IOException">The output can't be written.</exception>
    public static int Run(ReadOnlySpan<string> arguments, Output output)
    {
        var (settings, error) = CommandLine.Parse(arguments);
        if (error is not null)
        {
            output.Error(error + " (--help lists the options)");
            return ExitCode.Usage;
        }

        if (settings is null)
        {
            output.Write(CommandLine.Help);
            return ExitCode.Success;
        }

        LeNet5 model;
        try
        {
            model = settings.WeightsPath is null ? LeNet5.Pretrained : LeNet5.Load(settings.WeightsPath);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            output.Error((settings.WeightsPath ?? "the program's own weights") + ": " + failure.Message.ReplaceLineEndings(" "));
            return ExitCode.Failure;
        }

        using (model)
            return ClassifyAll(settings, new Classifier(model, settings.Invert), output);
    }

    private static int ClassifyAll(Settings settings, Classifier classifier, Output output)
    {
        var result = ExitCode.Success;
        foreach (var file in settings.Files)
        {
            try
            {
                Report.Write(output, settings, file, classifier.Classify(ReadFile(file)), classifier.ClassNames);
            }
            catch (ImageException fault)
            {
                output.Error(Printed(file) + ": " + fault.Message);
                result = ExitCode.Failure;
            }
        }

        return result;
    }

    private static string Printed(string file) => file == "-" ? "standard input" : file;

    /// <exception cref="ImageException">The file can't be read at all.</exception>
    private static byte[] ReadFile(string file)
    {
        try
        {
            if (file != "-")
                return File.ReadAllBytes(file);
            using var input = StandardStreams.Input();
            using var memory = new MemoryStream();
            input.CopyTo(memory);
            return memory.ToArray();
        }
        catch (FileNotFoundException)
        {
            throw new ImageException("there is no such file");
        }
        catch (DirectoryNotFoundException)
        {
            throw new ImageException("there is no such folder");
        }
        catch (UnauthorizedAccessException)
        {
            throw new ImageException(Directory.Exists(file) ? "it is a folder; an image was expected" : "it may not be read by this user");
        }
        catch (IOException failure)
        {
            throw new ImageException("it can't be read: " + failure.Message.ReplaceLineEndings(" "));
        }
    }
}
