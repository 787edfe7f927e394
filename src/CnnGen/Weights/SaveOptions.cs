namespace CnnGen;

/// <summary>How weights are saved.</summary>
public sealed record SaveOptions
{
    /// <summary>
    /// Saves weights that are NaN or infinite as they are, to look into a training that diverged; <see cref="LoadOptions.AllowNonFinite"/> loads them. False: they are
    /// an error, and a good file is not replaced by one that can't be loaded.
    /// </summary>
    public bool AllowNonFinite { get; init; }
}
