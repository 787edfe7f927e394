using CnnGen.Images;

namespace ExplainSample.Looking;

/// <summary>What can become of images that are read when they are asked for: a file is damaged, or has gone.</summary>
internal static class DataFaults
{
    /// <summary>Whether an exception says that an image can't be read, and isn't a fault of this program's.</summary>
    public static bool Are(Exception fault) => fault is ImageException or IOException or InvalidDataException or UnauthorizedAccessException;
}
