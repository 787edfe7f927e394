using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator.Diagnostics;

/// <summary>
/// Every diagnostic. Its page is docs/diagnostics/ID.md, its line is in AnalyzerReleases.*.md; a test keeps the three together.
/// CNN1xxx is about the form of a declaration and its arguments, CNN2xxx about shapes, CNN3xxx about the loss and names, CNN4xxx about weights files,
/// CNN5xxx (warnings) about what compiles and is rarely meant, CNN9xxx about the generator itself;
/// CNN8xxx are errors of src/CnnGen/build/CnnGen.targets.
/// </summary>
internal static partial class Descriptors
{
    private const string Declaration = "CnnGen.Declaration";
    private const string Shape = "CnnGen.Shape";
    private const string Naming = "CnnGen.Naming";
    private const string Weights = "CnnGen.Weights";
    private const string Habit = "CnnGen.Habit";

    public static readonly DiagnosticDescriptor LayerWithoutModel = Create(
        "CNN1009",
        Declaration,
        "Layers on a class without [Model]",
        "{0} has {1} but no [Model], so nothing is generated for it. Put [Model(channels, height, width)] above {2}.");

    public static readonly DiagnosticDescriptor GeneratorFault = Create(
        "CNN9001",
        "CnnGen.Generator",
        "The generator failed",
        "The generator failed on {0}: {1}. This is a fault of CnnGen, not of the declaration: please report it with the declaration.");

