using System.Buffers.Binary;
using System.IO.Compression;
using static System.FormattableString;

namespace CnnGen;

/// <summary>A file of a data set being read from start to end, unpacked on the way where it is gzip (seen by its first bytes, not by its name).</summary>
internal sealed class InputFile : IDisposable
{
    private const int FirstBlock = 1 << 20;
    private const int MostUnpacked = 1032;

    private readonly FileStream _file;
    private readonly Stream _stream;
    private long _unpacked;

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
    public long? Length => IsCompressed ? null : _file.Length;

    /// <summary>The bytes that a gzip file says it unpacks to (RFC 1952, ISIZE: modulo 2^32); of a plain file its length.</summary>
    public long ClaimedLength
    {
        get
        {
            if (!IsCompressed)
                return _file.Length;
            Span<byte> size = stackalloc byte[4];
            return RandomAccess.Read(_file.SafeFileHandle, size, Math.Max(0, _file.Length - size.Length)) < size.Length
                ? 0
                : BinaryPrimitives.ReadUInt32LittleEndian(size);
        }
    }

    /// <summary>Opens a regular file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">What messages call such a file: 'IDX file'.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder, a FIFO or a device.</exception>
    public static InputFile Open(string path, string wanted)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStatus.CheckReadable(path, $"'{path}'", wanted);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            var isCompressed = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
            file.Position = 0;
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
        int got;
        try
        {
            got = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception) when (IsCompressed)
        {
            throw new InvalidDataException($"'{Path}' is a damaged gzip file: {exception.Message} Get the file again.", exception);
        }

        _unpacked += got;
        if (IsCompressed && got < destination.Length)
            CheckGzipEnd();
        return got;
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

        // Deflate (RFC 1951) makes at most 1,032 bytes of one.
        if (IsCompressed && expected > MostUnpacked * _file.Length)
            throw WrongLength(expected, Invariant($"a gzip file of {_file.Length} bytes can't hold so many"), isShort: true, reason);
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

    /// <summary>
    /// Compares the length that a gzip file ends with (RFC 1952, ISIZE) with what came out of it: GZipStream passes over an end that is cut off.
    /// </summary>
    private void CheckGzipEnd()
    {
        if (ClaimedLength != (uint)_unpacked || _file.Length < 4)
        {
            throw new InvalidDataException(Invariant(
                $"'{Path}' is a damaged gzip file: its end doesn't confirm the {_unpacked} bytes that it unpacked to. It is cut off, something follows it, or it is several gzip files in one: get it again, or unpack it."));
        }
    }

    private InvalidDataException WrongLength(int expected, string actual, bool isShort, string reason) => new(Invariant(
        $"'{Path}' is {(isShort ? "cut off" : "too long")}: expected {expected} bytes {reason}, but {actual}. Get the file again."));
}
