namespace CnnGen.Tests.Weights;

/// <summary>A stream that does what streams may do: can't seek, gives few bytes at a time, fails, goes on for ever, or gives other bytes the second time.</summary>
internal sealed class ScriptedStream(byte[] bytes, bool canSeek) : Stream
{
    private long _position;

    /// <summary>Throws an exception instead of reading past so many bytes, counted over all reads.</summary>
    public long FailsAfter { get; init; } = long.MaxValue;

    /// <summary>Zeros follow the bytes, without end.</summary>
    public bool IsEndless { get; init; }

    /// <summary>What is read of a byte that was read before.</summary>
    public byte? SecondTime { get; init; }

    /// <summary>Bytes at most that one call gives.</summary>
    public int Piece { get; init; } = 1000;

    /// <summary>All bytes that were read.</summary>
    public long ReadInAll { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => canSeek;

    public override bool CanWrite => false;

    public override long Length => canSeek ? bytes.Length : throw new NotSupportedException();

    public override long Position
    {
        get => canSeek ? _position : throw new NotSupportedException();
        set => _position = canSeek ? value : throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(Math.Min(buffer.Length, Piece), IsEndless ? int.MaxValue : Math.Max(0, bytes.Length - _position));
        if (ReadInAll + count > FailsAfter)
            throw new TimeoutException("the connection is gone");
        for (var i = 0; i < count; i++, _position++)
        {
            if (_position >= bytes.Length)
                buffer[i] = 0;
            else if (SecondTime is { } other && _position < ReadInAll)
                buffer[i] = other;
            else
                buffer[i] = bytes[_position];
        }

        ReadInAll = Math.Max(ReadInAll + (SecondTime is null ? count : 0), _position);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
