using System.Globalization;

namespace CnnGen.Images.Decoding;

/// <summary>Files of images, read and written as a whole.</summary>
internal static class ImageFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">More bytes than these are not read.</param>
    /// <exception cref="ImageException">It is longer.</exception>
    /// <exception cref="IOException">It can't be read, or is no regular file.</exception>
    public static byte[] Read(string path, long most)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder; the file of an image was expected.");

        // Opening a pipe that nobody writes to would wait for ever.
        if (FileStatus.Of(path).Kind is not (FileKind.File or FileKind.Absent))
            throw new IOException($"'{path}' is no regular file but a pipe or device; the file of an image was expected.");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (!file.CanSeek)
            throw new IOException($"'{path}' is no regular file but a pipe or device; the file of an image was expected.");
        var length = file.Length;
        if (length > Math.Min(most, Array.MaxLength))
        {
            throw new ImageException(string.Create(
                CultureInfo.InvariantCulture, $"the file has {length} bytes, more than the {Math.Min(most, Array.MaxLength)} that are read (DecodeOptions.MaxMemory)"));
        }

        var bytes = new byte[length];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Writes a file beside the one that is there, and then takes its place.</summary>
    public static void Write(string path, byte[] bytes) => AtomicFile.Write(path, stream => stream.Write(bytes));
}
