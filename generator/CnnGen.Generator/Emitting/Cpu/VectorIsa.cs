using CnnGen.Generator.Emitting;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>
/// How one instruction set is spelled. Kernels are printed once for each: the same loops and the same order of additions, so that all sets give the same
/// results. The ISA's own intrinsics are used, since Vector512.Load and its kin are inlined methods, which stop being inlined in large kernels.
/// </summary>
internal sealed record VectorIsa
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

    public string Load(string pointer) => IsScalar ? Dereference(pointer) : $"{Intrinsics}.{LoadMethod}({pointer})";

    public string Store(string pointer, string value) =>
        IsScalar ? $"{Dereference(pointer)} = {value};" : $"{Intrinsics}.Store({pointer}, {value});";

    public string Broadcast(string scalar) => IsScalar ? scalar : $"{CreateMethod}({scalar})";

    public string FusedMultiplyAdd(string a, string b, string c) => $"{FusedMultiplyAddMethod}({a}, {b}, {c})";

    public string Add(string a, string b) => IsScalar ? $"{a} + {b}" : $"{Intrinsics}.Add({a}, {b})";

    public string Subtract(string a, string b) => IsScalar ? $"{a} - {b}" : $"{Intrinsics}.Subtract({a}, {b})";

    /// <summary>An expression as an operand of another one: the scalar's operators need parentheses.</summary>
    public string Group(string value) => IsScalar ? $"({value})" : value;

    public string Multiply(string a, string b) => IsScalar ? $"{a} * {b}" : $"{Intrinsics}.Multiply({a}, {b})";

    /// <summary>The larger; <paramref name="b"/> where either is not a number, as the instruction has it.</summary>
    public string Max(string a, string b) => IsScalar ? $"({a} > {b} ? {a} : {b})" : $"{Intrinsics}.Max({a}, {b})";

    /// <summary>The smaller; <paramref name="b"/> where either is not a number.</summary>
    public string Min(string a, string b) => IsScalar ? $"({a} < {b} ? {a} : {b})" : $"{Intrinsics}.Min({a}, {b})";

    private static string Dereference(string pointer) =>
        pointer.IndexOf(' ') < 0 ? $"*{pointer}" : $"*({pointer})";
}
