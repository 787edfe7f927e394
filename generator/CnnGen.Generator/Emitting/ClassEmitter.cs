using CnnGen.Generator.Graph;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Weights;

namespace CnnGen.Generator.Emitting;

/// <summary>Prints a model's public members: constants, making and storing, predicting and training, and a handle for each layer.</summary>
internal static class ClassEmitter
{
    public static string Header(EmitRequest request) =>
        $"{request.Accessibility} partial {request.ClassKeyword} {request.ClassName} : {string.Join(", ", Interfaces(request.Network).Select(name => $"global::CnnGen.{name}<{request.ClassName}>"))}, global::System.IDisposable";

    private static IEnumerable<string> Interfaces(Network network)
    {
        if (network.IsTrainable || !network.IsExplainable)
            yield return network.IsTrainable ? "ITrainableModel" : "IModel";
        if (network.IsExplainable)
            yield return "IExplainableModel";
    }

    public static void EmitSummary(CodeWriter writer, EmitRequest request)
    {
        var network = request.Network;
        writer.Line($"/// <summary>{network.Input.OutputShape} -> {network.Output.OutputShape}, {Literal.Number(network.ParameterCount)} parameters.</summary>");
        writer.Line("/// <remarks>");
        foreach (var row in SummaryRows.Of(network).Skip(1))
            writer.Line($"/// <para>{row.Name}: {row.Kind} -> {row.OutputShape}</para>");
        writer.Line("/// An object is for one thread at a time; <see cref=\"Share\"/> gives another thread one over the same parameters.");
        writer.Line("/// </remarks>");
    }

    public static void Emit(CodeWriter writer, EmitRequest request, ModelPlan plan)
    {
        EmitConstants(writer, request, plan);
        EmitMaking(writer, request, plan);
        EmitPretrained(writer, request);
        EmitUsing(writer, request, plan);
        NormalizationEmitter.Emit(writer, request, plan);
        HandleEmitter.Emit(writer, plan.Network, request.ClassName);
        ParameterEmitter.Emit(writer, plan);
    }

    private static void EmitConstants(CodeWriter writer, EmitRequest request, ModelPlan plan)
    {
        var network = plan.Network;
        writer.Line("/// <summary>The shape of one image.</summary>");
        writer.Line($"public static global::CnnGen.ImageShape InputShape => {ShapeText(network.Input.OutputShape)};");
        writer.Line();
        writer.Line("/// <summary>The shape of one image's outputs; a vector's features are its channels.</summary>");
        writer.Line($"public static global::CnnGen.ImageShape OutputShape => {ShapeText(network.Output.OutputShape)};");
        writer.Line();
        writer.Line("/// <summary>The number of one image's outputs.</summary>");
        writer.Line($"public const int OutputLength = {Literal.Number(plan.OutputLength)};");
        writer.Line();
        writer.Line("/// <summary>The learned numbers of all layers, those of frozen ones among them.</summary>");
        writer.Line($"public const long ParameterCount = {Literal.Number(network.ParameterCount)};");
        writer.Line();
        writer.Line("/// <summary>What training minimises.</summary>");
        writer.Line($"public static global::CnnGen.Loss Loss => global::CnnGen.Loss.{network.Loss};");
        writer.Line();
        writer.Line($"static int global::CnnGen.IModel<{request.ClassName}>.OutputLength => OutputLength;");
        writer.Line();
        if (network.Layout == LayoutKind.ChannelsLast)
        {
            writer.Line($"static global::CnnGen.Layout global::CnnGen.IModel<{request.ClassName}>.Layout => global::CnnGen.Layout.ChannelsLast;");
            writer.Line();
        }

        if (network.Regions > 0)
            RegionMembers.EmitCount(writer, request);
        if (network.LossSettings is var settings && settings != LossSettings.Default)
        {
            writer.Line($"static global::CnnGen.LossSettings global::CnnGen.IModel<{request.ClassName}>.LossSettings => new({Literal.Float(settings.LabelSmoothing)}, {Literal.Float(settings.HuberDelta)}){ClassWeights(settings)};");
            writer.Line();
        }

        if (SingleValueNorm(network) is not null)
        {
            writer.Line($"static int global::CnnGen.IModel<{request.ClassName}>.MinimumBatch => 2;");
            writer.Line();
        }

        if (network.Loss != LossKind.CrossEntropy && network.Output.Layer.IsSoftmax && network.Output.OutputShape is { Height: 1, Width: 1 })
        {
            writer.Line($"static bool global::CnnGen.IModel<{request.ClassName}>.GivesProbabilities => true;");
            writer.Line();
        }

        writer.Line("/// <summary>The table of layers, with totals.</summary>");
        writer.Line("public static global::CnnGen.ModelSummary Summary => SummaryValues.Value;");
        writer.Line();
        writer.Line("/// <summary>Made at its first use: a program that shows no table neither makes it nor, published natively, contains what makes it.</summary>");
        using (writer.Block("private static class SummaryValues"))
        {
            writer.Line("public static readonly global::CnnGen.ModelSummary Value = new(");
            writer.Line($"    {Literal.Text(network.Name)},");
            writer.Line("    InputShape,");
            writer.Line("    [");
            foreach (var row in SummaryRows.Of(network).Skip(1))
            {
                writer.Line($"        new global::CnnGen.LayerSummary({Literal.Text(row.Name)}, {Literal.Text(row.Kind)}, {Literal.Text(row.OutputShape)}, {Literal.Number(row.Parameters)}, {Literal.Number(row.MultiplyAdds)}, {Literal.Number(row.ActivationBytes)}, {Literal.Text(row.ReceptiveField)}){GraphText(row)},");
            }

            writer.Line("    ],");
            var output = network.Output.Index == network.Nodes.Count - 1 ? "" : $" {{ OutputLayer = {Literal.Number(network.Output.Index)} }}";
            writer.Line($"    {Literal.Number(4L * plan.Arena.Length)}){output};");
        }

        writer.Line();
    }

