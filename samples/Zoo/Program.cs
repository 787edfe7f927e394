using System.CommandLine;
using System.Globalization;
using ZooSample;

// Numbers are read and printed alike everywhere, whatever the user's language.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

var parsed = CommandLine.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"error: {parsed.Errors[0].Message} (--help lists the options)");
    return 2;
}

return parsed.Invoke();
