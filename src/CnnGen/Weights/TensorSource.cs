using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace CnnGen;

/// <summary>Bytes at any offset: of a file, a stream or memory.</summary>
internal abstract unsafe class TensorSource : IDisposable
{
    /// <summary>What messages call it: the file's path in quotes, or 'the stream'.</summary>
    public abstract string Name { get; }

    public abstract long Length { get; }

    /// <summary>The first byte, where all of them are in memory; else null.</summary>
    /// <exception cref="ObjectDisposedException">The source is closed.</exception>
    public virtual byte* Pointer => null;

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

    /// <summary>A file as memory: its bytes are read when they are touched, and copied nowhere.</summary>
    public static TensorSource Map(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length == 0)
        {
            // Nothing can't be mapped; that nothing is no weights file, the header's check says.
            file.Dispose();
            return Open(path);
        }

        var length = file.Length;
        var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        return new MemorySource(map, length, $"'{path}'");
    }

    /// <summary>An embedded resource where it lies in the program's own memory.</summary>
    public static TensorSource OfResource(Stream resource, string name) =>
        resource is UnmanagedMemoryStream memory ? new MemorySource(memory, name) : MemorySource.ReadAll(resource, name);

    public static TensorSource Of(Stream stream) => stream.CanSeek ? new StreamSource(stream) : MemorySource.ReadAll(stream, "the weights stream");

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
