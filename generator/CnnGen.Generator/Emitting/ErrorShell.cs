using System.Text;
using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Emitting;

/// <summary>
/// The members of a class whose declaration has errors, all throwing: code that uses the model then has no errors of its own, and
/// the one true error stands alone.
/// </summary>
internal static class ErrorShell
{
    private const string Floats = "global::System.ReadOnlySpan<float>";
    private const string Bytes = "global::System.ReadOnlySpan<byte>";
    private const string Results = "global::System.Span<float>";

    /// <summary>Each member's name, its declaration up to its body, and whether <c>ITrainableModel</c> asks for it.</summary>
    private static (string Name, string Declaration, bool IsRequired)[] Members(string self) =>
    [
        ("InputShape", "public static global::CnnGen.ImageShape InputShape", true),
        ("OutputShape", "public static global::CnnGen.ImageShape OutputShape", false),
        ("OutputLength", "public const int OutputLength = 1", false),
        ("ParameterCount", "public const long ParameterCount = 1", false),
        ("Loss", "public static global::CnnGen.Loss Loss", true),
        ("Summary", "public static global::CnnGen.ModelSummary Summary", true),
        ("Normalization", "public static global::CnnGen.Normalization Normalization", true),
        ("Parameters", "public global::CnnGen.Runtime.ParameterStore Parameters", true),
        ("Create", "public static " + self + " Create(int seed = 0)", true),
        ("Load", "public static " + self + " Load(string path, global::CnnGen.LoadOptions? options = null)", false),
        ("Load", "public static " + self + " Load(global::System.IO.Stream stream, global::CnnGen.LoadOptions? options = null)", false),
        ("Pretrained", "public static " + self + " Pretrained", false),
        ("Save", "public void Save(string path)", false),
        ("Share", "public " + self + " Share()", false),
        ("InstructionSet", "public global::CnnGen.Runtime.InstructionSet InstructionSet", false),
        ("Dispose", "public void Dispose()", false),
        ("Warmup", "public void Warmup(global::CnnGen.WarmupFor purpose = global::CnnGen.WarmupFor.Prediction, int count = 1)", false),
        ("Predict", "public void Predict(" + Floats + " image, " + Results + " scores)", false),
        ("Predict", "public void Predict(" + Floats + " images, " + Results + " scores, int count)", true),
        ("Predict", "public void Predict(" + Bytes + " pixels, " + Results + " scores)", false),
        ("Predict", "public void Predict(" + Bytes + " pixels, " + Results + " scores, int count)", false),
        ("Inspect", "public global::CnnGen.Inspection Inspect(" + Floats + " images, int count = 1)", false),
        ("ComputeGradients", "public double ComputeGradients(" + Floats + " images, " + Floats + " targets, int count, ulong dropoutSeed, "
            + Results + " scores = default, " + Results + " imageGradients = default)", true),
    ];

    /// <summary>What a class has besides where regions come with its images.</summary>
    private static (string Name, string Declaration, bool IsRequired)[] RegionMembers =>
    [
        ("RegionCount", "public const int RegionCount = 1", false),
        ("Predict", "public void Predict(" + Floats + " image, " + Floats + " regions, " + Results + " scores)", false),
        ("Predict", "public void Predict(" + Floats + " images, " + Floats + " regions, " + Results + " scores, int count)", false),
        ("Predict", "public void Predict(" + Bytes + " pixels, " + Floats + " regions, " + Results + " scores)", false),
        ("Predict", "public void Predict(" + Bytes + " pixels, " + Floats + " regions, " + Results + " scores, int count)", false),
        ("Inspect", "public global::CnnGen.Inspection Inspect(" + Floats + " images, " + Floats + " regions, int count = 1)", false),
        ("ComputeGradients", "public double ComputeGradients(" + Floats + " images, " + Floats + " regions, " + Floats + " targets, int count, ulong dropoutSeed, "
            + Results + " scores = default, " + Results + " imageGradients = default)", false),
    ];