    /// <summary>What a row says of the graph, where there is something to say.</summary>
    private static string GraphText(SummaryRow row)
    {
        List<string> parts = [];
        if (row.Inputs.Count > 0)
            parts.Add($"Inputs = [{string.Join(", ", row.Inputs.Select(input => Literal.Number(input)))}]");
        if (row.Window.Count > 0)
            parts.Add($"Window = new({string.Join(", ", row.Window.Select(number => Literal.Number(number)))})");
        return parts.Count == 0 ? "" : $" {{ {string.Join(", ", parts)} }}";
    }

    private static string ClassWeights(LossSettings settings) => settings.ClassWeights.Count == 0
        ? ""
        : $" {{ ClassWeights = new float[] {{ {string.Join(", ", settings.ClassWeights.Select(Literal.Float))} }} }}";

    private static void EmitMaking(CodeWriter writer, EmitRequest request, ModelPlan plan)
    {
        var name = request.ClassName;
        using (writer.Block($"private {name}(global::CnnGen.Runtime.ParameterStore parameters, global::CnnGen.Runtime.InstructionSet instructionSet)"))
        {
            writer.Line("Parameters = parameters;");
            writer.Line("InstructionSet = instructionSet;");
            HandleEmitter.EmitAssignments(writer, plan.Network, request.ClassName);
        }

        writer.Line();
        writer.Line("/// <summary>Makes a model with initialised parameters; the same seed gives the same bits again.</summary>");
        using (writer.Block($"public static {name} Create(int seed = 0)"))
        {
            writer.Line("global::CnnGen.Runtime.ParameterStore parameters = NewParameters();");
            writer.Line("parameters.Initialize(seed);");
            writer.Line($"return new {name}(parameters, global::CnnGen.Runtime.InstructionSets.Best);");
        }

        writer.Line();
        writer.Line("/// <summary>Makes a model with the parameters of a safetensors file, with PyTorch's names and layout.</summary>");
        writer.Line("/// <exception cref=\"global::System.IO.FileNotFoundException\">There is no such file.</exception>");
        writer.Line("/// <exception cref=\"global::System.IO.InvalidDataException\">The file is damaged, or its tensors aren't this model's.</exception>");
        using (writer.Block($"public static {name} Load(string path, global::CnnGen.LoadOptions? options = null)"))
        {
            writer.Line("global::CnnGen.Runtime.ParameterStore parameters = NewParameters();");
            writer.Line("global::CnnGen.ModelWeights.Load(path, parameters, options);");
            writer.Line($"return new {name}(parameters, global::CnnGen.Runtime.InstructionSets.Best);");
        }

        writer.Line();
        writer.Line("/// <summary>Makes a model with the parameters of a safetensors file, from where a stream stands to its end; the stream stays open.</summary>");
        writer.Line("/// <exception cref=\"global::System.IO.InvalidDataException\">The weights are damaged, or aren't this model's.</exception>");
        using (writer.Block($"public static {name} Load(global::System.IO.Stream stream, global::CnnGen.LoadOptions? options = null)"))
        {
            writer.Line("global::CnnGen.Runtime.ParameterStore parameters = NewParameters();");
            writer.Line("global::CnnGen.ModelWeights.Load(stream, parameters, options);");
            writer.Line($"return new {name}(parameters, global::CnnGen.Runtime.InstructionSets.Best);");
        }

        writer.Line();
        writer.Line("/// <summary>Writes the parameters as a safetensors file. A crash while writing leaves an older file whole.</summary>");
        writer.Line("public void Save(string path) => global::CnnGen.ModelWeights.Save(path, Parameters);");
        writer.Line();
        writer.Line("/// <summary>Another object over the same parameters, for another thread. Predictions may run at once; training changes the parameters of all.</summary>");
        writer.Line($"public {name} Share() => new(Parameters, InstructionSet);");
        writer.Line();
    }

