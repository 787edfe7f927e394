namespace CnnGen;

/// <summary>Replaces a file as a whole: whoever reads it, and whenever the program or the machine stops, finds the old content or the new.</summary>
internal static class AtomicFile
{
    private const int BufferLength = 1 << 16;

    /// <summary>
    /// Writes another file, flushes it to the disk and gives it the name. On Linux that file has no name until it is whole, so that a killed program leaves
    /// nothing; elsewhere, and on file systems without such files, it has a temporary one in the same folder, and the next call removes what a killed one left.
    /// </summary>
    /// <param name="path">The file's name; a link is followed.</param>
    /// <param name="write">Writes the content. It is called again, with another stream, where the first file can't be given a name.</param>
    /// <param name="mayBeUnnamed">False: as where the system has no unnamed files.</param>
    /// <exception cref="IOException">The file can't be written, or is no regular file; what was there is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is read-only to this user.</exception>
    public static void Write(string path, Action<Stream> write, bool mayBeUnnamed = true)
    {
        var target = FileTarget.Of(path);
        TemporaryFiles.RemoveAbandoned(target);
        var temporary = TemporaryFiles.NewName(target);
        try
        {
            if (!mayBeUnnamed || !TryWriteUnnamed(target, temporary, write))
                WriteNamed(target, temporary, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw target.Unwritable(exception, temporary);
        }
    }

    private static bool TryWriteUnnamed(FileTarget target, string temporary, Action<Stream> write)
    {
        using var handle = UnixFile.TryCreateUnnamed(target.Folder, target.Exists);
        if (handle is null)
            return false;
        target.KeepPermissions(handle);
        using var stream = new FileStream(handle, FileAccess.Write, BufferLength);
        write(stream);
        stream.Flush(flushToDisk: true);
        if (!target.Exists && UnixFile.TryLink(handle, target.FullPath))
            return true;

        // The system has no call that puts an unnamed file in another's place: it takes a name between two calls.
        if (!UnixFile.TryLink(handle, temporary))
            return false;
        Rename(temporary, target);
        return true;
    }

    private static void WriteNamed(FileTarget target, string temporary, Action<Stream> write)
    {
        using var stream = TemporaryFiles.Create(temporary, target.Exists);
        var isWritten = false;
        try
        {
            target.KeepPermissions(stream.SafeFileHandle);
            write(stream);
            stream.Flush(flushToDisk: true);
            isWritten = true;
        }
        finally
        {
            // Windows renames and removes no file that is open so; elsewhere the lock says until the end that the file is not abandoned.
            if (OperatingSystem.IsWindows())
                stream.Dispose();
            if (!isWritten)
                TemporaryFiles.Remove(temporary);
        }

        Rename(temporary, target);
    }

    private static void Rename(string temporary, FileTarget target)
    {
        try
        {
            File.Move(temporary, target.FullPath, overwrite: true);
        }
        catch
        {
            TemporaryFiles.Remove(temporary);
            throw;
        }
    }
}
