namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// How one instruction set is spelled. Kernels are printed once for each: the same loops and the same order of additions, so that predictions are the same
/// bits on all sets (weight gradients that sum along the width are not: they depend on the number of lanes). The ISA's own intrinsics are used, since Vector512.Load and its kin are inlined methods, which stop being inlined in large kernels.
/// </summary>
internal sealed record VectorIsa : IExpressionSpelling
{
    /// <summary>512-bit vectors, 32 registers.</summary>
    public static readonly VectorIsa Avx512 = new()
    {
        Name = "Avx512",
        Lanes = 16,
        VectorType = "Vector512<float>",
        Intrinsics = "Avx512F",
        LoadMethod = "LoadVector512",
        FusedMultiplyAddMethod = "Avx512F.FusedMultiplyAdd",
        CreateMethod = "Vector512.Create",
    };

    /// <summary>256-bit vectors and fused multiply-adds, 16 registers.</summary>
    public static readonly VectorIsa Avx2 = new()
    {
        Name = "Avx2",
        Lanes = 8,
        VectorType = "Vector256<float>",
        Intrinsics = "Avx",
        LoadMethod = "LoadVector256",
        FusedMultiplyAddMethod = "Fma.MultiplyAdd",
        CreateMethod = "Vector256.Create",
    };

    /// <summary>One float at a time: what every machine can run.</summary>
    public static readonly VectorIsa Scalar = new()
    {
        Name = "Scalar",
        Lanes = 1,
        VectorType = "float",
        Intrinsics = "",
        LoadMethod = "",
        FusedMultiplyAddMethod = "MathF.FusedMultiplyAdd",
        CreateMethod = "",
    };

    private VectorIsa()
    {
    }

    public static IReadOnlyList<VectorIsa> All { get; } = [Avx512, Avx2, Scalar];

    /// <summary>The nested class's name and the suffix of the file: <c>Avx512</c>.</summary>
    public string Name { get; private init; } = "";

    /// <summary>Floats in a vector.</summary>
    public int Lanes { get; private init; }

    public string VectorType { get; private init; } = "";

    private string Intrinsics { get; init; } = "";

    private string LoadMethod { get; init; } = "";

    private string FusedMultiplyAddMethod { get; init; } = "";

    private string CreateMethod { get; init; } = "";

    /// <summary>The run-time's class of elementwise and reducing kernels for this set.</summary>
    public string RuntimeKernels => Name + "Kernels";

    public bool IsScalar => Lanes == 1;

    public string Zero => IsScalar ? "0f" : VectorType + ".Zero";

    public string Load(string pointer) => IsScalar ? Literal.Dereference(pointer) : $"{Intrinsics}.{LoadMethod}({Literal.Address(pointer)})";

    public string Store(string pointer, string value) =>
        IsScalar ? $"{Literal.Dereference(pointer)} = {value};" : $"{Intrinsics}.Store({Literal.Address(pointer)}, {value});";

    /// <summary>Floats of a cache line.</summary>
    public const int CacheLine = 16;

    /// <summary>Has a cache line brought to the level 2 cache meanwhile. Nothing else happens, whether there is memory at the address or not.</summary>
    public static string Prefetch(string pointer) => $"Sse.Prefetch1({Literal.Address(pointer)});";

    public string Broadcast(string scalar) =>
        IsScalar ? (scalar.IndexOf(' ') < 0 ? scalar : $"({scalar})") : $"{CreateMethod}({scalar})";

    public string FusedMultiplyAdd(string a, string b, string c) => $"{FusedMultiplyAddMethod}({a}, {b}, {c})";

    public string Add(string a, string b) => IsScalar ? $"{a} + {b}" : $"{Intrinsics}.Add({a}, {b})";

    public string Subtract(string a, string b) => IsScalar ? $"{a} - {b}" : $"{Intrinsics}.Subtract({a}, {b})";

    /// <summary>An expression as an operand of another one: the scalar's operators need parentheses.</summary>
    public string Group(string value) => IsScalar ? $"({value})" : value;

    public string Multiply(string a, string b) => IsScalar ? $"{a} * {b}" : $"{Intrinsics}.Multiply({a}, {b})";

