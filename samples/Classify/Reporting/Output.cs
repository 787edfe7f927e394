using System.Text;

namespace ClassifySample.Reporting;

/// <summary>
/// Standard output and error as UTF-8 bytes. The console's own writers and streams would bring encodings, terminals and their start into the program.
/// </summary>
internal sealed class Output : IDisposable
{
    private readonly Stream _output;
    private readonly Stream _error;

    public Output()
        : this(StandardStreams.Output(), StandardStreams.Error())
    {
    }

    public Output(Stream output, Stream error)
    {
        _output = output;
        _error = error;
    }

    public void Write(string text) => Write(_output, text);

    /// <summary>One line on standard error, with the program's name before it.</summary>
    public void Error(string message) => Write(_error, "classify: " + message + "\n");

    /// <summary>The same, unless standard error can't be written either: the exit code is then all that is left to tell.</summary>
    public void TryError(string message)
    {
        try
        {
            Error(message);
        }
        catch (IOException)
        {
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private static void Write(Stream stream, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        stream.Write(bytes, 0, bytes.Length);
    }
}
