using System.Buffers;
using System.Globalization;

namespace CnnGen.Images.Decoding;

/// <summary>Files of images, read and written as a whole.</summary>
internal static class ImageFile
{
    /// <summary>Reads a file into an array of <see cref="ArrayPool{T}.Shared"/>, to which the caller gives it back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">More bytes than these are not read.</param>
    /// <param name="length">Receives the file's length; the array may have more bytes.</param>
    /// <exception cref="ImageException">It is longer.</exception>
    /// <exception cref="IOException">It can't be read, or is no regular file.</exception>
    public static byte[] Rent(string path, long most, out int length)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder; the file of an image was expected.");

        // Opening a pipe that nobody writes to would wait for ever.
        if (FileStatus.Of(path).Kind is not (FileKind.File or FileKind.Absent))
            throw new IOException($"'{path}' is no regular file but a pipe or device; the file of an image was expected.");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (!file.CanSeek)
            throw new IOException($"'{path}' is no regular file but a pipe or device; the file of an image was expected.");
        if (file.Length > Math.Min(most, Array.MaxLength))
        {
            throw new ImageException(string.Create(
                CultureInfo.InvariantCulture, $"the file has {file.Length} bytes, more than the {Math.Min(most, Array.MaxLength)} that are read (DecodeOptions.MaxMemory)"));
        }

        var wanted = (int)file.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(wanted);
        try
        {
            length = file.ReadAtLeast(bytes.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            return bytes;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    /// <summary>Writes a file beside the one that is there, and then takes its place.</summary>
    public static void Write(string path, byte[] bytes) => AtomicFile.Write(path, stream => stream.Write(bytes));
}
