namespace CnnGen;

/// <summary>How a model takes parameters from another (<see cref="ModelTransfer"/>).</summary>
public sealed record CopyOptions
{
    /// <summary>
    /// What a tensor of the source is called in the model, from its name in the source: <c>name => name.Replace("backbone.", "")</c>. A function that returns null leaves the tensor out. Null takes all names as they are.
    /// </summary>
    public Func<string, string?>? Rename { get; init; }

    /// <summary>Which of the model's parameters to copy, by name; null for all that the source has.</summary>
    public Func<string, bool>? Where { get; init; }

    /// <summary>
    /// A layer, or block, of the model, as its parameters are called in a weights file (<c>dense1</c>): only what stands before it is copied, so that a new classifier stays as it is, also where the old one would fit. Null for all layers.
    /// </summary>
    public string? Below { get; init; }

    /// <summary>Copies weights that are NaN or infinite too. False: they are an error.</summary>
    public bool AllowNonFinite { get; init; }
}
