using System.IO.Compression;
using static System.FormattableString;

namespace CnnGen;

/// <summary>A file of a data set being read from start to end, unpacked on the way where it is gzip (seen by its first bytes, not by its name).</summary>
internal sealed class InputFile : IDisposable
{
    private const int FirstBlock = 1 << 20;

    private readonly FileStream _file;
    private readonly Stream _stream;

    private InputFile(string path, FileStream file, bool isCompressed)
    {
        Path = path;
        _file = file;
        IsCompressed = isCompressed;
        _stream = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    public string Path { get; }

    public bool IsCompressed { get; }

    /// <summary>The unpacked length, where it is known before reading.</summary>
    public long? Length => IsCompressed || !_file.CanSeek ? null : _file.Length;

    public static InputFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        try
        {
            var isCompressed = false;
            if (file.CanSeek)
            {
                Span<byte> magic = stackalloc byte[2];
                isCompressed = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
                file.Position = 0;
            }

            return new InputFile(path, file, isCompressed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="destination"/>, or as much of it as the file still has.</summary>
    /// <returns>The number of bytes read.</returns>
    public int Read(Span<byte> destination)
    {
        try
        {
            return _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception) when (IsCompressed)
        {
            throw new InvalidDataException($"'{Path}' is a damaged gzip file: {exception.Message} Get the file again.", exception);
        }
    }

    /// <summary>
    /// Reads all that the file has from here on, which should be <paramref name="expected"/> bytes. Memory grows with what is really there,
    /// so a header that claims too much costs nothing.
    /// </summary>
    /// <param name="expected">The number of bytes; at most <see cref="Array.MaxLength"/>.</param>
    /// <param name="reason">Where that number comes from, to end 'expected N bytes'.</param>
    /// <param name="headerLength">The number of bytes read before.</param>
    public byte[] ReadRest(int expected, string reason, int headerLength)
    {
        if (Length is { } length && length != headerLength + (long)expected)
            throw WrongLength(expected, Invariant($"it has {length - headerLength}"), length - headerLength < expected, reason);

        var bytes = new byte[Length is null ? Math.Min(expected, FirstBlock) : expected];
        var filled = 0;
        while (true)
        {
            filled += Read(bytes.AsSpan(filled));
            if (filled < bytes.Length)
                throw WrongLength(expected, Invariant($"it has {filled}"), isShort: true, reason);
            if (filled == expected)
                break;
            Array.Resize(ref bytes, (int)Math.Min(expected, 2L * bytes.Length));
        }

        if (Read(stackalloc byte[1]) != 0)
            throw WrongLength(expected, "it has more", isShort: false, reason);
        return bytes;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private InvalidDataException WrongLength(int expected, string actual, bool isShort, string reason) => new(Invariant(
        $"'{Path}' is {(isShort ? "cut off" : "too long")}: expected {expected} bytes {reason}, but {actual}. Get the file again."));
}
