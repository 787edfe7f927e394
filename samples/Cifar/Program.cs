using System.CommandLine;
using System.Globalization;
using CifarSample;
using CnnGen;

// Numbers are read and printed alike everywhere, whatever the user's language.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

var parsed = CommandLine.Create(settings => settings.IsLarge
    ? new TrainingRun<LargeNet>(settings, Recipe.Large).Execute()
    : new TrainingRun<SmallNet>(settings, Recipe.Small).Execute()).Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"error: {parsed.Errors[0].Message} (--help lists the options)");
    return ExitCode.Usage;
}

try
{
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or TrainingDivergedException or InvalidOperationException or ArgumentException)
{
    Console.Error.WriteLine($"error: {error.Message.ReplaceLineEndings(" ")}");
    return ExitCode.Failure;
}
