namespace ClassifySample;

/// <summary>What the program exits with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>An image or the weights can't be read; what could be was classified.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong; nothing was classified.</summary>
    public const int Usage = 2;
}
