using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace CnnGen;

/// <summary>Bytes at any offset: of a file, a stream or memory.</summary>
internal abstract unsafe class TensorSource : IDisposable
{
    /// <summary>What messages call it: the file's path in quotes, or 'the weights stream'.</summary>
    public abstract string Name { get; }

    /// <summary>Its bytes in all; null where they are not known before they are read.</summary>
    public abstract long? Length { get; }

    /// <summary>The first byte, where all of them are in memory; else null.</summary>
    /// <exception cref="ObjectDisposedException">The source is closed.</exception>
    public virtual byte* Pointer => null;

    /// <summary>Fills <paramref name="destination"/>, or as much of it as lies before the end.</summary>
    /// <param name="offset">The first byte. Where <see cref="Length"/> is null, none before the end of the last call.</param>
    /// <param name="destination">Receives the bytes.</param>
    public abstract int Read(long offset, Span<byte> destination);

    /// <summary>Throws where what was read need not be what was there when the header was checked.</summary>
    /// <param name="end">The bytes that the header speaks of, itself included.</param>
    /// <exception cref="InvalidDataException">The source was changed since it was opened, or goes on after the end.</exception>
    public virtual void CheckUnchanged(long end)
    {
    }

    public abstract void Dispose();

    /// <exception cref="InvalidDataException">The path leads to a folder, a FIFO or a device.</exception>
    public static TensorSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStatus.CheckReadable(path, $"'{path}'", "safetensors file");
        return new FileSource(path);
    }

    /// <summary>A file as memory: its bytes are read when they are touched, and copied nowhere.</summary>
    public static TensorSource Map(string path)
    {
        FileStatus.CheckReadable(path, $"'{path}'", "safetensors file");
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var stamp = new FileStamp(file.SafeFileHandle, $"'{path}'");
        if (stamp.Length == 0)
        {
            // Nothing can't be mapped; that nothing is no weights file, the header's check says.
            file.Dispose();
            return Open(path);
        }

        var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        return new MemorySource(map, stamp);
    }

    /// <summary>An embedded resource where it lies in the program's own memory.</summary>
    public static TensorSource OfResource(Stream resource, string name) =>
        resource is UnmanagedMemoryStream memory ? new MemorySource(memory, name) : MemorySource.ReadAll(resource, name);

    /// <summary>A stream from where it stands, read as it is needed; one that can't seek from start to end.</summary>
    public static TensorSource Of(Stream stream) => stream.CanSeek ? new StreamSource(stream) : new ForwardSource(stream);

    private sealed class FileSource : TensorSource
    {
        private readonly SafeFileHandle _handle;
        private readonly FileStamp _stamp;

        public FileSource(string path)
        {
            _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            try
            {
                _stamp = new FileStamp(_handle, $"'{path}'");
            }
            catch
            {
                _handle.Dispose();
                throw;
            }
        }

        public override string Name => _stamp.Name;

        public override long? Length => _stamp.Length;

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

        public override void CheckUnchanged(long end) => _stamp.Check();

        public override void Dispose() => _handle.Dispose();
    }

    /// <summary>A seekable stream, from where it stands; the stream stays its owner's.</summary>
    private sealed class StreamSource(Stream stream) : TensorSource
    {
        private readonly long _start = stream.Position;
        private readonly long _length = stream.Length - stream.Position;

        public override string Name => stream is FileStream file ? $"'{file.Name}'" : "the weights stream";

        public override long? Length => _length;

        public override int Read(long offset, Span<byte> destination)
        {
            if (stream.Position != _start + offset)
                stream.Position = _start + offset;
            return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }

        public override void CheckUnchanged(long end)
        {
            if (stream.Length - _start != _length)
                throw FileStamp.Changed(Name);
        }

        public override void Dispose()
        {
        }
    }
}
