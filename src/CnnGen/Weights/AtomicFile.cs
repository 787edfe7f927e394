namespace CnnGen;

/// <summary>Replaces a file as a whole: whoever reads it, and whenever the machine stops, finds the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a temporary file in the same folder, flushes it to the disk and renames it. Where that fails the temporary file is removed.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        // Through a link: the rename would otherwise replace the link and leave the file as it was.
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target);
        if (string.IsNullOrEmpty(folder) || Directory.Exists(target))
            throw new IOException($"'{path}' is a folder. Name a file within it.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"'{path}' can't be written: there is no folder '{folder}'. Create it first.");

        var temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        var isRenamed = false;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
            isRenamed = true;
        }
        finally
        {
            if (!isRenamed)
                Remove(temporary);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The error that stopped the writing is on its way to the caller, and says more than this one.
        }
    }
}
