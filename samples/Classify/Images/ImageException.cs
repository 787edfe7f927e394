namespace ClassifySample.Images;

/// <summary>An image that can't be read. The message says what is wrong, at which byte, and what was expected.</summary>
internal sealed class ImageException(string message) : Exception(message)
{
    /// <summary>A fault at a byte of the file.</summary>
    public static ImageException At(long position, string what) => new($"at byte {position}: {what}");
}