    /// <summary>One object a thread, since an object is for one thread at a time, over parameters that are loaded once.</summary>
    private static void EmitPretrained(CodeWriter writer, EmitRequest request)
    {
        if (request.Weights is not { Embed: not WeightsEmbedding.AtRunTime } weights)
            return;
        var name = request.ClassName;
        var isInside = weights.Embed == WeightsEmbedding.Inside;
        writer.Line($"/// <summary>The model with the weights of {XmlText(weights.Name)}, {(isInside ? "which are in this assembly" : "a file beside the program")}: each thread's own object over the one copy of the parameters.</summary>");
        writer.Line("/// <remarks>");
        writer.Line("/// The first call of any thread loads the parameters, each later call gives a thread its object again. To hand the model to another thread, let that one");
        writer.Line("/// ask for it. The parameters are those of all threads: to train, make an object with <see cref=\"Load(string, global::CnnGen.LoadOptions?)\"/> instead.");
        writer.Line("/// </remarks>");
        if (!isInside)
            writer.Line("/// <exception cref=\"global::System.IO.FileNotFoundException\">The file is not beside the program.</exception>");
        writer.Line("/// <exception cref=\"global::System.IO.InvalidDataException\">The weights have been changed since this was compiled, or a number of them is not finite.</exception>");
        writer.Line($"public static {name} Pretrained => s_pretrained ??= new(s_pretrainedParameters.Value, global::CnnGen.Runtime.InstructionSets.Best);");
        writer.Line();
        writer.Line("[global::System.ThreadStatic]");
        writer.Line($"private static {name}? s_pretrained;");
        writer.Line();
        writer.Line(isInside
            ? $"private static readonly global::CnnGen.Runtime.PretrainedParameters s_pretrainedParameters = global::CnnGen.Runtime.PretrainedParameters.Inside(NewParameters, typeof({name}).Assembly, {Literal.Text(weights.Name)});"
            : $"private static readonly global::CnnGen.Runtime.PretrainedParameters s_pretrainedParameters = global::CnnGen.Runtime.PretrainedParameters.Beside(NewParameters, {Literal.Text(weights.Name)});");
        writer.Line();
    }

