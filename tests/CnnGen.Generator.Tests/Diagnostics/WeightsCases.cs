using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>One fault of a weights file.</summary>
/// <param name="Label">Names the test.</param>
/// <param name="Id">The one diagnostic that is expected.</param>
/// <param name="Attribute">The text of <c>[Weights]</c>, on a network of one dense layer: dense1.weight [2, 12], dense1.bias [2].</param>
/// <param name="Files">Adds the project's files.</param>
/// <param name="Marked">The text that is squiggled.</param>
/// <param name="Message">The whole message.</param>
/// <param name="MendedAttribute">What the message says to write in its stead, where the attribute is what it mends; else null.</param>
/// <param name="MendedFiles">The project's files after what else the message says.</param>
internal sealed record WeightsCase(
    string Label,
    string Id,
    string Attribute,
    Action<WeightsProject> Files,
    string Marked,
    string Message,
    string? MendedAttribute = null,
    Action<WeightsProject>? MendedFiles = null)
{
    public string Declaration => Declare(Attribute);

    public static string Declare(string attribute) =>
        $"[Model(3, 2, 2), {attribute}]\n[Dense(2), Softmax]\npublic partial class Net;";

    public override string ToString() => Id + " " + Label;
}

/// <summary>Faults of weights files: CNN4xxx.</summary>
internal static class WeightsCases
{
    public static readonly byte[] Sound = WeightsProject.Make(("dense1.weight", "F32", [2, 12]), ("dense1.bias", "F32", [2]));

    private const string File = "\"net.safetensors\"";
    private const string Plain = "Weights(\"net.safetensors\")";

