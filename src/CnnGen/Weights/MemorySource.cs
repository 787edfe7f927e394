using System.IO.MemoryMappedFiles;

namespace CnnGen;

/// <summary>Bytes in memory that stays where it is: an array, an embedded resource or a mapped file.</summary>
internal sealed unsafe class MemorySource : TensorSource
{
    private readonly IDisposable[] _owners;
    private readonly FileStamp? _stamp;
    private readonly long _length;
    private byte* _pointer;

    /// <summary>Pins managed memory.</summary>
    public MemorySource(ReadOnlyMemory<byte> memory, string name)
    {
        var handle = memory.Pin();
        _owners = [handle];
        _pointer = (byte*)handle.Pointer;
        _length = memory.Length;
        Name = name;
    }

    /// <summary>A resource, from where the stream stands.</summary>
    public MemorySource(UnmanagedMemoryStream resource, string name)
    {
        _owners = [resource];
        _pointer = resource.PositionPointer;
        _length = resource.Length - resource.Position;
        Name = name;
    }

    /// <summary>A whole file; the map is closed with this.</summary>
    public MemorySource(MemoryMappedFile map, FileStamp stamp)
    {
        var view = map.CreateViewAccessor(0, stamp.Length, MemoryMappedFileAccess.Read);
        _owners = [view, map];
        _stamp = stamp;
        _length = stamp.Length;
        Name = stamp.Name;

        // Closing the view unmaps the file; the pointer needs no count of its own, since nothing outlives this object.
        _pointer = (byte*)view.SafeMemoryMappedViewHandle.DangerousGetHandle() + view.PointerOffset;
    }

    public override string Name { get; }

    public override long? Length => _length;

    public override byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_owners.Length > 0 && _pointer == null && _length > 0, this);
            return _pointer;
        }
    }

    public static MemorySource ReadAll(Stream resource, string name)
    {
        using var copy = new MemoryStream();
        resource.CopyTo(copy);
        return new MemorySource(copy.GetBuffer().AsMemory(0, (int)copy.Length), name);
    }

    public override int Read(long offset, Span<byte> destination)
    {
        var count = (int)Math.Clamp(_length - offset, 0, destination.Length);
        new ReadOnlySpan<byte>(Pointer + Math.Min(offset, _length), count).CopyTo(destination);
        GC.KeepAlive(this);
        return count;
    }

    public override void CheckUnchanged(long end) => _stamp?.Check();

    public override void Dispose()
    {
        _pointer = null;
        foreach (var owner in _owners)
            owner.Dispose();
    }
}
