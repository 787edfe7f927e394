using System.Globalization;

namespace ClassifySample;

/// <summary>Reads the command line. By hand: a library for it would be a third of the published program.</summary>
internal static class CommandLine
{
    public const string Help = """
        classify: says which digit an image shows.

        Usage: classify [options] FILE...

        FILE is a JPEG, PNG, BMP, GIF, PBM, PGM or PPM image, light ink on dark paper as MNIST has it; - is one image on
        standard input.
        Colour becomes grey, what is transparent becomes black, and any size becomes 28 x 28.

        Options:
          --top N           print the N likeliest classes (1 to 10, default 3)
          --json            print one JSON object a line: {"file":...,"classes":[{"class":...,"probability":...},...]}
          --invert          exchange light and dark first: for dark ink on light paper
          --weights FILE    use the weights of a safetensors file instead of the program's own
          --                what follows are files, whatever they begin with
          --help            print this

        Exit code: 0, or 1 where an image or the weights can't be read (the other images are classified), or 2 where the
        command line is wrong. Errors go to standard error, one line each. Where the reader of standard output has gone away, it
        ends silently with 141.

        """;

    /// <summary>What was asked for, or why it can't be done; neither where help was asked for.</summary>
    public static (Settings? Settings, string? Error) Parse(ReadOnlySpan<string> arguments)
    {
        var files = new List<string>();
        string? weights = null;
        var (top, isJson, invert, onlyFiles) = (3, false, false, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            if (onlyFiles || argument == "-" || !argument.StartsWith('-'))
            {
                if (argument.Length == 0)
                    return (null, "a file's name is empty");
                files.Add(argument);
                continue;
            }

            // --top=3 is --top 3.
            var equals = argument.IndexOf('=');
            var name = equals < 0 ? argument : argument[..equals];
            string? value = null;
            if (name is "--top" or "--weights")
            {
                value = equals >= 0 ? argument[(equals + 1)..] : i + 1 < arguments.Length ? arguments[++i] : null;
                if (string.IsNullOrEmpty(value))
                    return (null, name == "--top" ? "--top needs a number from 1 to 10" : "--weights needs a file's name");
            }
            else if (equals >= 0)
            {
                return (null, name + " takes no value");
            }

            switch (name)
            {
                case "--top":
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out top) || top < 1 || top > LeNet5.OutputLength)
                        return (null, "--top needs a number from 1 to 10, not '" + value + "'");
                    break;
                case "--weights":
                    weights = value;
                    break;
                case "--json":
                    isJson = true;
                    break;
                case "--invert":
                    invert = true;
                    break;
                case "--":
                    onlyFiles = true;
                    break;
                case "--help" or "-h":
                    return (null, null);
                default:
                    return (null, "there is no option " + name);
            }
        }

        return files.Count == 0 ? (null, "no image is named") : (new Settings(files, weights, top, isJson, invert), null);
    }
}