    public static IReadOnlyList<WeightsCase> All =>
    [
        new(
            "no files", "CNN4001", Plain, _ => { }, File,
            "Net: no file of the project's AdditionalFiles ends in 'net.safetensors'. Write <AdditionalFiles Include=\"net.safetensors\" /> in the project file.",
            MendedFiles: With()),
        new(
            "no files, to lie beside", "CNN4001", "Weights(\"net.safetensors\", Embed = WeightsEmbedding.Beside)", _ => { }, File,
            "Net: no file of the project's AdditionalFiles ends in 'net.safetensors'. Write <AdditionalFiles Include=\"net.safetensors\" CnnGenEmbed=\"Beside\" /> in the project file.",
            MendedFiles: With(embed: "Beside")),
        new(
            "a misspelt name", "CNN4001", "Weights(\"Net.safetensors\")", With(), "\"Net.safetensors\"",
            "Net: no file of the project's AdditionalFiles ends in 'Net.safetensors'. "
                + "Write <AdditionalFiles Include=\"Net.safetensors\" /> in the project file, or name 'net.safetensors' here.",
            Plain),
        new(
            "part of a name", "CNN4001", "Weights(\"et.safetensors\")", With(), "\"et.safetensors\"",
            "Net: no file of the project's AdditionalFiles ends in 'et.safetensors'. "
                + "Write <AdditionalFiles Include=\"et.safetensors\" /> in the project file, or name 'net.safetensors' here.",
            Plain),
        new(
            "another folder", "CNN4001", "Weights(\"b/net.safetensors\")", project => project.Add("a/net.safetensors", Sound), "\"b/net.safetensors\"",
            "Net: no file of the project's AdditionalFiles ends in 'b/net.safetensors'. "
                + "Write <AdditionalFiles Include=\"b/net.safetensors\" /> in the project file, or name 'net.safetensors' here.",
            Plain),
        new(
            "another kind of file", "CNN4001", "Weights(\"net.pt\")", project => project.Add("net.pt", Sound), "\"net.pt\"",
            "Net: no file of the project's AdditionalFiles ends in 'net.pt'. Weights are files named *.safetensors.",
            Plain,
            With()),
        new(
            "null", "CNN4001", "Weights(null!)", _ => { }, "null!",
            "Net: no file of the project's AdditionalFiles ends in ''. Write <AdditionalFiles Include=\"net.safetensors\" /> in the project file.",
            Plain,
            With()),
        new(
            "two folders", "CNN4002", Plain, project => project.Add("a/net.safetensors", Sound).Add("b/net.safetensors", Sound), File,
            "Net: 'net.safetensors' is the end of 2 of the project's AdditionalFiles. Write more of the path, such as \"a/net.safetensors\".",
            "Weights(\"a/net.safetensors\")"),
        new(
            "no header", "CNN4003", Plain, project => project.Add("net.safetensors", [1, 2, 3]), File,
            "Net: 'net.safetensors' is no safetensors file: it has 3 bytes, fewer than the 8 that give the header's length. Save the file again.",
            MendedFiles: With()),
        new(
            "no file", "CNN4003", Plain, project => project.Add("net.safetensors", null), File,
            "Net: 'net.safetensors' cannot be read: FileNotFoundException. Make it readable where the build runs.",
            MendedFiles: With()),
        new(
            "cut off", "CNN4003", Plain, project => project.Add("net.safetensors", Sound[..^1]), File,
            "Net: 'net.safetensors': the tensor dense1.bias F32 [2] ends at byte 104 of the data, but the file has only 103 of them: it is cut off. "
                + "Get the file again, or save it again.",
            MendedFiles: With()),
        new(
            "no JSON", "CNN4003", Plain, project => project.Add("net.safetensors", WeightsProject.Make("{\"a\" 1}", 0)), File,
            "Net: 'net.safetensors' has a malformed safetensors header, near byte 5 of the JSON: it is no valid JSON (':' is expected). Get the file again, or save it again.",
            MendedFiles: With()),
        new(
            "a tensor missing", "CNN4004", Plain, With(("dense1.weight", "F32", [2, 12])), File,
            "Net: 'net.safetensors' lacks dense1.bias [2]. Save the weights of this network.",
            MendedFiles: With()),
        new(
            "a tensor left over", "CNN4005", Plain,
            With(("dense1.weight", "F32", [2, 12]), ("dense1.bias", "F32", [2]), ("conv1.stem.kernel", "F16", [4, 3, 1, 1])), File,
            "Net: 'net.safetensors' has conv1.stem.kernel F16 [4, 3, 1, 1], which is no parameter of this network. Leave it out.",
            MendedFiles: With()),
        new(
            "a tensor left over with a near name", "CNN4005", Plain,
            With(("dense1.weight", "F32", [2, 12]), ("dense1.bias", "F32", [2]), ("dense1.bia", "F32", [2])), File,
            "Net: 'net.safetensors' has dense1.bia F32 [2], which is no parameter of this network; the nearest is 'dense1.bias'. Leave it out.",
            MendedFiles: With()),
        new(
            "another shape", "CNN4006", Plain, With(("dense1.weight", "F32", [12, 2]), ("dense1.bias", "F32", [2])), File,
            "Net: dense1.weight has the shape [12, 2] in 'net.safetensors', but [2, 12] in the network. Save the weights of this network, or change the layer.",
            MendedFiles: With()),
        new(
            "another rank", "CNN4006", Plain, With(("dense1.weight", "F32", [2, 12]), ("dense1.bias", "F32", [2, 1])), File,
            "Net: dense1.bias has the shape [2, 1] in 'net.safetensors', but [2] in the network. Save the weights of this network, or change the layer.",
            MendedFiles: With()),
        new(
            "another type", "CNN4007", Plain, With(("dense1.weight", "I64", [2, 12]), ("dense1.bias", "F16", [2])), File,
            "Net: dense1.weight is I64 in 'net.safetensors', but has to be F32 (F16, BF16 and F64 are converted). Convert it before saving.",
            MendedFiles: With()),
        new(
            "beside for the compiler, inside for the build", "CNN4008", "Weights(\"net.safetensors\", Embed = WeightsEmbedding.Beside)", With(),
            "Embed = WeightsEmbedding.Beside",
            "Net: 'net.safetensors' is to be carried as Beside, but the build carries it as Inside. "
                + "Write <AdditionalFiles Include=\"net.safetensors\" CnnGenEmbed=\"Beside\" />, or remove Embed here.",
            Plain),
        new(
            "inside for the compiler, beside for the build", "CNN4008", Plain, With(embed: "Beside"), Plain,
            "Net: 'net.safetensors' is to be carried as Inside, but the build carries it as Beside. "
                + "Write <AdditionalFiles Include=\"net.safetensors\" />, or write Embed = WeightsEmbedding.Beside here.",
            MendedFiles: With()),
        new(
            "a misspelt way", "CNN4008", Plain, With(embed: "Outside"), Plain,
            "Net: 'net.safetensors' is to be carried as Inside, but CnnGenEmbed=\"Outside\" of the project file is none of Inside, Beside and AtRunTime. "
                + "Write <AdditionalFiles Include=\"net.safetensors\" />.",
            MendedFiles: With()),
        new(
            "a way by its number", "CNN4008", Plain, With(embed: "7"), Plain,
            "Net: 'net.safetensors' is to be carried as Inside, but CnnGenEmbed=\"7\" of the project file is none of Inside, Beside and AtRunTime. "
                + "Write <AdditionalFiles Include=\"net.safetensors\" />.",
            MendedFiles: With()),
        new(
            "without CnnGen's build files", "CNN4008", Plain, With(embed: null), Plain,
            "Net: 'net.safetensors' is to be carried as Inside, but the build does not carry it, since it does not import CnnGen.targets. "
                + "Reference the CnnGen package, or import CnnGen.props and CnnGen.targets in the project file.",
            MendedFiles: With()),
        new(
            "an embedding out of range", "CNN1012", "Weights(\"net.safetensors\", Embed = (WeightsEmbedding)3)", With(), "Embed = (WeightsEmbedding)3",
            "Net: Embed is 3, but must be Inside, Beside or AtRunTime. Write for example WeightsEmbedding.Inside.",
            "Weights(\"net.safetensors\", Embed = WeightsEmbedding.Inside)"),
    ];

    /// <summary>The files beside which a page's example stands.</summary>
    public static Action<WeightsProject> PageFiles(string id) => All.First(one => one.Id == id && one.Attribute.Contains("\"net.", StringComparison.Ordinal)).Files;

    private static Action<WeightsProject> With(string? embed = "Inside") => project => project.Add("net.safetensors", Sound, embed);

    private static Action<WeightsProject> With(params (string, string, long[])[] tensors) =>
        project => project.Add("net.safetensors", WeightsProject.Make(tensors));
}