    /// <summary>The larger; <paramref name="b"/> where either is not a number, as the instruction has it.</summary>
    public string Max(string a, string b) => IsScalar ? $"({a} > {b} ? {a} : {b})" : $"{Intrinsics}.Max({a}, {b})";

    /// <summary>
    /// The larger of an accumulator and an element, as a maximum over a window takes it: not a number once either is; of zeros, the element.
    /// </summary>
    public string Maximum(string accumulator, string element) => Lanes switch
    {
        16 => $"Avx512F.BlendVariable({Max(accumulator, element)}, {accumulator}, Avx512F.CompareUnordered({accumulator}, {accumulator}))",
        8 => $"Avx.BlendVariable({Max(accumulator, element)}, {accumulator}, Avx.CompareUnordered({accumulator}, {accumulator}))",
        _ => $"({accumulator} > {element} || float.IsNaN({accumulator}) ? {accumulator} : {element})",
    };

    /// <summary>The smaller; <paramref name="b"/> where either is not a number.</summary>
    public string Min(string a, string b) => IsScalar ? $"({a} < {b} ? {a} : {b})" : $"{Intrinsics}.Min({a}, {b})";

    /// <summary>a > b ? ifGreater : otherwise; what is not a number is not greater.</summary>
    public string SelectGreater(string a, string b, string ifGreater, string otherwise) => Lanes switch
    {
        16 => $"Avx512F.BlendVariable({otherwise}, {ifGreater}, Avx512F.CompareGreaterThan({a}, {b}))",
        8 => $"Avx.BlendVariable({otherwise}, {ifGreater}, Avx.CompareGreaterThan({a}, {b}))",
        _ => $"({a} > {b} ? {ifGreater} : {otherwise})",
    };

    /// <summary>The even lanes of two neighbouring vectors, in the order that <see cref="InOrder"/> mends; of scalars, the first.</summary>
    public string Even(string low, string high) => Lanes switch
    {
        16 => $"Avx512F.PermuteVar16x32x2({low}, EvenLanes, {high})",
        8 => $"Avx.Shuffle({low}, {high}, 0b10_00_10_00)",
        _ => low,
    };

    /// <summary>The odd lanes of two neighbouring vectors, in the order that <see cref="InOrder"/> mends; of scalars, the second.</summary>
    public string Odd(string low, string high) => Lanes switch
    {
        16 => $"Avx512F.PermuteVar16x32x2({low}, OddLanes, {high})",
        8 => $"Avx.Shuffle({low}, {high}, 0b11_01_11_01)",
        _ => high,
    };

    /// <summary>Lanes that <see cref="Even"/> or <see cref="Odd"/> took, in their own order: 256-bit shuffles take them by halves.</summary>
    public string InOrder(string value) => Lanes == 8 ? $"global::System.Runtime.Intrinsics.X86.Avx2.Permute4x64(({value}).AsDouble(), 0b11_01_10_00).AsSingle()" : value;

    /// <summary>The first half of the pairs (even, odd), whose lanes are in the order that <see cref="Even"/> takes them.</summary>
    public string InterleaveLow(string even, string odd) => Lanes switch
    {
        16 => $"Avx512F.PermuteVar16x32x2({even}, LowPairs, {odd})",
        8 => $"Avx.UnpackLow({even}, {odd})",
        _ => even,
    };

    /// <summary>The second half of the pairs (even, odd).</summary>
    public string InterleaveHigh(string even, string odd) => Lanes switch
    {
        16 => $"Avx512F.PermuteVar16x32x2({even}, HighPairs, {odd})",
        8 => $"Avx.UnpackHigh({even}, {odd})",
        _ => odd,
    };

    /// <summary>The value with all but its first lanes zero.</summary>
    public string FirstLanes(string value, int lanes) =>
        lanes >= Lanes ? value : lanes <= 0 ? Zero : $"{value} & {FirstLanes(lanes)}";

    /// <summary>All bits of some first lanes, fewer than there are.</summary>
    public string FirstLanes(int lanes) => lanes <= 0 ? Zero : "Lanes" + Literal.Number(lanes);
}
