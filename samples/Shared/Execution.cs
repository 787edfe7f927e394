using System.CommandLine;
using System.Globalization;
using CnnGen;

namespace TrainingSamples;

/// <summary>Runs a program's command: what is wrong becomes one line on standard error and an exit code.</summary>
internal static class Execution
{
    /// <summary>Reads the command line and runs the command.</summary>
    /// <param name="command">The command with its options.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>The program's exit code.</returns>
    public static int Run(RootCommand command, string[] arguments)
    {
        // Numbers are read and printed alike everywhere, whatever the user's language.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"error: {parsed.Errors[0].Message} (--help lists the options)");
            return ExitCode.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error) when (IsOfUser(error))
        {
            Console.Error.WriteLine($"error: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failure;
        }
    }

    /// <summary>
    /// What files, data and options can bring about: the last two are a batch that no memory holds, and a checkpoint of other epochs or images. Anything else is a fault of the program's, and ends it as such.
    /// </summary>
    private static bool IsOfUser(Exception error) =>
#if ILGPU
        error is CnnGen.Ilgpu.GpuException ||
#endif
        error is IOException or InvalidDataException or UnauthorizedAccessException or TrainingDivergedException
            or (ArgumentException and not ArgumentNullException) or (InvalidOperationException and not ObjectDisposedException);
}
