namespace TrainingSamples;

/// <summary>Finds out before training, not after it, that the weights can't be saved.</summary>
internal static class OutputFile
{
    /// <param name="option">The option that names the file, for messages.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The path is a folder's, or its folder isn't there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is read-only, or the folder can't be written to.</exception>
    public static void Check(string option, string path)
    {
        if (Directory.Exists(path))
            throw new IOException($"{option} '{path}' is a folder. Name a file in it, such as '{Path.Combine(path, "weights.safetensors")}'.");

        if (File.Exists(path) && (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
            throw new UnauthorizedAccessException($"{option} '{path}' is read-only. Make it writable, or name another file.");

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{option} '{path}': there is no folder '{folder}'. Make it, or name another file.");

        var probe = Path.Combine(folder, Path.GetRandomFileName());
        using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }
}
