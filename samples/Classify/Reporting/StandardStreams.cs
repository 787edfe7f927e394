namespace ClassifySample.Reporting;

/// <summary>The process's three streams, without the console around them: on Unix they are files 0, 1 and 2.</summary>
internal static class StandardStreams
{
    public static Stream Input() => OperatingSystem.IsWindows() ? Console.OpenStandardInput() : new UnixStream(0);

    public static Stream Output() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new UnixStream(1);

    public static Stream Error() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new UnixStream(2);
}
