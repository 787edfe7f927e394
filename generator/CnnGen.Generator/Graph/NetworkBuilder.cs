using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>A resolved network with what is to be warned of, or the problems why there is none.</summary>
internal sealed record BuildResult(Network? Network, EquatableArray<LayerProblem> Problems)
{
    /// <summary>The layers as far as they are known, whose names may be members of the class.</summary>
    public EquatableArray<OutlinedLayer> Outline { get; init; } = [];
}

/// <summary>A layer whose shapes are not known.</summary>
internal sealed record OutlinedLayer(string Name, Layer Layer);

/// <summary>A problem and whose it is.</summary>
/// <param name="Layer">The index among the declared layers, or <see cref="Model"/>.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record LayerProblem(int Layer, Problem Problem)
{
    /// <summary>The place of problems that are the model's and no layer's.</summary>
    public const int Model = -1;

    /// <summary>The place of problems that are the weights'.</summary>
    public const int Weights = -2;

    /// <summary>The place of problems of <c>[Normalize]</c>.</summary>
    public const int Normalize = -3;
}

/// <summary>
/// Turns what was declared into a network: repeats are expanded, layers named, the implied Flatten put in, shapes and the loss resolved.
/// Faults of numbers and names are all found at once; of shapes the first one only, since what follows it has no shape.
/// </summary>
internal sealed class NetworkBuilder
{
    private const int MostRepeats = 1000;

    private readonly DeclaredNetwork _declared;
    private readonly List<LayerProblem> _problems = [];
    private readonly List<LayerProblem> _warnings = [];
    private readonly List<Node> _nodes = [];
    private readonly List<Output> _outputs = [];
    private int _end;
    private readonly List<int> _declaredLayers = [LayerProblem.Model];

    private NetworkBuilder(DeclaredNetwork declared) => _declared = declared;

    public static BuildResult Build(DeclaredNetwork declared) => new NetworkBuilder(declared).Build();

    /// <summary>The layers of a declaration that is not whole.</summary>
    public static EquatableArray<OutlinedLayer> Outline(DeclaredNetwork declared) =>
        NodeNames.Outline(declared, new NetworkBuilder(declared).Steps(Rounding.Exact));

    private BuildResult Build()
    {
        var model = new ArgumentReader(_declared.Model, _declared.Name);
        var shape = TensorShape.Map(model.Int("channels", least: 1), model.Int("height", least: 1), model.Int("width", least: 1));
        var rounding = model.Enum("Rounding", Rounding.Exact);
        var precision = model.Enum("Precision", PrecisionKind.Fast);
        var passes = model.Passes("Passes");
        LossKind? loss = model.IsSet("Loss") ? model.Enum("Loss", LossKind.CrossEntropy) : null;
        var settings = new LossSettings(
            model.Float("LabelSmoothing", 0, FloatRange.BelowOne("0.1f")), model.Float("HuberDelta", 1, FloatRange.Positive("1f")));
        Report(LayerProblem.Model, model.Problems);
        if (_problems.Count == 0 && SizeRules.CheckInput(_declared.Name, shape) is { } huge)
            Report(LayerProblem.Model, [huge]);
        if (_problems.Count == 0 && HabitRules.CheckOrder(_declared, shape) is { } order)
            _warnings.Add(new LayerProblem(LayerProblem.Model, order));

        var (normalization, faults) = InputNormalization.Read(_declared, shape.Channels);
        Report(LayerProblem.Normalize, faults);
        var steps = Steps(rounding);
        var names = NodeNames.Resolve(_declared, steps);
        _problems.AddRange(names.Problems);
        if (_problems.All(problem => problem.Layer != LayerProblem.Model))
            ResolveShapes(shape, steps, names.Names);
        if (_problems.Count == 0)
        {
            loss = LossRules.Resolve(loss, _nodes, _outputs);
            Report(LayerProblem.Model, LossRules.Check(_declared.Name, loss.Value, _nodes, _outputs));
            Report(LayerProblem.Model, LossRules.CheckSettings(_declared.Name, loss.Value, model));
            Report(_declared.Layers.Count - 1, LossRules.CheckMap(loss.Value, _nodes[_outputs[0].Node]));
        }

        if (_problems.Count == 0)
            _warnings.AddRange(HabitRules.CheckSoftmax(_nodes).Select(one => new LayerProblem(_declaredLayers[one.Node.Index], one.Problem)));

        var problems = _problems.Concat(_warnings.Distinct()).OrderBy(problem => problem.Layer).ToEquatableArray();
        var network = _problems.Count > 0
            ? null
            : new Network(_declared.Name, loss!.Value, _nodes.ToEquatableArray())
            {
                Outputs = _outputs.ToEquatableArray(),
                LossSettings = settings,
                Precision = precision,
                Passes = passes,
                Normalization = normalization,
            };
        return new BuildResult(network, problems) { Outline = NodeNames.Outline(_declared, steps) };
    }

