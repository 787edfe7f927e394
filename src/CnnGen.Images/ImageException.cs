using System.Globalization;

namespace CnnGen.Images;

/// <summary>
/// An image that can't be read: it is damaged, of no known kind, or larger than the bounds of <see cref="DecodeOptions"/>. The message says what is wrong,
/// at which byte of the file, and what was expected. Reading throws no other exception for anything that a file holds.
/// </summary>
public sealed class ImageException : Exception
{
    /// <summary>An image that can't be read.</summary>
    /// <param name="message">What is wrong, where, and what was expected.</param>
    public ImageException(string message)
        : base(message)
    {
    }

    /// <summary>An image that can't be read.</summary>
    /// <param name="message">What is wrong, where, and what was expected.</param>
    /// <param name="innerException">What another decoder said.</param>
    public ImageException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault at a byte of the file.</summary>
    internal static ImageException At(long position, string what) => new(string.Create(CultureInfo.InvariantCulture, $"at byte {position}: {what}"));
}
