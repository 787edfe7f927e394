namespace TransferSample;

/// <summary>What the program exits with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The data can't be read, the drawing can't be written, or training diverged.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The user stopped the program: what a shell reports of one that Ctrl+C ended.</summary>
    public const int Interrupted = 130;
}
