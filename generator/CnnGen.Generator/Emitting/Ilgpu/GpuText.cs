using CnnGen.Generator.Planning.Ilgpu;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>How expressions are spelled in a kernel for ILGPU: one float at a time, products and sums as operators, which its compilers fuse.</summary>
internal sealed class GpuSpelling : IExpressionSpelling
{
    public static GpuSpelling Instance { get; } = new();

    public bool IsScalar => true;

    public string Zero => "0f";

    public string RuntimeKernels => "GpuMath";

    public string Broadcast(string scalar) => scalar.IndexOf(' ') < 0 ? scalar : Group(scalar);

    public string Add(string a, string b) => $"{a} + {b}";

    public string Subtract(string a, string b) => $"{a} - {b}";

    public string Multiply(string a, string b) => $"{a} * {b}";

    public string FusedMultiplyAdd(string a, string b, string c) => $"({a} * {b} + {c})";

    public string Max(string a, string b) => $"({a} > {b} ? {a} : {b})";

    public string Min(string a, string b) => $"({a} < {b} ? {a} : {b})";

    public string SelectGreater(string a, string b, string ifGreater, string otherwise) => $"({a} > {b} ? {ifGreater} : {otherwise})";

    public string Group(string value) => $"({value})";
}

/// <summary>Parts of kernels' text.</summary>
internal static class GpuText
{
    /// <summary>The alias for a view of floats.</summary>
    public const string View = "Floats";

    /// <summary>Elements of a window that are printed one by one.</summary>
    public const int MostUnrolled = 25;

    /// <summary>The type and the name of a kernel's number.</summary>
    public static string Declaration(GpuNumber number) => number == GpuNumber.Seed ? "ulong seed" : "int count";

    public static string TypeOf(GpuNumber number) => number == GpuNumber.Seed ? "ulong" : "int";

    /// <summary>Opens a kernel's method.</summary>
    public static CodeWriter.Scope Open(CodeWriter writer, GpuKernel kernel, string name)
    {
        var parameters = kernel.Views.Select(view => View + " " + view).Concat(kernel.RunTimeNumbers.Select(Declaration));
        return writer.Block($"public static void {name}({string.Join(", ", parameters)})");
    }

    /// <summary>The item of the thread at hand; threads past the last one end here.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="item">What the item is called.</param>
    /// <param name="grid">How items are shared among threads.</param>
    public static void OpenItem(CodeWriter writer, string item, GpuGrid grid)
    {
        writer.Line($"int {item} = Grid.IdxX * {grid.Threads} + Group.IdxX;");
        writer.Line($"if ({item} >= {(grid.PerImage == 0 ? Literal.Number(grid.Once) : Times("count", grid.PerImage))})");
        writer.Line("    return;");
    }

    /// <summary>Where the element i of a tensor is: its image, channel, row and column.</summary>
    public static void EmitPlace(CodeWriter writer, GpuStorage storage)
    {
        writer.Line($"int image = {Divided("i", storage.Length)};");
        writer.Line($"int channel = {Remainder(Divided("i", storage.Pixels), storage.Channels)};");
        writer.Line($"int row = {Remainder(Divided("i", storage.Width), storage.Height)};");
        writer.Line($"int column = {Remainder("i", storage.Width)};");
    }

    /// <summary>The image and the channel of the output i, and the corner of its window, which may lie beyond the map.</summary>
    public static void EmitCorner(CodeWriter writer, GpuStorage output, Size2 stride, Size2 padding)
    {
        writer.Line($"int image = {Divided("i", output.Length)};");
        writer.Line($"int channel = {Remainder(Divided("i", output.Pixels), output.Channels)};");
        writer.Line($"int top = {Plus(Times(Remainder(Divided("i", output.Width), output.Height), stride.Height), -padding.Height)};");
        writer.Line($"int left = {Plus(Times(Remainder("i", output.Width), stride.Width), -padding.Width)};");
    }

    /// <summary>The row and the column of an index, each times a step and less what lies before the map.</summary>
    public static void EmitCoordinates(CodeWriter writer, string row, string column, string index, int width, Size2 step, Size2 before)
    {
        writer.Line($"int {row} = {Plus(Times(Divided(index, width), step.Height), -before.Height)};");
        writer.Line($"int {column} = {Plus(Times(Remainder(index, width), step.Width), -before.Width)};");
    }

    /// <summary>A window's element (y, x) beyond the map counts nothing.</summary>
    public static void EmitSkip(CodeWriter writer, GpuWindows windows)
    {
        if (windows.IsInside)
            return;
        writer.Line($"if (!({IsWithin("y", windows.Input.Height)} && {IsWithin("x", windows.Input.Width)}))");
        writer.Line("    continue;");
    }

