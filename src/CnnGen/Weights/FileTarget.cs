using System.Text;
using Microsoft.Win32.SafeHandles;
using static System.FormattableString;

namespace CnnGen;

/// <summary>A file that is to be written or replaced.</summary>
internal sealed class FileTarget
{
    /// <summary>Bytes of a name on the file systems of Linux and macOS.</summary>
    public const int LongestName = 255;

    private readonly string _path;
    private readonly FileStatus _status;
    private readonly UnixFileMode _mode;

    private FileTarget(string path, string fullPath, string folder, FileStatus status)
    {
        _path = path;
        _status = status;
        FullPath = fullPath;
        Folder = folder;
        Name = Path.GetFileName(fullPath);
        if (Exists && !OperatingSystem.IsWindows())
            _mode = File.GetUnixFileMode(fullPath);
    }

    /// <summary>The whole path, links resolved: a rename would otherwise replace the link and leave the file as it was.</summary>
    public string FullPath { get; }

    public string Folder { get; }

    public string Name { get; }

    public bool Exists => _status.Kind == FileKind.File;

    /// <summary>Looks at what is there.</summary>
    /// <param name="path">As the caller wrote it: what messages call it.</param>
    /// <exception cref="IOException">It is no regular file, its name is too long, or there is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It is read-only.</exception>
    public static FileTarget Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var status = FileStatus.Of(path);
        if (status.Kind == FileKind.Folder || Path.EndsInDirectorySeparator(path))
            throw new IOException($"'{path}' is a folder. Name a file within it.");
        if (status.Kind is not (FileKind.File or FileKind.Absent))
        {
            throw new IOException(
                $"'{path}' is {FileStatus.Describe(status.Kind)}, and only a regular file is replaced. Name another file, or open this one and save to the stream.");
        }

        var named = new FileInfo(path);
        var full = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var folder = Path.GetDirectoryName(full) ?? throw new IOException($"'{path}' is a folder. Name a file within it.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"'{path}' can't be written: there is no folder '{folder}'. Create it first.");
        var target = new FileTarget(path, full, folder, status);
        target.CheckName();
        target.CheckWritable();
        return target;
    }

    /// <summary>Gives the file that takes this one's place its permissions, and its owner as far as this user may.</summary>
    public void KeepPermissions(SafeFileHandle handle)
    {
        if (!Exists || OperatingSystem.IsWindows())
            return;
        var mode = _mode;
        if (OperatingSystem.IsLinux() && !UnixFile.TryKeepOwner(handle, _status.User, _status.Group))
        {
            // What the old group might do, another one shall not; nor shall the program run as another user.
            const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
            const UnixFileMode Other = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            mode &= ~(UnixFileMode.SetUser | UnixFileMode.SetGroup) & ~(Group & (UnixFileMode)(~((int)(mode & Other) << 3)));
        }

        try
        {
            File.SetUnixFileMode(handle, mode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file system without permissions of its own.
        }
    }

    /// <summary>An error of the system's that names the file as the caller did.</summary>
    public Exception Unwritable(Exception exception, string temporary)
    {
        if (exception is UnauthorizedAccessException)
        {
            return new UnauthorizedAccessException(
                $"'{_path}' can't be written: this user may not create or replace files in '{Folder}'. Save elsewhere, or have the permission given.", exception);
        }

        var reason = exception.Message.Replace($" : '{temporary}'", "", StringComparison.Ordinal).Replace(temporary, FullPath, StringComparison.Ordinal).TrimEnd('.');
        return new IOException($"'{_path}' can't be written: {reason}. What was there before is as it was.", exception);
    }

    private void CheckName()
    {
        var length = Encoding.UTF8.GetByteCount(Name);
        if (!OperatingSystem.IsWindows() && length > LongestName)
            throw new PathTooLongException(Invariant($"'{_path}' can't be written: its name has {length} bytes, but at most {LongestName} are allowed. Shorten it."));
    }

    /// <summary>A rename would replace what may not be written.</summary>
    private void CheckWritable()
    {
        if (!Exists)
            return;
        const UnixFileMode AnyWrite = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

        // Whoever may write everything (root) still asks that a file stay as it is by taking the permission from all.
        var isWritable = OperatingSystem.IsWindows()
            ? (File.GetAttributes(FullPath) & FileAttributes.ReadOnly) == 0
            : (_mode & AnyWrite) != 0 && UnixFile.MayWrite(FullPath);
        if (!isWritable)
            throw new UnauthorizedAccessException($"'{_path}' is read-only, and is left as it is. Make it writable, or name another file.");
    }
}
