using Microsoft.Win32.SafeHandles;

namespace CnnGen;

/// <summary>An open file's length and the time of its last change: whether another program wrote into it while it was read.</summary>
internal sealed class FileStamp
{
    private readonly SafeFileHandle _handle;
    private readonly DateTime _changed;

    /// <param name="handle">The file, which stays its owner's.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It has no length, as a pipe.</exception>
    public FileStamp(SafeFileHandle handle, string name)
    {
        _handle = handle;
        Name = name;
        try
        {
            Length = RandomAccess.GetLength(handle);
        }
        catch (NotSupportedException exception)
        {
            throw new InvalidDataException($"{name} has no length, but has to be a regular file. Copy what it gives into a file, and name that one.", exception);
        }

        _changed = File.GetLastWriteTimeUtc(handle);
    }

    public string Name { get; }

    /// <summary>Its bytes when it was opened.</summary>
    public long Length { get; }

    /// <exception cref="InvalidDataException">The file has been changed.</exception>
    public void Check()
    {
        if (RandomAccess.GetLength(_handle) != Length || File.GetLastWriteTimeUtc(_handle) != _changed)
            throw Changed(Name);
    }

    public static InvalidDataException Changed(string name) => new($"{name} was changed while it was read: read it again.");
}