    public static IReadOnlyDictionary<string, DiagnosticDescriptor> All { get; } = new[]
    {
        Create(
            "CNN1001",
            Declaration,
            "A model's class must be partial",
            "{0} must be partial, since the generator writes the rest of it. Write '{1}'."),
        Create(
            "CNN1002",
            Declaration,
            "A model's class cannot be generic",
            "{0} cannot be a model, since {1} has type parameters and a network's numbers are fixed. Remove the type parameters."),
        Create(
            "CNN1003",
            Declaration,
            "A model's class cannot be static",
            "{0} cannot be static, since a model is an object with its own parameters. Remove 'static'."),
        Create(
            "CNN1004",
            Declaration,
            "A model's class cannot be abstract",
            "{0} cannot be abstract, since {0}.Create makes objects of it. Remove 'abstract'."),
        Create(
            "CNN1005",
            Declaration,
            "A model cannot be a record or a struct",
            "{0} cannot be a {1}, since a model's parameters change and two models are never the same value. Write '{2}'."),
        Create(
            "CNN1006",
            Declaration,
            "The types around a model must be partial",
            "{0} is nested in {1}, which must be partial too, since the generator writes a second part of both. Write '{2}'."),
        Create(
            "CNN1007",
            Declaration,
            "Layers on two declarations of a class",
            "{0} has the layer [{1}] here and other layers on its declaration at {2}; between two declarations there is no order. Move all layers to one of them."),
        Create(
            "CNN1008",
            Declaration,
            "A model without layers",
            "{0} has no layers. Write them below [Model], such as [Dense(10), Softmax]."),
        LayerWithoutModel,
        Create(
            "CNN1010",
            Declaration,
            "A model's class cannot have a primary constructor",
            "{0} cannot have a primary constructor, since the generator writes the constructors and a partial class's others must call it. Remove the parameter list."),
        Create(
            "CNN1011",
            Declaration,
            "A model's class cannot be local to a file",
            "{0} and the types around it cannot be local to a file, since the generator writes the rest of it in another one. Write 'internal' instead of 'file'."),
        Create(
            "CNN1012",
            Declaration,
            "An argument is out of range",
            "{0}: {1} is {2}, but must be {3}. Write for example {4}."),
        Create(
            "CNN1013",
            Declaration,
            "An argument has the wrong type",
            "{0}: {1} must be {2}, but is {3}. Write for example {1} = {4}."),
        Create(
            "CNN1014",
            Declaration,
            "A pool's padding is more than half its window",
            "{0}: Padding = {1} is more than half of its {2} window, so a window could lie in padding alone. Use Padding = {3}."),
        Create(
            "CNN1015",
            Declaration,
            "A model's project must allow unsafe code",
            "{0} needs a project that allows unsafe code, since the emitted kernels read and write through pointers. "
                + "Write <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file."),
        Create(
            "CNN1016",
            Declaration,
            "Im2Col has no groups",
            "{0}: Algorithm = ConvAlgorithm.Im2Col unrolls windows over all channels, which Groups = {1} divides. Use ConvAlgorithm.Direct or no Algorithm, or Groups = 1."),
        Create(
            "CNN1017",
            Declaration,
            "The C# version is too old",
            "{0} needs C# {1} or later, since what the generator writes does, but the project has C# {2}. "
                + "Remove <LangVersion> from the project file, or write <LangVersion>{1}</LangVersion>."),
        Create(
            "CNN1018",
            Declaration,
            "Normalize has the wrong number of values",
            "{0}: [Normalize] has {1}, but its images have {2}. Write {3}."),
        Create(
            "CNN1021",
            Declaration,
            "A type hides what emitted code names",
            "The type '{0}' in the global namespace hides from the code that is generated for {1} what it means by {0}. Rename the type, or put it in a namespace."),
        Create(
            "CNN1022",
            Declaration,
            "A model cannot have required members",
            "{0} cannot be required, since {1}.Create and {1}.Load make the object and set no members of yours. Remove 'required'."),
        Create(
            "CNN1023",
            Declaration,
            "A model cannot derive from a model",
            "{0} cannot derive from {1}, which is a model itself: a model's layers are those of its own attributes. Remove the base class, or remove [Model] and the layers from it."),
        Create(
            "CNN1031",
            Declaration,
            "A model's class cannot have a constructor of its own",
            "{0} cannot have a constructor that does not call the generated one, since what it makes has no parameters. "
                + "Remove it: {0}.Create and {0}.Load make the objects."),
        Create(
            "CNN1032",
            Declaration,
            "A model's base class must have a parameterless constructor",
            "{0} cannot derive from {1}, which has no parameterless constructor for the generated one to call. "
                + "Write 'protected {1}() {{ }}' in {1}, or remove it from the declaration of {0}."),
        Create(
            "CNN1033",
            Declaration,
            "An inherited member has the name of a generated one",
            "{0} inherits {1}.{2}, which the member of that name that the generator writes would hide. Rename it in {1}, for example to My{2}."),
        Create(
            "CNN2001",
            Shape,
            "Input would be ignored",
            "{0} slides a {1} kernel over {2} with stride {3}, which does not fit: {4}, so the last {5} of its input would be ignored. "
                + "Use {6}, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling."),
        Create(
            "CNN2002",
            Shape,
            "The kernel is larger than its input",
            "{0} slides a {1} kernel over {2}, which is {3} with its padding: smaller than the kernel. Use {4}."),
        Create(
            "CNN2003",
            Shape,
            "Groups do not divide the channels",
            "{0}: Groups = {1} must divide both the {2} channels of its input and its {3} filters. Use Groups = {4}."),
        Create(
            "CNN2004",
            Shape,
            "A spatial layer after a vector",
            "{0} ({1}) needs channels x height x width, but what arrives is a vector of {2} features. Move it above the Flatten or Dense that made the vector."),
        Create(
            "CNN2005",
            Shape,
            "A size is too large",
            "{0}: {1} would have {2} elements, more than the {3} that an index can tell apart. Use {4}."),
        Create(
            "CNN2006",
            Shape,
            "A window lies in padding alone",
            "{0} slides a {1} window over {2} with Padding = {3}, and its taps are so far apart that a window sees no input at all. Use {4}."),
        Create(
            "CNN2007",
            Shape,
            "A network's memory is too large",
            "{0}: {1} would have more than the {2} numbers that an index can tell apart, in the layouts that the kernels read. Use {3}."),
        Create(
            "CNN2008",
            Shape,
            "Winograd's algorithm does not suit the convolution",
            "{0}: Algorithm = ConvAlgorithm.{1} is for {2} kernels with Stride = 1, Dilation = 1 and Groups = 1, but this convolution has {3}. Remove Algorithm: the compiler then chooses."),
        Create(
            "CNN2009",
            Shape,
            "Paths do not fit their join",
            "{0} ({1}) joins {2}, which gives {3}, and {4}, which gives {5}. Put {6}."),
        Create(
            "CNN2010",
            Shape,
            "A head does not fit the targets",
            "{0}: a head's loss compares with the same targets as the network's own, but it gives {1} and {2} gives {3}. Let both give as many numbers, and with a loss for each pixel as many pixels."),
        Create(
            "CNN3001",
            Naming,
            "The loss does not suit the last layer",
            "{0}: {1} needs {2} as the last layer, but the last is {3} ({4}). Put {2} {5}, or say Loss = Loss.HalfSquaredError."),
        Create(
            "CNN3002",
            Naming,
            "Weights of other classes",
            "{0}: ClassWeights has {1} numbers, but {2} gives probabilities of {3} classes. Write {3} numbers, one a class."),
        Create(
            "CNN3003",
            Naming,
            "Two layers have one name",
            "{0} has the name of another layer, {1}: both would be '{2}' in code or in a weights file. Use Name = \"{3}\"."),
        Create(
            "CNN3004",
            Naming,
            "A layer's name is no identifier",
            "{0}: '{1}' is no C# identifier, and a layer's name becomes a property of the class. Use Name = \"{2}\"."),
        Create(
            "CNN3005",
            Naming,
            "A layer's name is taken",
            "{0}: the name '{1}' is {2}. Use Name = \"{3}\"."),
        Create(
            "CNN3006",
            Naming,
            "A model's class has the name of a generated member",
            "{0} is the name of a member that the generator writes, and C# lets no member have its class's name. Rename the class, for example to {0}Net."),
        Create(
            "CNN3007",
            Naming,
            "A member has the name of a generated one",
            "{0}.{1} stands where the generator writes a member. Rename it, for example to My{1}."),
        Create(
            "CNN3008",
            Naming,
            "Branches that are not joined",
            "{0}: the group of branches that starts here is never joined. Put [Add], [Multiply], [Concat], [Average] or [Maximum] behind its last branch."),
        Create(
            "CNN3009",
            Naming,
            "A branch starts at no layer",
            "From = \"{0}\" names no layer above this branch; {1}"),
        Create(
            "CNN3010",
            Naming,
            "A join without branches",
            "{0} ({1}) joins the branches above it, but there are {2} of them and 2 or more are needed. Put [Branch] before each path."),
        Create(
            "CNN3011",
            Naming,
            "A head outside a branch",
            "{0} ends a branch as an output for training, but stands in none. Put [Branch] before the layers that it ends."),
        Create(
            "CNN3012",
            Naming,
            "A layer behind a head",
            "{0} stands behind a head, which ends its branch, while other branches of the group wait for a join. Put [Branch] or a join before it."),
        Create(
            "CNN3013",
            Naming,
            "A tensor's name is no path",
            "{0}: {1} = \"{2}\" is no path of tensors: names of letters, digits, _ and - with single dots between them. Write for example {1} = \"layer1.0\"."),
        Create(
            "CNN3014",
            Naming,
            "Two layers have one tensor",
            "{0} and {1} would have one tensor in a weights file, '{2}'. Use another TensorName, or leave it out."),
        Create(
            "CNN4001",
            Weights,
            "A weights file is not part of the project",
            "{0}: no file of the project's AdditionalFiles ends in '{1}'. {2}."),
        Create(
            "CNN4002",
            Weights,
            "A weights file's name is ambiguous",
            "{0}: '{1}' is the end of {2} of the project's AdditionalFiles. Write more of the path, such as {3}."),
        Create(
            "CNN4003",
            Weights,
            "A weights file is damaged",
            "{0}: {1}"),
        Create(
            "CNN4004",
            Weights,
            "A weights file lacks a tensor",
            "{0}: '{1}' lacks {2} {3}. Save the weights of this network{4}."),
        Create(
            "CNN4005",
            Weights,
            "A weights file has a tensor left over",
            "{0}: '{1}' has {2}, which is no parameter of this network{3}. Leave it out{4}."),
        Create(
            "CNN4006",
            Weights,
            "A weight has another shape",
            "{0}: {1} has the shape {2} in '{3}', but {4} in the network. Save the weights of this network, or change the layer."),
        Create(
            "CNN4007",
            Weights,
            "A weight is no floating-point number",
            "{0}: {1} is {2} in '{3}', but has to be F32 (F16, BF16 and F64 are converted). Convert it before saving."),
        Create(
            "CNN4008",
            Weights,
            "The build carries a weights file otherwise",
            "{0}: '{1}' is to be carried as {2}, but {3}. {4}."),
        Create(
            "CNN5001",
            Habit,
            "An image's channels may stand last",
            "{0}: [Model(channels, height, width)] reads {1}, {2}, {3} as {1} channels of {2}x{3}. For an image of {1}x{2} with {3} channels write "
                + "[Model({3}, {1}, {2})]; where it is meant, name the arguments: [Model(channels: {1}, height: {2}, width: {3})].",
            DiagnosticSeverity.Warning),
        Create(
            "CNN5002",
            Habit,
            "A pool's second number may be meant as its stride",
            "{0}: {1}({2}, {3}) is a window of {2} rows and {3} columns. For a window of {2}x{2} with stride {3} write {1}({2}, Stride = {3}); "
                + "where it is meant, name the arguments: {1}(kernelHeight: {2}, kernelWidth: {3}).",
            DiagnosticSeverity.Warning),
        Create(
            "CNN5003",
            Habit,
            "A convolution's first number may be meant as its input's channels",
            "{0}: Conv2D({1}, {2}, {3}) has {1} filters of {2} rows and {3} columns; the channels of the input are known and not written. "
                + "For {2} filters of {3}x{3} write Conv2D({2}, {3}); where it is meant, name the arguments: Conv2D({1}, kernelHeight: {2}, kernelWidth: {3}).",
            DiagnosticSeverity.Warning),
        Create(
            "CNN5004",
            Habit,
            "A Softmax before the end",
            "{0} makes probabilities of its input, but {1} computes on with them: Softmax belongs at the end of a network. {2}.",
            DiagnosticSeverity.Warning),
        Create(
            "CNN5005",
            Habit,
            "An activation right before Softmax",
            "{0} {1} before {2} makes probabilities of them, so that the network cannot be sure of a class. Remove it: Softmax takes scores of any size.",
            DiagnosticSeverity.Warning),
        Create(
            "CNN5006",
            Habit,
            "A Softmax over a single value",
            "{0} is over a single value, of which it always makes 1. For two classes give the layer before it 2 outputs, or use Sigmoid in its place.",
            DiagnosticSeverity.Warning),
        GeneratorFault,
    }.Concat(OfLayers()).Concat(Blocks).ToDictionary(descriptor => descriptor.Id);

