namespace ClassifySample;

/// <summary>What the program exits with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>An image or the weights can't be read; what could be was classified.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong; nothing was classified.</summary>
    public const int Usage = 2;

    /// <summary>Whoever reads standard output went away: what a shell calls the end of a program by SIGPIPE (128 + 13).</summary>
    public const int ReaderGone = 141;
}
