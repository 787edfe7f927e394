using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Weights;

/// <summary>What <c>[Weights]</c> became: where the program finds them, or what is wrong.</summary>
internal sealed record WeightsResult(CarriedWeights? Carried, EquatableArray<Problem> Problems);

/// <summary>Whether a model's weights file is there, sound, the network's, and carried as the attribute says.</summary>
internal static class WeightsRules
{
    /// <summary>A file of another network may have thousands of faults; what is past these says nothing new.</summary>
    private const int MostFaults = 200;

    private const string FileArgument = "file";
    private const string EmbedArgument = "Embed";

    public static WeightsResult Check(Network network, DeclaredWeights declared, EquatableArray<WeightsFile> files)
    {
        var matches = files.Where(file => EndsWith(file.Path, declared.File)).ToList();
        if (matches.Count != 1)
            return Wrong(matches.Count == 0 ? Absent(network.Name, declared, files) : Ambiguous(network.Name, declared, matches));
        var file = matches[0];
        if (file.Header.Fault is { } fault)
            return Wrong(new Problem("CNN4003", FileArgument, [network.Name, fault]));
        var problems = Faults(network, file).Take(MostFaults).ToList();
        if (CheckEmbedding(network.Name, declared, file) is { } problem)
            problems.Add(problem);
        return problems.Count > 0
            ? new WeightsResult(null, problems.ToEquatableArray())
            : new WeightsResult(new CarriedWeights(declared.Embed, file.Name), []);
    }

    private static WeightsResult Wrong(Problem problem) => new(null, [problem]);

    /// <summary>Whether the last parts of a path are those that were written. Parts that lead nowhere by themselves (<c>.</c>, <c>..</c>) don't count.</summary>
    private static bool EndsWith(string path, string end)
    {
        var (all, wanted) = (Parts(path), Parts(end));
        return wanted.Count > 0 && wanted.Count <= all.Count && all.Skip(all.Count - wanted.Count).SequenceEqual(wanted, StringComparer.Ordinal);
    }

    private static List<string> Parts(string path) => [.. path.Split('/', '\\').Where(part => part is not ("" or "." or ".."))];

    private static Problem Absent(string model, DeclaredWeights declared, EquatableArray<WeightsFile> files)
    {
        var name = declared.File.Length == 0 ? model.ToLowerInvariant() + WeightsFile.Extension : declared.File;
        var mend = name.EndsWith(WeightsFile.Extension, StringComparison.Ordinal)
            ? "Write <AdditionalFiles Include=\"" + name + "\"" + Metadata(declared.Embed) + " /> in the project file"
            : "Weights are files named *" + WeightsFile.Extension;
        if (Describe.Nearest(WeightsFile.LastPart(name), files.Select(file => file.FileName)) is { } nearest)
            mend += ", or name '" + nearest + "' here";
        return new Problem("CNN4001", FileArgument, [model, declared.File, mend]);
    }

    private static Problem Ambiguous(string model, DeclaredWeights declared, List<WeightsFile> matches)
    {
        // Enough of the first one's path to tell it from the others.
        var first = Parts(matches[0].Path);
        var longer = Enumerable.Range(1, first.Count)
            .Select(count => string.Join("/", first.Skip(first.Count - count)))
            .First(end => matches.Count(file => EndsWith(file.Path, end)) == 1 || Parts(end).Count == first.Count);
        return new Problem(
            "CNN4002", FileArgument, [model, declared.File, Numbers.Print(matches.Count), "\"" + longer + "\""]);
    }

    /// <summary>All differences between the file and the network, of which the tensors are those that are emitted.</summary>
    private static IEnumerable<Problem> Faults(Network network, WeightsFile file)
    {
        var wanted = network.Nodes
            .SelectMany(node => node.Parameters.Select(spec => new WantedTensor(node.TensorName + "." + spec.Name, [.. spec.Dimensions])))
            .ToList();
        var found = file.Header.Tensors.Select(tensor => new TensorEntry(tensor.Name, tensor.Type, [.. tensor.Shape], 0, 0)).ToList();
        var name = Describe.Name(file.FileName);
        foreach (var fault in WeightsComparison.Faults(wanted, found))
        {
            yield return fault.Kind switch
            {
                WeightsFaultKind.Missing => new Problem(
                    "CNN4004",
                    FileArgument,
                    [network.Name, name, fault.Wanted.Name, Describe.Shape(fault.Wanted.Shape), fault.Meant() is { } meant ? " or rename its '" + meant + "'" : ""]),
                WeightsFaultKind.Surplus => new Problem(
                    "CNN4005",
                    FileArgument,
                    fault.Meant() is { } other
                        ? [network.Name, name, fault.Found!.Description, "", " or rename it '" + other + "'"]
                        : [network.Name, name, fault.Found!.Description, fault.Neighbour() is { } near ? "; the nearest is '" + near + "'" : "", ""]),
                WeightsFaultKind.Shape => new Problem(
                    "CNN4006",
                    FileArgument,
                    [network.Name, fault.Wanted.Name, Describe.Shape(fault.Found!.Shape), name, Describe.Shape(fault.Wanted.Shape)]),
                _ => new Problem("CNN4007", FileArgument, [network.Name, fault.Wanted.Name, fault.Found!.Type.Name(), name]),
            };
        }
    }

    private static Problem? CheckEmbedding(string model, DeclaredWeights declared, WeightsFile file)
    {
        if (string.Equals(file.Embed, declared.Embed.ToString(), StringComparison.OrdinalIgnoreCase))
            return null;
        var name = file.FileName;
        var isKnown = Enum.TryParse<WeightsEmbedding>(file.Embed, ignoreCase: true, out var built) && Enum.IsDefined(typeof(WeightsEmbedding), built);
        var (says, mend) = (file.Embed, isKnown) switch
        {
            ("", _) => (
                "the build does not carry it, since it does not import CnnGen.targets",
                "Reference the CnnGen package, or import CnnGen.props and CnnGen.targets in the project file"),
            (_, false) => (
                "CnnGenEmbed=\"" + file.Embed + "\" of the project file is none of Inside, Beside and AtRunTime",
                "Write <AdditionalFiles Include=\"" + name + "\"" + Metadata(declared.Embed) + " />"),
            _ => (
                "the build carries it as " + built,
                "Write <AdditionalFiles Include=\"" + name + "\"" + Metadata(declared.Embed) + " />, or "
                    + (built == WeightsEmbedding.Inside ? "remove Embed here" : "write Embed = WeightsEmbedding." + built + " here")),
        };
        return file.Embed.Length == 0 && declared.Embed == WeightsEmbedding.AtRunTime
            ? null
            : new Problem("CNN4008", EmbedArgument, [model, name, declared.Embed.ToString(), says, mend]);
    }

    /// <summary>What the project file's item says of an embedding, unless it's the default.</summary>
    private static string Metadata(WeightsEmbedding embed) => embed == WeightsEmbedding.Inside ? "" : " CnnGenEmbed=\"" + embed + "\"";
}
