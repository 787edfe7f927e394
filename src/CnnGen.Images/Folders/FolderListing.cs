using System.Globalization;

namespace CnnGen.Images.Folders;

/// <summary>The pictures of a folder that has a folder for each class, in the order of torchvision's <c>ImageFolder</c>: sorted by class, then by folder, then by name.</summary>
internal static class FolderListing
{
    private const int MostDepth = 32;

    // Kinds that are not read are listed all the same: a picture that is left out should be told, not lost.
    private static readonly HashSet<string> s_extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".dib", ".gif", ".pbm", ".pgm", ".ppm", ".pnm", ".webp", ".tif", ".tiff", ".avif", ".heic", ".jp2",
    };

    /// <summary>The names of the classes.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has fewer than two folders.</exception>
    public static string[] Classes(string path)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no folder '{path}'. Name the folder that holds a folder of pictures for each class.");
        var names = Directory.GetDirectories(path).Select(folder => Path.GetFileName(folder)!).Where(IsShown).Order(StringComparer.Ordinal).ToArray();
        if (names.Length < 2)
        {
            var found = names.Length == 0 ? "no folder" : $"one folder alone, '{names[0]}'";
            throw new InvalidDataException($"'{path}' holds {found}; a folder of pictures for each of two or more classes was expected, such as '{Path.Combine(path, "cats")}' and '{Path.Combine(path, "dogs")}'.");
        }

        return names;
    }

    /// <summary>The files of one class.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static List<string> Files(string folder)
    {
        var folders = new List<string>();
        Collect(folder, 0, folders);
        folders.Sort(StringComparer.Ordinal);
        var files = folders
            .SelectMany(one => Directory.GetFiles(one).Where(file => IsShown(Path.GetFileName(file)) && s_extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal))
            .ToList();
        return files.Count > 0
            ? files
            : throw new InvalidDataException($"The class folder '{folder}' holds no picture (files that end in .jpg, .jpeg, .png, .bmp, .gif, .pbm, .pgm or .ppm). Put some there, or remove the folder.");
    }

    private static void Collect(string folder, int depth, List<string> folders)
    {
        if (depth > MostDepth)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"'{folder}' lies more than {MostDepth} folders deep: is one of them a link to a folder above it?"));
        folders.Add(folder);
        foreach (var inner in Directory.GetDirectories(folder))
        {
            if (IsShown(Path.GetFileName(inner)))
                Collect(inner, depth + 1, folders);
        }
    }

    /// <summary>What begins with a dot is the system's own: thumbnails, copies of attributes.</summary>
    private static bool IsShown(string name) => !name.StartsWith('.');
}
