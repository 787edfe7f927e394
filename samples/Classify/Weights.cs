using System.Reflection;

namespace ClassifySample;

/// <summary>Where a model's weights come from.</summary>
internal static class Weights
{
    /// <summary>The model with the weights of a file, or with those that the program brings along.</summary>
    /// <param name="path">A safetensors file; null for the program's own.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or its tensors are not the model's.</exception>
    public static LeNet5 Load(string? path) => path is null ? Embedded() : LeNet5.Load(path);

    private static LeNet5 Embedded()
    {
        using var stream = typeof(Weights).Assembly.GetManifestResourceStream("lenet5.safetensors")!;
        return LeNet5.Load(stream);
    }
}
