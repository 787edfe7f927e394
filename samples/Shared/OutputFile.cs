namespace TrainingSamples;

/// <summary>Finds out before training, not after it, that the weights can't be saved.</summary>
internal static class OutputFile
{
    /// <param name="option">The option that names the file, for messages.</param>
    /// <param name="path">The file.</param>
    /// <param name="example">The name of such a file, for messages.</param>
    /// <exception cref="IOException">The path is a folder's, or its folder isn't there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is read-only, or the folder can't be written to.</exception>
    public static void Check(string option, string path, string example = "weights.safetensors")
    {
        if (Directory.Exists(path))
            throw new IOException($"{option} '{path}' is a folder. Name a file in it, such as '{Path.Combine(path, example)}'.");

        if (File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
            throw new UnauthorizedAccessException($"{option} '{path}' is read-only. Make it writable, or name another file.");

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{option} '{path}': there is no folder '{folder}'. Make it, or name another file.");

        var probe = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException)
        {
            // The system's sentence names the probe, which nobody asked for.
            throw new UnauthorizedAccessException($"{option} '{path}': the folder '{folder}' can't be written to. Name another file.");
        }
    }
}