    /// <summary>The image of an item i, of which each has so many, and the item's place in it.</summary>
    public static void EmitImage(CodeWriter writer, int length)
    {
        writer.Line($"int image = {Divided("i", length)};");
        writer.Line($"int inImage = {Remainder("i", length)};");
    }

    /// <summary>Where the element i of a tensor lies, the image being known.</summary>
    public static string ElementOf(GpuStorage storage) => storage.IsDense ? "i" : $"{Times("image", storage.ImageStride)} + {Remainder("i", storage.Length)}";

    /// <summary>What names a layer's random numbers in a step: the CPU's key.</summary>
    public static string RandomKey(int stream)
    {
        const ulong GoldenGamma = 0x9E3779B97F4A7C15;
        var key = unchecked((ulong)stream * GoldenGamma);
        return key == 0 ? "seed" : FormattableString.Invariant($"seed + 0x{key:X16}UL");
    }

    public static string Times(string name, long factor) => factor switch
    {
        0 => "0",
        1 => name,
        _ => name == "0" ? name : name + " * " + Literal.Number(factor),
    };

    /// <summary>A quotient, whose dividend is never below 0: of powers of two, shifts and masks stand in their places on GPUs.</summary>
    public static string Divided(string name, int by) => by == 1 || name == "0" ? name : name + " / " + Literal.Number(by);

    /// <summary>A remainder, whose dividend is never below 0.</summary>
    public static string Remainder(string name, int by) => by == 1 || name == "0" ? "0" : name + " % " + Literal.Number(by);

    /// <summary>A sum without what is 0.</summary>
    public static string Sum(params string[] terms)
    {
        var parts = terms.Where(term => term is not ("0" or "")).ToList();
        return parts.Count == 0 ? "0" : string.Join(" + ", parts);
    }

    /// <summary>A name with a number added or taken away.</summary>
    public static string Plus(string name, int number) => number switch
    {
        0 => name,
        > 0 => name == "0" ? Literal.Number(number) : name + " + " + Literal.Number(number),
        _ => (name == "0" ? "" : name + " ") + "- " + Literal.Number(-(long)number),
    };

    /// <summary>Whether an index is within an axis; one comparison says both that it isn't below 0 and that it isn't above.</summary>
    public static string IsWithin(string index, int length) => $"(uint)({index}) < {Literal.Number(length)}u";

    /// <summary>A thread's sum and those of the others of its group, added pair by pair in a fixed order: the first place of the shared memory then has the total.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="sums">The group's shared memory, a float for each thread.</param>
    /// <param name="sum">The thread's sum.</param>
    /// <param name="threads">Threads of a group, a power of two.</param>
    public static void SumGroup(CodeWriter writer, IReadOnlyList<(string Sums, string Sum)> sums, int threads)
    {
        foreach (var (shared, sum) in sums)
            writer.Line($"{shared}[thread] = {sum};");
        writer.Line("Group.Barrier();");
        for (var half = threads / 2; half > 0; half /= 2)
        {
            if (sums.Count == 1)
            {
                writer.Line($"if (thread < {half})");
                writer.Line($"    {sums[0].Sums}[thread] += {sums[0].Sums}[thread + {half}];");
            }
            else
            {
                using (writer.Block($"if (thread < {half})"))
                {
                    foreach (var (shared, _) in sums)
                        writer.Line($"{shared}[thread] += {shared}[thread + {half}];");
                }
            }

            writer.Line("Group.Barrier();");
        }
    }

    /// <summary>A sum with the channel's bias and what the epilogue makes of it.</summary>
    /// <param name="writer">Where locals go.</param>
    /// <param name="after">The epilogue.</param>
    /// <param name="sum">The sum.</param>
    /// <param name="channel">The index of the bias.</param>
    /// <param name="operand">The element of an operand, from 1.</param>
    /// <param name="prefix">What locals' names begin with.</param>
    public static string After(CodeWriter writer, GpuEpilogue after, string sum, string channel, Func<int, string> operand, string prefix)
    {
        if (after.HasBias)
            sum = $"{sum} + bias[{channel}]";
        if (after.Each == Operations.Expression.X)
            return sum;
        if (after.HasBias)
        {
            writer.Line($"float {prefix}Sum = {sum};");
            sum = prefix + "Sum";
        }

        return ExpressionText.Print(writer, GpuSpelling.Instance, after.Each, index => index == 0 ? sum : operand(index), prefix);
    }
}
