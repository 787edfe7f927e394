namespace CnnGen;

/// <summary>How weights are loaded.</summary>
public sealed record LoadOptions
{
    /// <summary>Loads weights that are NaN or infinite as they are, to look into a training that diverged. False: they are an error.</summary>
    public bool AllowNonFinite { get; init; }
}
