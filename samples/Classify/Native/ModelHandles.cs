namespace ClassifySample.Native;

/// <summary>
/// The models that C has, by number. A number is never given twice: who goes on with a closed one gets an error, and not whichever model came after.
/// </summary>
internal static class ModelHandles
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<nint, LeNet5> s_models = [];
    private static nint s_last;

    /// <summary>A new number for a model.</summary>
    public static nint Add(LeNet5 model)
    {
        lock (s_lock)
        {
            s_models.Add(++s_last, model);
            return s_last;
        }
    }

    /// <summary>The model of a number; null where it is closed or was never opened.</summary>
    public static LeNet5? Find(nint handle)
    {
        lock (s_lock)
            return s_models.GetValueOrDefault(handle);
    }

    /// <summary>Takes a number away from its model, which is null where it had none.</summary>
    public static LeNet5? Remove(nint handle)
    {
        lock (s_lock)
            return s_models.Remove(handle, out var model) ? model : null;
    }
}
