using System.Runtime.InteropServices;
using System.Text;

namespace CnnGen;

/// <summary>What a path leads to.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>A regular file, or what the system doesn't tell from one.</summary>
    File,
    Folder,
    Fifo,
    Socket,
    Device,
}

/// <summary>What the system says of the file that a path leads to, links followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Its permission bits, and those for set-user-ID, set-group-ID and sticky; 0 where the system wasn't asked.</param>
/// <param name="User">Its owner; 0 where the system wasn't asked.</param>
/// <param name="Group">Its group; 0 where the system wasn't asked.</param>
internal readonly record struct FileStatus(FileKind Kind, int Mode, uint User, uint Group)
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint BasicStatistics = 0x7FF; // STATX_BASIC_STATS
    private const int NoSuchFile = 2; // ENOENT
    private const int NoFolder = 20; // ENOTDIR

    /// <summary>Asks without opening: opening a FIFO waits for its other end, and some devices act on being opened.</summary>
    public static FileStatus Of(string path)
    {
        // This code is compiled into the compiler's part too, where the analysers know these as forbidden: it has to look at the file all the same.
#pragma warning disable RS1035
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && OfLinux(path) is { } status)
            return status;
        return new FileStatus(Directory.Exists(path) ? FileKind.Folder : File.Exists(path) ? FileKind.File : FileKind.Absent, 0, 0, 0);
#pragma warning restore RS1035
    }

    /// <summary>Throws unless a path leads to a regular file or to nothing; that there is nothing, opening it says.</summary>
    /// <param name="path">The path.</param>
    /// <param name="name">What the message calls it.</param>
    /// <param name="wanted">What should be there: 'safetensors file'.</param>
    /// <exception cref="InvalidDataException">It leads to something else.</exception>
    public static void CheckReadable(string path, string name, string wanted)
    {
        var kind = Of(path).Kind;
        if (kind == FileKind.Folder)
            throw new InvalidDataException($"{name} is a folder. Name the {wanted} within it.");
        if (kind is not (FileKind.File or FileKind.Absent))
            throw new InvalidDataException($"{name} is {Describe(kind)}, but has to be a regular file. Copy what it gives into a file, and name that one.");
    }

    /// <summary>Such as <c>a FIFO</c>.</summary>
    public static string Describe(FileKind kind) => kind switch
    {
        FileKind.Folder => "a folder",
        FileKind.Fifo => "a FIFO",
        FileKind.Socket => "a socket",
        FileKind.Device => "a device",
        _ => "a file",
    };

    /// <summary>Null where the system can't say, or the error is one that opening the file describes better.</summary>
    private static FileStatus? OfLinux(string path)
    {
        // A NUL would end the path: .NET refuses it when the file is opened.
        if (path.Length == 0 || path.IndexOf('\0') >= 0)
            return null;
        var result = new byte[256];
        try
        {
            if (StatX(CurrentFolder, Encoding.UTF8.GetBytes(path + "\0"), 0, BasicStatistics, result) != 0)
                return Marshal.GetLastWin32Error() is NoSuchFile or NoFolder ? new FileStatus(FileKind.Absent, 0, 0, 0) : null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }

        // struct statx has the same layout on all processors: stx_uid at 20, stx_gid at 24, stx_mode at 28.
        int mode = BitConverter.ToUInt16(result, 28);
        var kind = (mode & 0xF000) switch
        {
            0x1000 => FileKind.Fifo,
            0x4000 => FileKind.Folder,
            0xC000 => FileKind.Socket,
            0x2000 or 0x6000 => FileKind.Device,
            _ => FileKind.File,
        };
        return new FileStatus(kind, mode & 0xFFF, BitConverter.ToUInt32(result, 20), BitConverter.ToUInt32(result, 24));
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] result);
}
