using Microsoft.Win32.SafeHandles;

namespace CnnGen;

/// <summary>Bytes at any offset: of a file, a stream or memory.</summary>
internal abstract class TensorSource : IDisposable
{
    /// <summary>What messages call it: the file's path in quotes, or 'the stream'.</summary>
    public abstract string Name { get; }

    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/>, or as much of it as lies before the end.</summary>
    public abstract int Read(long offset, Span<byte> destination);

    public abstract void Dispose();

    public static TensorSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new InvalidDataException($"'{path}' is a folder. Name the safetensors file within it.");
        return new FileSource(path);
    }

    public static TensorSource Of(Stream stream) => stream.CanSeek ? new StreamSource(stream) : MemorySource.ReadAll(stream);

    private sealed class FileSource : TensorSource
    {
        private readonly SafeFileHandle _handle;

        public FileSource(string path)
        {
            _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            try
            {
                Length = RandomAccess.GetLength(_handle);
            }
            catch
            {
                _handle.Dispose();
                throw;
            }

            Name = $"'{path}'";
        }

        public override string Name { get; }

        public override long Length { get; }

        public override int Read(long offset, Span<byte> destination)
        {
            var filled = 0;
            while (filled < destination.Length)
            {
                var got = RandomAccess.Read(_handle, destination[filled..], offset + filled);
                if (got == 0)
                    break;
                filled += got;
            }

            return filled;
        }

        public override void Dispose() => _handle.Dispose();
    }

    /// <summary>A seekable stream, from where it stands; the stream stays its owner's.</summary>
    private sealed class StreamSource(Stream stream) : TensorSource
    {
        private readonly long _start = stream.Position;

        public override string Name => stream is FileStream file ? $"'{file.Name}'" : "the weights stream";

        public override long Length { get; } = stream.Length - stream.Position;

        public override int Read(long offset, Span<byte> destination)
        {
            stream.Position = _start + offset;
            return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }

        public override void Dispose()
        {
        }
    }
}

/// <summary>Bytes in memory, such as an embedded resource.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> memory, string name) : TensorSource
{
    public override string Name => name;

    public override long Length => memory.Length;

    public static MemorySource ReadAll(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return new MemorySource(copy.GetBuffer().AsMemory(0, (int)copy.Length), "the weights stream");
    }

    public override int Read(long offset, Span<byte> destination)
    {
        var count = (int)Math.Clamp(memory.Length - offset, 0, destination.Length);
        memory.Span.Slice((int)Math.Min(offset, memory.Length), count).CopyTo(destination);
        return count;
    }

    public override void Dispose()
    {
    }
}