    private static void EmitUsing(CodeWriter writer, EmitRequest request, ModelPlan plan)
    {
        var model = Literal.Text(request.Network.Name);
        var regions = RegionMembers.Of(request);
        writer.Line("/// <summary>The parameters and their gradients.</summary>");
        writer.Line("public global::CnnGen.Runtime.ParameterStore Parameters { get; }");
        writer.Line();
        writer.Line("/// <summary>The instructions that this object runs on: the machine's best, unless set to less.</summary>");
        writer.Line("/// <exception cref=\"global::System.PlatformNotSupportedException\">The machine does not support the value.</exception>");
        using (writer.Block("public global::CnnGen.Runtime.InstructionSet InstructionSet"))
        {
            writer.Line("get => _instructionSet;");
            writer.Line("set => _instructionSet = global::CnnGen.Runtime.ModelChecks.Supported(value);");
        }

        writer.Line();
        writer.Line("private global::CnnGen.Runtime.InstructionSet _instructionSet;");

        writer.Line();
        writer.Line("/// <summary>");
        writer.Line("/// Makes the first call as fast as any: compiles the kernels on all threads, allocates the working memory, prepares the weights. Under NativeAOT, where");
        writer.Line("/// everything is compiled, it does nothing. Parameters and results don't change.");
        writer.Line("/// </summary>");
        writer.Line(plan.Network.IsTrainable
            ? "/// <param name=\"purpose\">Predictions, or training steps.</param>"
            : "/// <param name=\"purpose\">Predictions: the model was compiled with Passes.Predict.</param>");
        writer.Line("/// <param name=\"count\">The images of the calls to come, 1 or more.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\"><paramref name=\"count\"/> is less than 1, or more than a call can be given.</exception>");
        EmitUseErrors(writer);
        using (writer.Block("public void Warmup(global::CnnGen.WarmupFor purpose = global::CnnGen.WarmupFor.Prediction, int count = 1)"))
        {
            writer.Line($"global::CnnGen.Runtime.ModelChecks.Warmup({model}, InputShape, OutputLength, count);");
            using (EmitUse(writer, request))
                writer.Line("WarmupCore(purpose, count);");
        }

        writer.Line();
        writer.Line($"/// <summary>Computes one image's {Literal.Number(plan.OutputLength)} outputs. Nothing is allocated after the first call.</summary>");
        writer.Line($"/// <param name=\"image\">{MapText.Floats(plan.Network, plan.Network.Input)}.</param>");
        regions.EmitDocumentation(writer, isOne: true);
        writer.Line($"/// <param name=\"scores\">Receives {MapText.Scores(plan.Network)}.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A span has another length, or the spans overlap.</exception>");
        EmitUseErrors(writer);
        writer.Line($"public void Predict(global::System.ReadOnlySpan<float> image, {regions.Parameter}global::System.Span<float> scores) => Predict(image, {regions.Argument}scores, 1);");
        writer.Line();
        writer.Line("/// <summary>Computes the outputs of any number of images, on all threads (see <see cref=\"global::CnnGen.Threads\"/>).</summary>");
        writer.Line($"/// <param name=\"images\">count x {MapText.Floats(plan.Network, plan.Network.Input)}.</param>");
        regions.EmitDocumentation(writer, isOne: false);
        writer.Line($"/// <param name=\"scores\">Receives count x {MapText.Scores(plan.Network)}.</param>");
        writer.Line("/// <param name=\"count\">The number of images.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A span has another length, or the spans overlap.</exception>");
        EmitUseErrors(writer);
        using (writer.Block($"public void Predict(global::System.ReadOnlySpan<float> images, {regions.Parameter}global::System.Span<float> scores, int count)"))
        {
            writer.Line($"global::CnnGen.Runtime.ModelChecks.Prediction({model}, InputShape, OutputLength, images, scores, count);");
            regions.EmitCheck(writer, "scores");
            using (EmitUse(writer, request))
            {
                writer.Line("if (count > 0)");
                writer.Line($"    PredictCore(images, {regions.Argument}scores, count);");
            }
        }

        writer.Line();
        if (plan.Network.IsTrainable)
            EmitComputeGradients(writer, request, plan);
        if (plan.Explanation is not null)
            EmitInspect(writer, request);
        if (plan.Features.Count > 0)
            FeatureMembers.Emit(writer, request, plan);
        regions.EmitWithout(writer);
        writer.Line("/// <summary>");
        writer.Line("/// Frees this object's working memory. Its parameters stay, for the objects that share them; <see cref=\"Parameters\"/>, <c>Save</c> and <see cref=\"Share\"/> go on");
        writer.Line("/// working. Calls on other threads that are under way end as usual, later ones are errors.");
        writer.Line("/// </summary>");
        using (writer.Block("public void Dispose()"))
        {
            if (request.Weights is { Embed: not WeightsEmbedding.AtRunTime })
            {
                writer.Line("// Whoever asks for Pretrained next gets a new object.");
                writer.Line("if (s_pretrained == this)");
                writer.Line("    s_pretrained = null;");
            }

            writer.Line("if (_use.Dispose())");
            writer.Line("    DisposeCore();");
        }

        writer.Line();
        writer.Line("/// <summary>Whether a call is using the working memory.</summary>");
        writer.Line("private global::CnnGen.Runtime.ModelUse _use;");
        writer.Line();
        writer.Line("// The bodies stand in the files beside this one.");
        writer.Line($"partial void PredictCore(global::System.ReadOnlySpan<float> images, {regions.Parameter}global::System.Span<float> scores, int count);");
        writer.Line();
        if (plan.Network.IsTrainable)
        {
            writer.Line($"partial void TrainCore(global::System.ReadOnlySpan<float> images, {regions.Parameter}global::System.ReadOnlySpan<float> targets, int count, ulong dropoutSeed, global::System.Span<float> scores, global::System.Span<float> imageGradients, ref double loss);");
            writer.Line();
        }

        if (plan.Explanation is not null)
        {
            writer.Line("partial void InspectCore(ref global::CnnGen.Inspection? inspection);");
            writer.Line();
        }

        if (plan.Features.Count > 0)
            FeatureMembers.EmitCore(writer);
        writer.Line("partial void WarmupCore(global::CnnGen.WarmupFor purpose, int count);");
        writer.Line();
        writer.Line("partial void DisposeCore();");
        writer.Line();
    }