    /// <summary>The layers with their repeats expanded, the Flatten that a dense layer implies, and what each of them reads.</summary>
    private List<Step> Steps(Rounding rounding)
    {
        var steps = new List<Step>();
        var counter = new NameCounter();
        var paths = new Paths(steps);
        for (var i = 0; i < _declared.Layers.Count; i++)
        {
            var item = _declared.Layers[i];

            // The name is needed for the message before the layer exists that makes it, so the layer is made twice.
            var kind = LayerFactory.Make(item, new ArgumentReader(item, item.Kind), item.Kind, rounding);
            var custom = kind is HeadLayer head ? head.Output : item.Find("Name") is { Value: ArgumentValue.Text { Value: { } text } } ? text : null;
            var read = new ArgumentReader(item, custom is { Length: > 0 } ? custom : counter.Peek(kind));
            var layer = LayerFactory.Make(item, read, custom is { Length: > 0 } ? custom : counter.Peek(kind), rounding);
            var repeats = read.Int("Repeat", least: 1, most: MostRepeats);
            Report(i, read.Problems);
            if (layer is BranchLayer)
            {
                Report(i, Optional(paths.Branch(i, read.String("From"))));
                continue;
            }

            if (paths.Check(layer, counter.Peek(layer)) is { } misplaced)
            {
                Report(i, [misplaced]);
                continue;
            }

            for (var copy = 1; copy <= repeats; copy++)
            {
                if (layer is DenseLayer && !paths.IsVector)
                    steps.Add(counter.Next(new FlattenLayer(), i, isWrong: false, custom: null) with { Inputs = paths.Take(isVector: true) });
                steps.Add(counter.Next(layer, i, read.Problems.Count > 0, custom, repeats == 1 ? "" : Numbers.Print(copy)) with
                {
                    Inputs = layer.IsJoin && copy == 1 ? paths.Join() : paths.Take(layer is DenseLayer or FlattenLayer ? true : null),
                });
            }

            if (layer is HeadLayer)
                paths.EndInHead();
        }

        if (paths.Finish() is { } open && _problems.Count == 0)
            Report(open, [new Problem("CNN3008", "", [_declared.Name])]);
        _end = paths.End;
        return steps;
    }

    private static IEnumerable<Problem> Optional(Problem? problem) => problem is null ? [] : [problem];

    private void ResolveShapes(TensorShape shape, List<Step> steps, IReadOnlyList<NodeName> names)
    {
        _nodes.Add(new Node(0, "Input", "input", new InputLayer(shape), [], shape, shape));
        var total = 0m;
        for (var i = 0; i < steps.Count; i++)
        {
            var (layer, name) = (steps[i].Layer, names[i]);

            // What follows a layer that is wrong in itself would be measured by a shape that is none.
            if (steps[i].IsWrong)
                return;
            List<Node> inputs = [.. steps[i].Inputs.Select(input => _nodes[input + 1])];
            var input = inputs[0].OutputShape;
            var isFirstCopy = _declaredLayers[_declaredLayers.Count - 1] != steps[i].Declared;
            if (isFirstCopy && HabitRules.CheckLayer(name.Name, layer, _declared.Layers[steps[i].Declared], input) is { } habit)
                _warnings.Add(new LayerProblem(steps[i].Declared, habit));
            var result = layer.InferShape(name.Name, [.. inputs.Select(node => new LayerInput(node.Name, node.OutputShape))]);
            if ((result.Problem ?? SizeRules.CheckNode(name.Name, layer, input, result.Shape)) is { } problem)
            {
                Report(steps[i].Declared, [problem]);
                return;
            }

            var node = new Node(_nodes.Count, name.Name, name.TensorName, layer, inputs.Select(read => read.Index).ToEquatableArray(), input, result.Shape);
            total += node.Parameters.Sum(parameter => (decimal)parameter.Length);
            if (total > SizeRules.Most)
            {
                Report(steps[i].Declared, [SizeRules.CheckTotal(name.Name, layer, (long)total)]);
                return;
            }

            _nodes.Add(node);
            _declaredLayers.Add(steps[i].Declared);
        }

        ResolveOutputs();
    }

    /// <summary>The end of the network, and the heads, which training adds.</summary>
    private void ResolveOutputs()
    {
        var end = _end + 1;
        _outputs.Add(new Output(end));
        foreach (var head in _nodes.Where(node => node.Layer is HeadLayer))
        {
            _outputs.Add(new Output(head.Inputs[0], ((HeadLayer)head.Layer).Weight));
            if (head.OutputShape.Length != _nodes[end].OutputShape.Length)
            {
                var declared = _declared.Layers.ToList().FindIndex(item => item.Kind == "Head" && (item.Find("name")?.Value as ArgumentValue.Text)?.Value == head.Name);
                Report(declared, [new Problem("CNN2010", "", [head.Name, head.OutputShape.ToString(), _nodes[end].Name, _nodes[end].OutputShape.ToString()])]);
            }
        }
    }

    private void Report(int layer, IEnumerable<Problem> problems) =>
        _problems.AddRange(problems.Select(problem => new LayerProblem(layer, problem)));
}
