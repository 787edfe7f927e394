using System.Runtime.InteropServices;

namespace CnnGen.Tests.Weights;

/// <summary>Calls of the system that .NET has no methods for.</summary>
internal static class Posix
{
    /// <summary>Makes a FIFO, on which opening waits for ever where nobody opens the other end.</summary>
    public static string MakeFifo(string path)
    {
        Assert.Equal(0, MakeFifo(path, 0x180));
        return path;
    }

    /// <summary>Gives a file another owner and group; false where this user may not.</summary>
    public static bool ChangeOwner(string path, uint user, uint group) => Change(path, user, group) == 0;

    [DllImport("libc", EntryPoint = "mkfifo", CharSet = CharSet.Ansi)]
    private static extern int MakeFifo(string path, uint mode);

    [DllImport("libc", EntryPoint = "chown", CharSet = CharSet.Ansi)]
    private static extern int Change(string path, uint user, uint group);
}