    /// <summary>
    /// What surrounds every use of the working memory. That the object is asked for again at the end keeps it alive, and with it all memory that the passes have pointers
    /// into: a test looks for it in what is emitted.
    /// </summary>
    public static IDisposable EmitUse(CodeWriter writer, EmitRequest request)
    {
        writer.Line($"_use.Enter({Literal.Text(request.ClassName)});");
        return new Use(writer, writer.Block("try"));
    }

    /// <summary>The first batch normalisation that has one value of each feature an image, so that one image has no variance; null where there is none.</summary>
    private static Node? SingleValueNorm(Network network) =>
        network.Nodes.FirstOrDefault(node => node.NeedsBatchStatistics && node.OutputShape is { Height: 1, Width: 1 });

    /// <summary>What every use may throw.</summary>
    public static void EmitUseErrors(CodeWriter writer)
    {
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">Another thread is in a call of this object: each takes one of its own (<see cref=\"Share\"/>).</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The object was disposed.</exception>");
    }

    private static void EmitComputeGradients(CodeWriter writer, EmitRequest request, ModelPlan plan)
    {
        var model = Literal.Text(request.ClassName);
        var regions = RegionMembers.Of(request);
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public double ComputeGradients(global::System.ReadOnlySpan<float> images, {regions.Parameter}global::System.ReadOnlySpan<float> targets, int count, ulong dropoutSeed, global::System.Span<float> scores = default, global::System.Span<float> imageGradients = default)"))
        {
            writer.Line($"global::CnnGen.Runtime.ModelChecks.Training({model}, InputShape, OutputLength, images, targets, scores, imageGradients, count);");
            regions.EmitCheck(writer, "scores", "imageGradients");
            regions.EmitTargetCheck(writer);
            if (SingleValueNorm(plan.Network) is { } norm)
                writer.Line($"global::CnnGen.Runtime.ModelChecks.BatchStatistics({model}, {Literal.Text(norm.FullName)}, count);");
            writer.Line("double loss = 0;");
            using (EmitUse(writer, request))
            {
                writer.Line($"using (Parameters.HoldForGradients({model}))");
                writer.Line($"    TrainCore(images, {regions.Argument}targets, count, dropoutSeed, scores, imageGradients, ref loss);");
            }

            writer.Line("return loss;");
        }

        writer.Line();
    }

    private static void EmitInspect(CodeWriter writer, EmitRequest request)
    {
        var regions = RegionMembers.Of(request);
        regions.EmitInspectDocumentation(writer);
        using (writer.Block($"public global::CnnGen.Inspection Inspect(global::System.ReadOnlySpan<float> images, {regions.Parameter}int count = 1)"))
        {
            writer.Line($"global::CnnGen.Runtime.ModelChecks.Images({Literal.Text(request.ClassName)}, InputShape, images, count);");
            writer.Line("global::CnnGen.Inspection? inspection = null;");
            writer.Line("InspectCore(ref inspection);");
            writer.Line($"inspection!.Run(images, {regions.Argument}count);");
            writer.Line("return inspection;");
        }

        writer.Line();
    }

    private static string XmlText(string text) => Printable.OneLine(text).Replace("&", "&amp;").Replace("<", "&lt;");

    private static string ShapeText(TensorShape shape) =>
        $"new({Literal.Number(shape.Channels)}, {Literal.Number(shape.Height)}, {Literal.Number(shape.Width)})";

    private sealed class Use(CodeWriter writer, CodeWriter.Scope block) : IDisposable
    {
        public void Dispose()
        {
            block.Dispose();
            using (writer.Block("finally"))
            {
                writer.Line("if (_use.Exit())");
                writer.Line("    DisposeCore();");
            }
        }
    }
}