    public static (string HintName, string Text) Emit(ShellRequest request)
    {
        var own = new HashSet<string>(request.UserMembers) { SimpleName(request.ClassName) };
        var members = request.HasRegions ? [.. Members(request.ClassName), .. RegionMembers] : Members(request.ClassName);
        var header = request.Accessibility + " partial " + request.ClassKeyword + " " + request.ClassName;
        var model = "global::CnnGen.IModel<" + request.ClassName + ">";
        var interfaces = new List<string>();
        if (request.ClassKeyword is "class" or "record" && members.All(member => !member.IsRequired || !own.Contains(member.Name)))
            interfaces.Add("global::CnnGen.ITrainableModel<" + request.ClassName + ">");
        if (interfaces.Count > 0 && !own.Contains("Inspect"))
            interfaces.Add("global::CnnGen.IExplainableModel<" + request.ClassName + ">");
        if (!own.Contains("Dispose"))
            interfaces.Add("global::System.IDisposable");
        if (interfaces.Count > 0)
            header += " : " + string.Join(", ", interfaces);

        var text = new StringBuilder("// <auto-generated/>\n// The declaration of ").Append(request.ClassName)
            .Append(" has errors, so nothing here works; it is here so that they are the only ones.\n#nullable enable\n")
            .Append("#pragma warning disable CS1591 // The members that a declaration without errors gets are documented.\n")
            .Append("#pragma warning disable CS8981 // Names of lower-case letters are the user's.\n")
            .Append("#pragma warning disable CS0108, CS0114 // They may hide inherited ones, which is then the error.\n\n");
        var closing = TypeHeader.Open(text, request.Namespace, request.ContainingTypes, header);
        var fault = "throw new global::System.InvalidOperationException(\"" + SimpleName(request.ClassName) + " does not compile: see the errors of its declaration.\");\n";
        foreach (var (name, declaration, _) in members)
        {
            if (!own.Contains(name) && (name != "Pretrained" || request.HasPretrained))
                text.Append("    ").Append(declaration).Append(declaration.Contains(" const ") ? ";\n" : " => " + fault);
        }

        var isTrainable = interfaces.Contains("global::CnnGen.ITrainableModel<" + request.ClassName + ">");
        if (isTrainable && request.HasGpu && !own.Contains("OnGpu"))
            text.Append("    public global::CnnGen.Ilgpu.GpuTrainingSession<" + request.ClassName + "> OnGpu(global::CnnGen.Ilgpu.GpuDevice device, int batch = 32) => ").Append(fault);
        if (isTrainable)
            text.Append("    static int ").Append(model).Append(".OutputLength => ").Append(fault);
        if (!own.Contains("Layers"))
            EmitHandles(text, request, fault);

        if (request.BaseArguments is { } arguments)
            text.Append("    private ").Append(request.ClassName.Split('<')[0]).Append("() : base(").Append(arguments).Append(") => ").Append(fault);
        text.Append(closing);
        return (request.HintName + ".g.cs", text.ToString());
    }

    /// <summary>The layers' handles, as far as layers are known, with constants of no meaning.</summary>
    private static void EmitHandles(StringBuilder text, ShellRequest request, string fault)
    {
        Append(HandleTree<OutlinedLayer>.Of(request.Layers, layer => layer.Path, layer => layer.Name), "    ");

        void Append(IReadOnlyList<HandleTree<OutlinedLayer>> handles, string indent)
        {
            var own = handles.Where(HasClass).ToList();
            foreach (var handle in handles)
            {
                var type = own.Contains(handle) ? "Layers." + Identifiers.Escape(handle.Name) : "global::CnnGen.LayerHandle";
                text.Append(indent).Append("public ").Append(type).Append(' ').Append(Identifiers.Escape(handle.Name)).Append(" => ").Append(fault);
            }

            if (own.Count == 0)
                return;
            text.Append(indent).Append("public static class Layers\n").Append(indent).Append("{\n");
            foreach (var handle in own)
            {
                var name = Identifiers.Escape(handle.Name);
                text.Append(indent).Append("    public sealed class ").Append(name).Append(" : global::CnnGen.LayerHandle\n").Append(indent).Append("    {\n");
                text.Append(indent).Append("        private ").Append(name).Append("() : base(null!, 0, \"\", default, default) => ").Append(fault);
                if (handle.Layer is { } layer)
                    AppendNumbers(layer.Layer, indent + "        ");
                else
                    Append(handle.Members, indent + "        ");
                text.Append(indent).Append("    }\n");
            }

            text.Append(indent).Append("}\n");
        }

        static bool HasClass(HandleTree<OutlinedLayer> handle) => HandleEmitter.HasClass(handle, layer => layer.Layer.Parameters(TensorShape.Map(1, 1, 1)).Count > 0);

        void AppendNumbers(Layers.Layer layer, string indent)
        {
            foreach (var (constant, _, _) in HandleEmitter.Constants(layer))
                text.Append(indent).Append("public const int ").Append(constant).Append(" = 1;\n");
            foreach (var parameter in layer.Parameters(TensorShape.Map(1, 1, 1)))
                text.Append(indent).Append("public global::CnnGen.Parameter ").Append(parameter.PropertyName).Append(" => ").Append(fault);
        }
    }

    private static string SimpleName(string className)
    {
        var parameters = className.IndexOf('<');
        return (parameters < 0 ? className : className.Substring(0, parameters)).TrimStart('@');
    }
}
