using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CnnGen;

/// <summary>
/// Calls of the system that .NET has no methods for. None of them throws: where the system lacks a call, or the file system what it asks for, the answer says so.
/// </summary>
internal static class UnixFile
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int FollowLinks = 0x400; // AT_SYMLINK_FOLLOW
    private const int ReadAndWrite = 2; // O_RDWR
    private const int CloseOnExecute = 0x80000; // O_CLOEXEC
    private const int SharedAtOnce = 5; // LOCK_SH | LOCK_NB
    private const int WriteAccess = 2; // W_OK
    private const uint OwnerOnly = 0x180; // 0600
    private const uint Everyone = 0x1B6; // 0666, less what the process's mask takes away
    private const uint Unchanged = uint.MaxValue;

    /// <summary>A file on the folder's file system that has no name, and is gone when it is closed without one; null where there are none. It is locked.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isPrivate">Whether only this user may read it, until it is given other permissions.</param>
    public static SafeFileHandle? TryCreateUnnamed(string folder, bool isPrivate)
    {
        // O_TMPFILE and O_DIRECTORY: the latter differs from processor to processor. And it is by /proc that a user's file gets a name.
        var flags = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 0x410000,
            Architecture.Arm64 => 0x404000,
            _ => 0,
        };
        if (flags == 0 || !OperatingSystem.IsLinux() || !Directory.Exists("/proc/self/fd"))
            return null;
        try
        {
            var file = Open(Encode(folder), flags | ReadAndWrite | CloseOnExecute, isPrivate ? OwnerOnly : Everyone);
            if (file < 0)
                return null;
            var handle = new SafeFileHandle(file, ownsHandle: true);
            Share(handle);
            return handle;
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            return null;
        }
    }

    /// <summary>
    /// Locks a file against those who want it for themselves, and not against readers: the lock is still on it when it gets its name, and a reader shall not be refused.
    /// </summary>
    public static void Share(SafeFileHandle handle)
    {
        try
        {
            // A file system without locks: nothing there is removed as abandoned.
            _ = Lock((int)handle.DangerousGetHandle(), SharedAtOnce);
        }
        catch (Exception exception) when (IsMissing(exception))
        {
        }
    }

    /// <summary>Gives an unnamed file a name, unless a file has it. Once: a name that is taken away again can't be given anew.</summary>
    public static bool TryLink(SafeFileHandle handle, string path)
    {
        try
        {
            return Link(CurrentFolder, Encode($"/proc/self/fd/{handle.DangerousGetHandle()}"), CurrentFolder, Encode(path), FollowLinks) == 0;
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            return false;
        }
    }

    /// <summary>Gives a file an owner and a group; where this user may not, the group alone.</summary>
    /// <returns>Whether the file has the group; and the owner, or one that is this user.</returns>
    public static bool TryKeepOwner(SafeFileHandle handle, uint user, uint group)
    {
        try
        {
            var file = (int)handle.DangerousGetHandle();
            return ChangeOwner(file, user, group) == 0 || ChangeOwner(file, Unchanged, group) == 0;
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            return false;
        }
    }

    /// <summary>Whether this user may write a file; true where the system doesn't say.</summary>
    public static bool MayWrite(string path)
    {
        try
        {
            return Access(Encode(path), WriteAccess) == 0;
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            return true;
        }
    }

    private static byte[] Encode(string path) => Encoding.UTF8.GetBytes(path + "\0");

    private static bool IsMissing(Exception exception) => exception is DllNotFoundException or EntryPointNotFoundException;

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags, uint mode);

    [DllImport("libc", EntryPoint = "linkat")]
    private static extern int Link(int oldFolder, byte[] oldPath, int newFolder, byte[] newPath, int flags);

    [DllImport("libc", EntryPoint = "flock")]
    private static extern int Lock(int file, int operation);

    [DllImport("libc", EntryPoint = "fchown")]
    private static extern int ChangeOwner(int file, uint user, uint group);

    [DllImport("libc", EntryPoint = "access")]
    private static extern int Access(byte[] path, int mode);
}
