using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CnnGen.Campaigns;

/// <summary>
/// Gives the names that emitted code uses to types, namespaces, aliases, classes, layers and members of the user's, and keywords and odd letters to those that can have
/// them. Where the generator refuses none of them, what it emits compiles without a warning.
/// </summary>
internal sealed class NamesCampaign : Campaign
{
    /// <summary>What is said of names that can't be had: of layers, members and classes, and of types that hide what emitted code names.</summary>
    private static readonly string[] s_refusals = ["CNN1021", "CNN3003", "CNN3004", "CNN3005", "CNN3006", "CNN3007"];

    /// <summary>Names like those that emitted code makes from a layer's, and letters that not every language has.</summary>
    private static readonly string[] s_others =
    [
        "Images1", "Shared1", "Chunks1", "Once1", "Sums", "Units", "Transform", "Weights", "Gradient", "Lanes3", "EvenLanes", "Sum0_0", "W0", "P0", "H", "V", "Ch", "Kh", "X", "Y", "I",
        "From", "To", "Worker", "Context", "Argument", "Arena", "Rows", "First", "Chunk", "Input1", "Output", "Outputs", "Losses", "Targets", "Scores", "Parameters1", "Prepared", "Copy",
        "Value", "Get", "Set", "Init", "Add", "Remove", "Select", "Where", "Await", "Async", "Å", "Ünïcode", "名前", "ß", "Ⅷ", "ǅ", "K", "A_B", "A__B", "_A", "__", "Net2", "NET", "nET",
    ];

    private static readonly string[] s_layers =
    [
        "Conv2D(2, 3, Padding = 1{0})", "Conv2D(4, 1{0})", "Conv2D(2, 3, Padding = 1, Groups = 2{0})", "Conv2D(16, 3, Padding = 1, Algorithm = global::CnnGen.ConvAlgorithm.Im2Col{0})",
        "BatchNorm({0})", "ReLU({0})", "ELU(1f{0})", "Tanh({0})", "Dropout(0.5f{0})", "LocalResponseNorm(2{0})", "Conv2D(16, 3, Padding = 1, Algorithm = global::CnnGen.ConvAlgorithm.Winograd2x2{0})",
    ];

    private static readonly string[] s_last = ["MaxPool(2{0})", "AveragePool(2{0})", "GlobalAveragePool({0})", "Flatten({0})", "Dense(3{0})", "Sigmoid({0})"];

    public override string Name => "names";

    public override string Description => "Gives names that emitted code uses, keywords and odd letters to a user's types, namespaces, aliases, classes, layers and members: emitted code still compiles.";

    public override void Run(CampaignRun run)
    {
        var known = Names();
        run.Count("names", known.Length);
        while (run.Next(out var random))
            Round(run, random, known);
    }

    /// <summary>Those of a network with all kinds of layers, all keywords, and the others.</summary>
    private static string[] Names()
    {
        var layers = s_layers.Concat(s_last).Select(layer => Attribute(layer, null));
        var everything = Compiler.Run($"[global::CnnGen.Model(4, 4, 4)]\n[{string.Join(", ", layers)}]\npublic partial class Net;");
        return
        [
            .. EmittedNames.OfTypes(everything.Output, everything.Emitted)
                .Concat(SyntaxFacts.GetContextualKeywordKinds().Concat(SyntaxFacts.GetReservedKeywordKinds()).Select(SyntaxFacts.GetText))
                .Concat(s_others)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static void Round(CampaignRun run, Random random, string[] known)
    {
        string Any() => known[random.Next(known.Length)];

        // The class: any name in any namespace, perhaps in another class.
        var name = random.Next(3) == 0 ? Any() : "Net";
        var layers = new List<string>();
        var count = random.Next(1, 6);
        for (var i = 0; i < count; i++)
            layers.Add(Attribute(s_layers[random.Next(s_layers.Length)], random.Next(3) == 0 ? null : Any()));
        layers.Add(Attribute(s_last[random.Next(s_last.Length)], random.Next(3) == 0 ? null : Any()));
        var members = string.Concat(Enumerable.Range(0, random.Next(3)).Select(i => random.Next(3) switch
        {
            0 => $"    public int @{Any()} {{ get; set; }}\n",
            1 => $"    private static class @{Any()};\n",
            _ => $"    private void @{Any()}() {{ }}\n",
        }));
        var model = $"[global::CnnGen.Model(4, 4, 4)]\n[{string.Join(", ", layers)}]\npublic partial class @{name}\n{{\n{members}}}\n";
        if (random.Next(4) == 0)
            model = $"public partial class @{Any()}\n{{\n{model}}}\n";

        IReadOnlyList<string> sources;
        if (random.Next(8) == 0)
        {
            sources = [model];
        }
        else if (random.Next(3) == 0)
        {
            // A namespace of the name of one of the framework's types hides it from everybody.
            var first = Any();
            sources = [$"namespace @{(first is "System" or "CnnGen" ? "App" : first)}.@{Any()}\n{{\n{model}}}\n"];
            run.Count("namespaces");
        }
        else
        {
            var place = Decoys.Places[random.Next(Decoys.Places.Count)];
            string[] decoys = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Any()).Where(decoy => decoy != name).Distinct(StringComparer.Ordinal)];
            sources = Decoys.Sources(place, decoys, model);
            run.Count("decoys", decoys.Length);
        }

        Check(run, sources);
    }

    private static void Check(CampaignRun run, IReadOnlyList<string> sources)
    {
        string[] faults;
        try
        {
            var compiled = Compiler.Run(sources);
            var said = compiled.Result.Diagnostics.Where(diagnostic => !s_refusals.Contains(diagnostic.Id)).Select(diagnostic => diagnostic.ToString());
            run.Count(compiled.Result.Diagnostics.IsEmpty ? "models" : "refusals");
            faults = [.. compiled.Faults().Concat(said).Take(3)];
        }
        catch (Exception exception)
        {
            faults = [exception.ToString()];
        }

        if (faults.Length > 0)
            run.Fault(string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', faults)}\nof the source\n{string.Join('\n', sources)}\n"));
    }

    private static string Attribute(string layer, string? name)
    {
        var argument = name is null ? "" : "Name = \"" + name + "\"";
        var text = layer.Contains("({0}", StringComparison.Ordinal) || argument.Length == 0 ? argument : ", " + argument;
        return "global::CnnGen." + string.Format(CultureInfo.InvariantCulture, layer, text);
    }
}
