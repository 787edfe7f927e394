namespace TrainingSamples;

/// <summary>What the programs exit with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The data can't be read, a file can't be written, or training diverged.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The user stopped training: what a shell reports of a program that Ctrl+C ended.</summary>
    public const int Interrupted = 130;
}
