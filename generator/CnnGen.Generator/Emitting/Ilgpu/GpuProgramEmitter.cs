using CnnGen.Generator.Planning.Ilgpu;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>
/// Prints what a model's passes launch on a GPU: a type with a field for each kernel, which its constructor has the accelerator compile, and a method for each pass, which names the pieces of memory and makes the
/// launches one after the other.
/// </summary>
internal sealed class GpuProgramEmitter
{
    public const string ProgramName = "IlgpuProgram";

    public const string KernelsName = "IlgpuKernels";

    private const int NumbersPerLine = 10;

    private readonly GpuPlan _plan;
    private readonly Dictionary<GpuKernel, string> _names = [];

    public GpuProgramEmitter(GpuPlan plan)
    {
        _plan = plan;
        var unique = new UniqueNames();
        foreach (var kernel in plan.Kernels)
            _names.Add(kernel, unique.Of(kernel.Name));
    }

    public void EmitKernels(CodeWriter writer)
    {
        writer.Line("/// <summary>The kernels: each of them all threads of a launch run, every size a number of its text.</summary>");
        using (writer.Block($"internal static class {KernelsName}"))
        {
            foreach (var pair in _names)
            {
                writer.Line($"/// <summary>{XmlText(pair.Key.Comment)}</summary>");
                GpuKernelEmitters.Emit(writer, pair.Key, pair.Value);
            }

            writer.TrimLine();
        }
    }

    public void EmitProgram(CodeWriter writer)
    {
        writer.Line("/// <summary>The passes on a GPU: launches one after the other, each of which finds what those before it computed.</summary>");
        using (writer.Block($"internal sealed class {ProgramName} : GpuProgram"))
        {
            foreach (var pair in _names)
                writer.Line($"private readonly Action<{string.Join(", ", TypesOf(pair.Key, withConfig: true))}> {FieldOf(pair.Key)};");
            writer.Line();
            using (writer.Block($"public {ProgramName}(Accelerator accelerator)"))
            {
                foreach (var pair in _names)
                    writer.Line($"{FieldOf(pair.Key)} = accelerator.LoadStreamKernel<{string.Join(", ", TypesOf(pair.Key, withConfig: false))}>({KernelsName}.{pair.Value});");
            }

            writer.Line();
            EmitSizes(writer);
            EmitMethod(writer, "Prepare", "What predictions need that follows from the parameters alone.", _plan.Prediction.Preparation, _plan.PredictionMemory, "GpuMemory memory", 0);
            EmitMethod(writer, "Predict", "The scores of a batch.", _plan.Prediction.Launches, _plan.PredictionMemory, "GpuMemory memory, int count", 0);
            if (_plan.Network.IsTrainable)
                EmitMethod(writer, "Train", "One training step up to the gradients: forward, loss, backward.", _plan.Training.Launches, _plan.TrainingMemory, "GpuMemory memory, int count, ulong seed", _plan.PredictionMemory.Once);
            writer.TrimLine();
        }
    }

