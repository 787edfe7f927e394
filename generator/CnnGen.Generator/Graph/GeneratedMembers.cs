namespace CnnGen.Generator.Graph;

/// <summary>The members that every generated class has, beside the layers' handles.</summary>
internal static class GeneratedMembers
{
    /// <summary>Properties and constants: no member of the user's may have such a name.</summary>
    private static HashSet<string> Values { get; } =
    [
        "InputShape", "OutputShape", "OutputLength", "Loss", "ParameterCount", "Summary", "SummaryValues", "Parameters", "InstructionSet", "Layers",
        "Normalization", "NormalizationValues", "_pixelImages", "PredictCore", "TrainCore", "InspectCore", "FeaturesCore", "WarmupCore", "DisposeCore", "NewParameters",
        "_workspace", "_featurePasses", "_use", "_instructionSet", "RegionCount", "Pretrained", "s_pretrained", "s_pretrainedParameters",
    ];

    /// <summary>What only a class for GPUs has: in any other, the name is the user's.</summary>
    private static readonly HashSet<string> s_ofGpu = ["OnGpu", "GpuProgramCore"];

    /// <summary>Members of the layers' handles, whose types have the layers' names.</summary>
    private static readonly HashSet<string> s_handleMembers =
    [
        "Weight", "Bias", "RunningMean", "RunningVar", "Filters", "Groups", "Units", "KernelHeight", "KernelWidth", "StrideHeight", "StrideWidth",
        "PaddingHeight", "PaddingWidth", "PaddingTop", "PaddingLeft", "PaddingBottom", "PaddingRight", "Name", "Index", "Model",
    ];

    /// <summary>
    /// Methods, with the parameter types of their overloads. A method of the user's may be a further overload of one
    /// (<c>Predict</c> of the user's own image type), anything else of the user's may not.
    /// </summary>
    private static readonly Dictionary<string, string[]> s_methods = new()
    {
        ["Create"] = ["int"],
        ["Load"] = ["string, CnnGen.LoadOptions?", "System.IO.Stream, CnnGen.LoadOptions?"],
        ["Save"] = ["string"],
        ["Predict"] =
        [
            "System.ReadOnlySpan<float>, System.Span<float>", "System.ReadOnlySpan<float>, System.Span<float>, int",
            "System.ReadOnlySpan<byte>, System.Span<float>", "System.ReadOnlySpan<byte>, System.Span<float>, int",
            "System.ReadOnlySpan<float>, System.ReadOnlySpan<float>, System.Span<float>", "System.ReadOnlySpan<float>, System.ReadOnlySpan<float>, System.Span<float>, int",
            "System.ReadOnlySpan<byte>, System.ReadOnlySpan<float>, System.Span<float>", "System.ReadOnlySpan<byte>, System.ReadOnlySpan<float>, System.Span<float>, int",
        ],
        ["Inspect"] = ["System.ReadOnlySpan<float>, int", "System.ReadOnlySpan<float>, System.ReadOnlySpan<float>, int"],
        ["OnGpu"] = ["CnnGen.Ilgpu.GpuDevice, int"],
        ["Share"] = [""],
        ["Warmup"] = ["CnnGen.WarmupFor, int"],
        ["Dispose"] = [""],
        ["ComputeGradients"] =
        [
            "System.ReadOnlySpan<float>, System.ReadOnlySpan<float>, int, ulong, System.Span<float>, System.Span<float>",
            "System.ReadOnlySpan<float>, System.ReadOnlySpan<float>, System.ReadOnlySpan<float>, int, ulong, System.Span<float>, System.Span<float>",
        ],
    };

    /// <summary>What every class inherits: a layer's handle of that name would hide it.</summary>
    private static readonly HashSet<string> s_inherited =
        ["Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize"];

    /// <param name="name">The name.</param>
    /// <param name="isForGpu">Whether the class is for GPUs too.</param>
    public static bool Contains(string name, bool isForGpu) => s_ofGpu.Contains(name) ? isForGpu : Values.Contains(name) || s_methods.ContainsKey(name);

    public static bool IsHandleMember(string name) => s_handleMembers.Contains(name);

    /// <summary>Whether no layer may have the name, whatever the network.</summary>
    /// <inheritdoc cref="Contains"/>
    public static bool IsReserved(string name, bool isForGpu) => Contains(name, isForGpu) || IsHandleMember(name) || IsInherited(name);

    /// <summary>Whether a member of the user's stands where the generator writes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameterTypes">A method's, as C# spells them, separated by commas; null for anything else.</param>
    /// <param name="isForGpu">Whether the class is for GPUs too.</param>
    public static bool Collides(string name, string? parameterTypes, bool isForGpu) =>
        Values.Contains(name)
        || (isForGpu && name == "GpuProgramCore")
        || ((isForGpu || !s_ofGpu.Contains(name)) && s_methods.TryGetValue(name, out var overloads) && (parameterTypes is null || overloads.Contains(parameterTypes)));

    public static bool IsInherited(string name) => s_inherited.Contains(name);
}
