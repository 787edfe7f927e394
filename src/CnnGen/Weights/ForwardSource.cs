using static System.FormattableString;

namespace CnnGen;

/// <summary>A stream that can't seek, read once from where it stands; it stays its owner's. How much it holds shows at its end only.</summary>
internal sealed class ForwardSource(Stream stream) : TensorSource
{
    private const int FirstBlock = 1 << 20;

    private long _position;

    public override string Name => "the weights stream";

    public override long? Length => null;

    public override int Read(long offset, Span<byte> destination)
    {
        if (offset < _position)
            throw new InvalidOperationException(Invariant($"{Name} can't be read again from byte {offset}."));
        if (!Skip(offset - _position))
            return 0;
        var got = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        _position += got;
        return got;
    }

    /// <summary>Bytes from <paramref name="offset"/> on; fewer where the stream ends. Memory grows with what is really there, not with what a header claims.</summary>
    public byte[] ReadBlock(long offset, int count)
    {
        var bytes = new byte[Math.Min(count, FirstBlock)];
        var filled = 0;
        while (true)
        {
            filled += Read(offset + filled, bytes.AsSpan(filled));
            if (filled < bytes.Length || filled == count)
                return filled == bytes.Length ? bytes : bytes[..filled];
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
    }

    public override void CheckUnchanged(long end)
    {
        if (!Skip(end - _position))
            throw new InvalidDataException(Invariant($"{Name} is cut off: its header speaks of {end} bytes, but it has only {_position}. Get it again."));
        Span<byte> next = stackalloc byte[1];
        if (stream.Read(next) != 0)
            throw new InvalidDataException(Invariant($"{Name} is too long: its header speaks of {end} bytes, but more follow. Save the weights again."));
    }

    public override void Dispose()
    {
    }

    private bool Skip(long count)
    {
        var buffer = count > 0 ? new byte[Math.Min(count, 1 << 16)] : [];
        while (count > 0)
        {
            var got = stream.Read(buffer, 0, (int)Math.Min(count, buffer.Length));
            if (got == 0)
                return false;
            _position += got;
            count -= got;
        }

        return true;
    }
}
