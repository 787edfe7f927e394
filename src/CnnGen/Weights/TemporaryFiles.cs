using System.Globalization;
using System.Text;

namespace CnnGen;

/// <summary>
/// The temporary files of saving: <c>.NAME.(32 hexadecimal digits).tmp</c> beside the file. Who writes one holds a lock on it until it is renamed, which the system
/// takes away when the program ends, however it ends: a file of that name that another program can have for itself is abandoned.
/// </summary>
internal static class TemporaryFiles
{
    private const string Extension = ".tmp";
    private const int DigitCount = 32;

    /// <summary>
    /// Files written to since are left alone, whether they have a lock or not: one that is about to be renamed shall not be held while a reader opens it by its new name,
    /// and has no lock for a moment on Windows.
    /// </summary>
    private static readonly TimeSpan s_leastAge = TimeSpan.FromSeconds(10);

    /// <summary>A name that no other file has had.</summary>
    public static string NewName(FileTarget target) => Path.Combine(target.Folder, Prefix(target.Name) + Guid.NewGuid().ToString("N") + Extension);

    /// <summary>Creates the file and locks it.</summary>
    /// <param name="path">From <see cref="NewName"/>.</param>
    /// <param name="isPrivate">Whether only this user may read it at first: the permissions of the file that it replaces are set later.</param>
    public static FileStream Create(string path, bool isPrivate)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 1 << 16,
        };
        if (isPrivate && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);

        // .NET sets no such lock on network file systems.
        if (!OperatingSystem.IsWindows())
            UnixFile.Share(stream.SafeFileHandle);
        return stream;
    }

    /// <summary>Removes what programs left that were killed while they saved this file. What can't be removed stays.</summary>
    public static void RemoveAbandoned(FileTarget target)
    {
        var prefix = Prefix(target.Name);
        var options = new EnumerationOptions { MatchType = MatchType.Simple, AttributesToSkip = 0, IgnoreInaccessible = true };
        try
        {
            foreach (var path in Directory.EnumerateFiles(target.Folder, ".*" + Extension, options))
            {
                if (IsTemporary(Path.GetFileName(path), prefix))
                    RemoveIfAbandoned(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written but not listed.
        }
    }

    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The error that stopped the writing is on its way to the caller, and says more than this one.
        }
    }

    private static bool IsTemporary(string name, string prefix) =>
        name.Length == prefix.Length + DigitCount + Extension.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name.EndsWith(Extension, StringComparison.Ordinal)
        && name.AsSpan(prefix.Length, DigitCount).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static void RemoveIfAbandoned(string path)
    {
        if (FileStatus.Of(path).Kind != FileKind.File || DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < s_leastAge)
            return;
        try
        {
            using var lockedByThis = Lock(path);
            if (!LocksWork(path))
                return;
            if (OperatingSystem.IsWindows())
                lockedByThis.Dispose();
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is being written, or is another user's.
        }
    }

    /// <summary>Whether a second lock on a file that has one is refused, which some network file systems don't do.</summary>
    private static bool LocksWork(string path)
    {
        try
        {
            Lock(path).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStream Lock(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    /// <summary>A name that leaves no room for more is stood for by its hash (FNV-1a of 64 bits).</summary>
    private static string Prefix(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length + DigitCount + Extension.Length + 2 <= FileTarget.LongestName)
            return "." + name + ".";
        var hash = 14695981039346656037UL;
        foreach (var one in bytes)
            hash = (hash ^ one) * 1099511628211UL;
        return "." + hash.ToString("x16", CultureInfo.InvariantCulture) + ".";
    }
}
