using System.Text.RegularExpressions;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Which programs call a method.</summary>
[Flags]
internal enum MethodUse
{
    None = 0,
    Prediction = 1,
    Training = 2,
}

/// <summary>The methods of one instruction set's class, and the library's kernels that they call: what <c>Warmup</c> has compiled.</summary>
internal sealed class MethodList(VectorIsa isa)
{
    private static readonly Regex s_method = new(@"static void (\w+)\(", RegexOptions.CultureInvariant);

    private readonly Regex _kernel = new($@"\b{isa.RuntimeKernels}\.(\w+)\(", RegexOptions.CultureInvariant);
    private readonly List<(string Name, MethodUse Use, int Length)> _methods = [];
    private readonly Dictionary<string, MethodUse> _kernels = [];

    /// <summary>Prints methods, and notes which they are.</summary>
    public void Record(CodeWriter writer, MethodUse use, Action emit)
    {
        var start = writer.Length;
        emit();
        var text = writer.Since(start);
        var matches = s_method.Matches(text);
        for (var i = 0; i < matches.Count; i++)
        {
            var end = i + 1 < matches.Count ? matches[i + 1].Index : text.Length;
            _methods.Add((matches[i].Groups[1].Value, use, end - matches[i].Index));
        }

        foreach (Match match in _kernel.Matches(text))
        {
            var name = match.Groups[1].Value;
            _kernels[name] = use | (_kernels.TryGetValue(name, out var other) ? other : default);
        }
    }

    /// <summary>Prints the lists. The longest methods, which take longest to compile, stand first.</summary>
    public void Emit(CodeWriter writer)
    {
        EmitList("MethodsFor", "This class's methods, the longest first: for Warmup.", use => _methods
            .Where(method => (method.Use & use) != 0)
            .OrderByDescending(method => method.Length)
            .Select(method => Literal.Text(method.Name)));
        writer.Line();
        EmitList("KernelsFor", "The library's kernels that they call.", use => _kernels
            .Where(kernel => (kernel.Value & use) != 0)
            .OrderBy(kernel => kernel.Key, StringComparer.Ordinal)
            .Select(kernel => Literal.Text(kernel.Key)));

        void EmitList(string name, string summary, Func<MethodUse, IEnumerable<string>> items)
        {
            writer.Line($"/// <summary>{summary}</summary>");
            using (writer.Block($"public static string[] {name}(global::CnnGen.WarmupFor purpose)"))
            {
                writer.Line("return purpose == global::CnnGen.WarmupFor.Training");
                EmitItems("    ? [", "]", items(MethodUse.Training));
                EmitItems("    : [", "];", items(MethodUse.Prediction));
            }
        }

        // Several to a line: the lists are long.
        void EmitItems(string opening, string closing, IEnumerable<string> items)
        {
            const int Width = 160;
            var line = opening;
            foreach (var item in items)
            {
                if (line.Length + item.Length > Width)
                {
                    writer.Line(line.TrimEnd());
                    line = new string(' ', 8);
                }

                line += item + ", ";
            }

            writer.Line(line.TrimEnd(' ', ',') + closing);
        }
    }
}
