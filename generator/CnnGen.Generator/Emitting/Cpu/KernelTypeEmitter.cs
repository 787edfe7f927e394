using System.Globalization;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints kernels as the members of a type for each instruction set, and the interface that these types have in common.</summary>
/// <param name="kernels">The kernels.</param>
/// <param name="commentOf">The line above one.</param>
/// <param name="library">Methods of the library that programs call as members of the type.</param>
internal sealed class KernelTypeEmitter(KernelSet kernels, Func<Kernel, string> commentOf, IReadOnlyCollection<LibraryMethod> library)
{
    /// <summary>The name of the interface.</summary>
    public const string Interface = "IKernels";

    /// <summary>Prints the type of one instruction set.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isa">The instruction set.</param>
    public void Emit(CodeWriter writer, VectorIsa isa)
    {
        writer.Line($"/// <summary>Kernels, {Describe(isa)}.</summary>");
        writer.Line("[global::System.Runtime.CompilerServices.SkipLocalsInit]");
        using var type = writer.Block($"internal readonly unsafe struct {isa.Name} : {Interface}");
        var parts = new PartList();
        var texts = new List<MemberText>();
        foreach (var kernel in kernels.Kernels)
        {
            var name = kernels.NameOf(kernel);
            writer.Line($"// {commentOf(kernel)}");
            var start = writer.Length;
            if (kernel.HasUnits && kernel.CommonUnits() is null)
            {
                writer.Line($"public static int {name}{KernelCalls.UnitsSuffix} => {kernel.UnitsFor(isa.Lanes)};");
                writer.Line();
            }

            KernelEmitters.Emit(writer, isa, kernel, name, parts);
            texts.Add(new MemberText(name, writer.Since(start), parts.TakeCalled()));
        }

        parts.Emit(writer);
        EmitLaneMasks(writer, isa);
        foreach (var method in library)
        {
            var start = writer.Length;
            writer.Line($"public static void {method.Name}({method.Parameters}) => {isa.RuntimeKernels}.{method.Name}({method.Arguments});");
            texts.Add(new MemberText(method.Name, writer.Since(start), []));
            writer.Line();
        }

        EmitParts(writer, isa, texts);
    }

    /// <summary>Prints the interface of a type: what programs may call.</summary>
    public static void EmitInterface(CodeWriter writer, string type)
    {
        writer.Line("/// <summary>The kernels, which each instruction set has.</summary>");
        using (writer.Block($"internal unsafe interface {Interface}"))
        {
            foreach (var line in type.Split('\n'))
            {
                const string Public = "public static ";
                var member = line.TrimStart(' ');
                if (!member.StartsWith(Public, StringComparison.Ordinal))
                    continue;
                member = member.Substring(Public.Length);
                if (member.StartsWith("void ", StringComparison.Ordinal))
                    writer.Line("static abstract " + member.Substring(0, member.IndexOf(')') + 1) + ";");
                else if (member.StartsWith("int ", StringComparison.Ordinal))
                    writer.Line("static abstract " + member.Substring(0, member.IndexOf(' ', "int ".Length)) + " { get; }");
            }
        }
    }

    private static string Describe(VectorIsa isa) => isa.Lanes == 1
        ? "one float at a time: for machines without AVX2"
        : Literal.Number(isa.Lanes) + " floats at a time";

    /// <summary>Prints what <c>Warmup</c> asks for: the methods of each kernel, those that take longest to compile first, and the library's methods that they call.</summary>
    private static void EmitParts(CodeWriter writer, VectorIsa isa, IReadOnlyList<MemberText> texts)
    {
        const string Type = "global::CnnGen.Runtime.KernelParts";
        var library = isa.RuntimeKernels + ".";
        writer.Line("/// <summary>The methods of a kernel, the longest first, and those of the library that they call: for Warmup.</summary>");
        using (writer.Block($"public static {Type} PartsOf(string kernel) => kernel switch", "};"))
        {
            foreach (var (member, text, parts) in texts)
            {
                var methods = MethodsOf(text).Concat(parts.SelectMany(MethodsOf))
                    .OrderByDescending(method => method.Length)
                    .Select(method => method.Name)
                    .ToList();
                var called = CodeText.MethodsBehind(text, library)
                    .Concat(parts.SelectMany(call => CodeText.MethodsBehind(call.Part.Text, library)))
                    .Select(call => call.Name)
                    .Distinct()
                    .ToList();
                if (methods.Count > 1 || called.Count > 0)
                    writer.Line($"{Literal.Text(member)} => new([{Names(methods)}], [{Names(called)}]),");
            }

            writer.Line("_ => new([kernel], []),");
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => Literal.Text(name)));

    private static IEnumerable<MethodText> MethodsOf(PartList.Call call) => call.Argument.Length == 0
        ? MethodsOf(call.Part.Text)
        : [new MethodText(call.ToString(), call.Part.Text.Length)];

    private static IEnumerable<MethodText> MethodsOf(string text)
    {
        var methods = CodeText.MethodsBehind(text, "static void ").ToList();
        for (var i = 0; i < methods.Count; i++)
            yield return new MethodText(methods[i].Name, (i + 1 < methods.Count ? methods[i + 1].Index : text.Length) - methods[i].Index);
    }

    /// <summary>Constants that kernels name: masks of the first so many lanes, under which a row's last vectors are stored, and orders of lanes.</summary>
    private static void EmitLaneMasks(CodeWriter writer, VectorIsa isa)
    {
        var text = writer.ToString();
        foreach (var (name, index) in new (string, Func<int, int>)[]
        {
            ("EvenLanes", lane => 2 * lane),
            ("OddLanes", lane => (2 * lane) + 1),
            ("LowPairs", lane => (lane / 2) + (lane % 2 * isa.Lanes)),
            ("HighPairs", lane => ((lane + isa.Lanes) / 2) + (lane % 2 * isa.Lanes)),
        })
        {
            // Only 16 lanes are put in order by index; a layer of the same name may stand in a comment.
            if (isa.Lanes != 16 || text.IndexOf($", {name}, ", StringComparison.Ordinal) < 0)
                continue;
            var indices = string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => Literal.Number(index(lane))));
            EmitConstant($"Vector512<int> {name}", $"Vector512.Create({indices})");
        }

        var named = CodeText.NamesBehind(text, "Lanes").Select(found => found.Name).Distinct().ToList();
        for (var lanes = 1; lanes < isa.Lanes; lanes++)
        {
            if (!named.Contains(Literal.Number(lanes)))
                continue;
            var vector = isa.VectorType.Replace("<float>", "");
            var values = string.Join(", ", Enumerable.Range(0, isa.Lanes).Select(lane => lane < lanes ? "-1" : "0"));
            writer.Line($"// All bits of the first {Literal.Number(lanes)} lanes.");
            EmitConstant($"{isa.VectorType} Lanes{Literal.Number(lanes)}", $"{vector}.Create({values}).AsSingle()");
        }

        // Not inlined, it would be a call that every register is saved around.
        void EmitConstant(string declaration, string value)
        {
            using (writer.Block($"private static {declaration}"))
            {
                writer.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]");
                writer.Line($"get => {value};");
            }

            writer.Line();
        }
    }

    /// <summary>A kernel or a method of the library, as it is printed, and the methods that several kernels have in common of which it calls some.</summary>
    private sealed record MemberText(string Name, string Text, IReadOnlyList<PartList.Call> Parts);

    /// <summary>A method's name, and the characters of its text.</summary>
    private sealed record MethodText(string Name, int Length);
}