    /// <summary>What a session has to allocate.</summary>
    private void EmitSizes(CodeWriter writer)
    {
        var (prediction, training) = (_plan.PredictionMemory, _plan.TrainingMemory);
        writer.Line("/// <inheritdoc/>");
        using (writer.Block("public override GpuSizes Sizes => new()", "};"))
        {
            writer.Line($"Image = {_plan.Network.Input.OutputShape.Length},");
            if (_plan.Network.Regions > 0)
                writer.Line($"Regions = {Literal.Number(_plan.Network.Regions * Operations.RegionSpec.RegionLength)},");
            writer.Line($"Scores = {_plan.Network.Output.OutputShape.Length},");
            writer.Line($"Losses = {_plan.Training.LossLength},");
            writer.Line($"Parameters = {_plan.Parameters.TotalLength},");
            writer.Line($"Trained = {(_plan.Network.IsTrainable ? _plan.Parameters.TrainedLength : 0)},");
            writer.Line($"PerImage = {Math.Max(prediction.PerImage, training.PerImage)},");
            writer.Line($"Once = {checked(prediction.Once + training.Once)},");
            if (_plan.Tables.Values.Count > 0)
                writer.Line($"Tables = {_plan.Tables.Values.Count},");
            writer.Line($"LargestPerImage = {LargestPerImage()},");
        }

        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override GpuParameter[] Parameters =>");
        writer.Line("[");
        foreach (var parameter in _plan.Parameters.All)
            writer.Line($"    new({Literal.Text(parameter.TensorName)}, {parameter.Offset}, {parameter.Length}),");
        writer.Line("];");

        writer.Line();
        EmitTables(writer);
        if (_plan.Network.ComparesRegions)
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line("public override bool ComparesRegions => true;");
            writer.Line();
        }
    }

    private void EmitTables(CodeWriter writer)
    {
        var values = _plan.Tables.Values;
        if (values.Count == 0)
            return;
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override ReadOnlySpan<float> Tables =>");
        writer.Line("[");
        for (var first = 0; first < values.Count; first += NumbersPerLine)
            writer.Line($"    {string.Join(", ", values.Skip(first).Take(NumbersPerLine).Select(Literal.Float))},");
        writer.Line("];");
        writer.Line();
    }

    /// <summary>Floats of the longest piece of memory that a kernel is given, of one image: an index is an int.</summary>
    private long LargestPerImage() => _plan.Prediction.Buffers.Concat(_plan.Training.Buffers).Where(buffer => buffer.IsPerImage).Select(buffer => (long)buffer.Length)
        .Append(_plan.Network.Input.OutputShape.Length).Max();

    private void EmitMethod(CodeWriter writer, string name, string summary, IReadOnlyList<GpuLaunch> launches, GpuArena arena, string parameters, int onceBefore)
    {
        writer.Line($"/// <summary>{summary}</summary>");
        using (writer.Block($"public override void {name}({parameters})"))
        {
            var locals = new Locals();
            foreach (var buffer in launches.SelectMany(launch => launch.Arguments).OfType<GpuArgument.Buffer>().Select(argument => argument.Memory).Distinct())
            {
                var place = buffer.IsPerImage ? $"PerImage({Literal.Number(arena.OffsetOf(buffer))}" : $"Once({Literal.Number(onceBefore + arena.OffsetOf(buffer))}";
                writer.Line($"{GpuText.View} {locals.Of(buffer, buffer.Name)} = memory.{place}, {buffer.Length});");
            }

            foreach (var parameter in launches.SelectMany(launch => launch.Arguments).OfType<GpuArgument.Parameter>().Distinct())
            {
                var local = locals.Of(parameter, parameter.Plan.Name + (parameter.IsGradient ? "Gradient" : ""));
                writer.Line($"{GpuText.View} {local} = memory.{(parameter.IsGradient ? "Gradient" : "Parameter")}({parameter.Plan.Offset}, {parameter.Plan.Length});");
            }

            var described = "";
            foreach (var launch in launches)
                EmitLaunch(writer, launch, locals, ref described);
        }

        writer.Line();
    }

    private void EmitLaunch(CodeWriter writer, GpuLaunch launch, Locals locals, ref string described)
    {
        if (launch.Description != described)
        {
            writer.Line();
            writer.Line("// " + (described = launch.Description));
        }

        var call = CallOf(launch.Kernel, launch.Arguments, locals);
        if (launch.ForOneImage is { } forOne)
        {
            writer.Line("if (count == 1)");
            writer.Line("    " + CallOf(forOne, launch.Arguments, locals));
            writer.Line("else");
            writer.Line("    " + call);
            return;
        }

        if (launch.When != GpuCondition.Always)
            writer.Line(launch.When == GpuCondition.Scores ? "if (memory.WantsScores)" : "if (memory.WantsImageGradients)");
        writer.Line((launch.When == GpuCondition.Always ? "" : "    ") + call);
    }

    private string CallOf(GpuKernel kernel, IReadOnlyList<GpuArgument> arguments, Locals locals)
    {
        var grid = kernel.Grid;
        var items = grid.PerImage == 0 ? Literal.Number(grid.Once) : GpuText.Times("count", grid.PerImage);
        var config = $"Groups({items}, {Literal.Number(grid.PerGroup)}, {Literal.Number(grid.Rows)}, {Literal.Number(grid.Threads)})";
        var all = arguments.Select(argument => TextOf(argument, locals)).Concat(kernel.RunTimeNumbers.Select(number => number == GpuNumber.Seed ? "seed" : "count"));
        return $"{FieldOf(kernel)}({config}, {string.Join(", ", all)});";
    }

    private static string TextOf(GpuArgument argument, Locals locals) => argument switch
    {
        GpuArgument.Buffer buffer => From(locals.Of(buffer.Memory, ""), Literal.Number(buffer.Offset)),
        GpuArgument.External { Memory: GpuExternal.Losses } losses => From("memory.Losses", GpuText.Times("count", losses.Offset)),
        GpuArgument.External external => From($"memory.{external.Memory}", Literal.Number(external.Offset)),
        GpuArgument.Table table => $"memory.Table({Literal.Number(table.Offset)}, {Literal.Number(table.Length)})",
        GpuArgument.Parameter parameter => locals.Of(parameter, ""),
        _ => throw new InvalidOperationException("Unknown argument."),
    };

    private static string From(string view, string offset) => offset == "0" ? view : $"{view}.SubView({offset})";

    /// <summary>What a method calls its pieces of memory: they are named after layers, which may have the names of keywords, and of one another.</summary>
    private sealed class Locals
    {
        private readonly Dictionary<object, string> _names = [];
        private readonly UniqueNames _unique = new();

        public Locals()
        {
            foreach (var name in new[] { "memory", "count", "seed" })
                _unique.Of(name);
        }

        /// <param name="memory">The piece.</param>
        /// <param name="name">What it is called where it has no name yet.</param>
        public string Of(object memory, string name)
        {
            if (!_names.TryGetValue(memory, out var local))
                _names.Add(memory, local = Graph.Identifiers.IsKeyword(name) ? "@" + name : _unique.Of(name));
            return local;
        }
    }

    private static IEnumerable<string> TypesOf(GpuKernel kernel, bool withConfig) =>
    [
        .. withConfig ? (string[])["KernelConfig"] : [],
        .. kernel.Views.Select(_ => GpuText.View),
        .. kernel.RunTimeNumbers.Select(GpuText.TypeOf),
    ];

    private string FieldOf(GpuKernel kernel) => "_" + Operations.Tensor.NameOf(_names[kernel]);

    private static string XmlText(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
