using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Campaigns;

/// <summary>
/// Sources as they are while somebody types: valid ones cut at every character, or with tokens deleted, swapped, repeated, and put in. Whatever the source, only the
/// compiler's errors about it and the generator's diagnostics may come of it.
/// </summary>
internal sealed class TokensCampaign : Campaign
{
    private static readonly string[] s_sources =
    [
        """
        [Model(1, 6, 6)]
        [Conv2D(2, 3, Padding = 1, Name = "Stem"), BatchNorm, ReLU, MaxPool(2)]
        [Dense(3), Softmax]
        public sealed partial class Net;

        static class Program
        {
            static void Main()
            {
                using var net = Net.Create(seed: 1);
                net.Predict(new float[36], new float[Net.OutputLength]);
                Console.WriteLine($"{Net.Summary} {net.Stem.Weight.Length} {Net.Layers.Stem.Filters}");
            }
        }
        """,
        """
        namespace App.Nets
        {
            public static partial class Outer
            {
                /// <summary>A network.</summary>
                [Model(2, 4, 4, Loss = Loss.HalfSquaredError, Rounding = Rounding.Floor)]
                [Normalize(new[] { 0.5f, 0.25f }, 0.5f)]
                [Conv2D(2, 3, Stride = new[] { 1, 1 }, Padding = 1), Tanh, Dropout(0.5f), LocalResponseNorm(2)]
                [Dense(units: 2, Bias = false, Repeat = 2, Name = "Tail")]
                internal partial class Net
                {
                    public string Label { get; init; } = "";

                    public void Predict(string file) => Predict(System.IO.File.ReadAllBytes(file), new float[2]);
                }
            }
        }

        """,
        """
        namespace App;

        [Model(1, 3, 3), Dense(2), Softmax, Weights("a.safetensors", Embed = WeightsEmbedding.AtRunTime)]
        internal partial class First : System.IEquatable<First> { public bool Equals(First? other) => other == this; }

        [Model(3, 5, 5)]
        [Conv2D(3, 3, Groups = 3), ELU, GlobalAveragePool, Flatten]
        internal partial class Second;

        [Dense(2)]
        internal partial class Third : System.Collections.Generic.List<int>;
        """,
        """
        namespace App;

        [Model(2, 6, 6)]
        [Conv2D("2 * input.channels", 1), Pair(4, Stride = 2, Repeat = 2, TensorName = "layer1.0"), Outer(Name = "Tail")]
        [Dense(2), Softmax]
        internal partial class Net
        {
            public int Filters => Layers.Tail.Layers.Pair1.Layers.Conv1.Filters;
        }

        [Branch, Conv2D("width / 2", 3, Padding = 1, Stride = "Stride")]
        [Branch, Shortcut("width / 2", Stride = "Stride"), Tanh]
        [Add]
        internal sealed class PairAttribute : BlockAttribute
        {
            public PairAttribute(object width) { }
            public int Stride { get; set; } = 1;
        }

        [Pair("max(input.channels, 6)"), Branch(From = "Pair1.Tanh1"), Branch, Add]
        internal sealed class OuterAttribute : BlockAttribute;
        """,
    ];

    /// <summary>Tokens that are put in.</summary>
    private static readonly string[] s_tokens =
    [
        "[", "]", "(", ")", "{", "}", "<", ">", ",", ";", ":", ".", "..", "=", "=>", "?", "0", "-1", "2147483648", "1.5f", "\"a\"", "\"\\n\"", "null", "default", "class", "record",
        "struct", "interface", "enum", "partial", "public", "file", "static", "abstract", "required", "readonly", "ref", "new", "typeof", "nameof", "global", "::", "using", "namespace",
        "Net", "Model", "Dense", "Conv2D", "Name", "Repeat", "Padding", "T", "<T>", "@class", "\u2028", "#if X", "#pragma", "//", "/*", "await", "unsafe", "this", "base", "var", "_", "var _ = 1;",
        "[Model(1, 2, 2)]", "[Dense(2)]", "[Pair(2)]", "\"width + 1\"", ": BlockAttribute", "BlockAttribute", "Outer", "public partial record Net;", "public partial class Net { }", "where T : class",
    ];

    public override string Name => "tokens";

    public override string Description => "Cuts a valid source at every character, deletes, swaps, repeats and puts in tokens: the generator adds no fault of its own, and no text with errors.";

    public override void Run(CampaignRun run)
    {
        var cuts = s_sources.SelectMany(source => Enumerable.Range(0, source.Length).Select(length => (source, length))).ToArray();
        foreach (var source in s_sources)
            Check(run, source, "a valid source");

        // Every second round is the next cut, as long as there are any; a stride without a common factor spreads the first ones over all of them.
        var cut = 0L;
        while (run.Next(out var random))
        {
            if (random.Next(2) == 0 && cut < cuts.Length)
            {
                var (source, length) = cuts[cut++ * 7919 % cuts.Length];
                Check(run, source[..length], "cuts");
            }
            else
            {
                Check(run, Mutate(random, s_sources[random.Next(s_sources.Length)]), "sources with other tokens");
            }
        }
    }

    private static string Mutate(Random random, string source)
    {
        var tokens = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Select(token => token.ToFullString()).ToList();
        for (var changes = random.Next(1, 5); changes > 0 && tokens.Count > 1; changes--)
        {
            var at = random.Next(tokens.Count);
            switch (random.Next(6))
            {
                case 0:
                    tokens.RemoveAt(at);
                    break;
                case 1:
                    var other = random.Next(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                case 2:
                    tokens.Insert(at, tokens[at]);
                    break;
                case 3:
                    tokens[at] = " " + s_tokens[random.Next(s_tokens.Length)] + " ";
                    break;
                case 4:
                    var length = Math.Min(random.Next(2, 12), tokens.Count - at);
                    tokens.InsertRange(random.Next(tokens.Count), tokens.GetRange(at, length));
                    break;
                default:
                    tokens.Insert(at, " " + s_tokens[random.Next(s_tokens.Length)] + " ");
                    break;
            }
        }

        return string.Concat(tokens);
    }

    private static void Check(CampaignRun run, string source, string what)
    {
        run.Count(what);
        string[] faults;
        try
        {
            var compiled = Compiler.Run(source);
            faults = [.. compiled.Faults().Take(3)];
            run.Count("files emitted", compiled.Emitted.Count());
        }
        catch (Exception exception)
        {
            faults = [exception.ToString()];
        }

        if (faults.Length == 0)
            return;
        var text = new StringBuilder();
        foreach (var fault in faults)
            text.Append(CultureInfo.InvariantCulture, $"{fault}\n");
        run.Fault($"{text}of the source\n{source}\n");
    }
}