    /// <summary>Where the documents are: the MSBuild property CnnGenDocs, which the package's build files set.</summary>
    public static string? Documents(AnalyzerConfigOptionsProvider options) =>
        options.GlobalOptions.TryGetValue("build_property.CnnGenDocs", out var documents) ? documents : null;

    /// <summary>The descriptor with a link to its page in the documents that the user has.</summary>
    /// <param name="descriptor">One of these.</param>
    /// <param name="documents">The folder or the address of the documents (the MSBuild property CnnGenDocs); null or empty where none is known.</param>
    public static DiagnosticDescriptor Linked(DiagnosticDescriptor descriptor, string? documents)
    {
        if (documents is not { Length: > 0 })
            return descriptor;
        var page = documents.TrimEnd('/', '\\') + "/diagnostics/" + descriptor.Id + ".md";
        var link = Uri.TryCreate(page, UriKind.Absolute, out var address) ? address.AbsoluteUri : page;
        return new DiagnosticDescriptor(
            descriptor.Id,
            descriptor.Title,
            descriptor.MessageFormat,
            descriptor.Category,
            descriptor.DefaultSeverity,
            descriptor.IsEnabledByDefault,
            helpLinkUri: link);
    }

    /// <summary>The descriptor of what is wrong in a use of a block, which the message names at its end.</summary>
    /// <param name="descriptor">One of these, or a linked one.</param>
    /// <param name="argument">The place of the use among the message's arguments.</param>
    public static DiagnosticDescriptor InUse(DiagnosticDescriptor descriptor, int argument) => new(
        descriptor.Id,
        descriptor.Title,
        descriptor.MessageFormat.ToString(CultureInfo.InvariantCulture) + " In {" + argument.ToString(CultureInfo.InvariantCulture) + "}.",
        descriptor.Category,
        descriptor.DefaultSeverity,
        descriptor.IsEnabledByDefault,
        helpLinkUri: descriptor.HelpLinkUri);

    private static DiagnosticDescriptor Create(
        string id, string category, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, helpLinkUri: "docs/diagnostics/" + id + ".md");
}
