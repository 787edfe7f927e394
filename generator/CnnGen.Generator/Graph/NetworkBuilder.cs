using CnnGen.Generator.Arguments;
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
internal sealed record OutlinedLayer(string Name, Layer Layer)
{
    /// <summary>The names of the blocks around it, outermost first.</summary>
    public EquatableArray<string> Path { get; init; } = [];
}

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

    /// <summary>The lines of blocks' bodies that lead to it, outermost first; none for a layer of the model's own.</summary>
    public EquatableArray<BlockLine> Inside { get; init; } = [];
}

/// <summary>
/// Turns what was declared into a network: steps are made of it (<see cref="StepBuilder"/>), names, shapes and the loss resolved.
/// Faults of numbers and names are all found at once; of shapes the first one only, since what follows it has no shape.
/// </summary>
internal sealed class NetworkBuilder
{
    private readonly DeclaredNetwork _declared;
    private readonly List<LayerProblem> _problems = [];
    private readonly List<LayerProblem> _warnings = [];
    private readonly List<Node> _nodes = [];
    private readonly List<Output> _outputs = [];
    private readonly List<Place> _places = [new Place(LayerProblem.Model)];

    private NetworkBuilder(DeclaredNetwork declared) => _declared = declared;

    public static BuildResult Build(DeclaredNetwork declared) => new NetworkBuilder(declared).Build();

    /// <summary>The layers of a declaration that is not whole.</summary>
    public static EquatableArray<OutlinedLayer> Outline(DeclaredNetwork declared) =>
        NodeNames.Outline(declared, StepBuilder.Of(declared, ModelSettings.Unknown, null));

    private BuildResult Build()
    {
        var model = new ArgumentReader(_declared.Model, _declared.Name);
        var shape = TensorShape.Map(model.Int("channels", least: 1), model.Int("height", least: 1), model.Int("width", least: 1));
        var rounding = model.Enum("Rounding", Rounding.Exact);
        var regions = model.Int("Regions", least: 1, whenUnset: 0);
        var precision = model.Enum("Precision", PrecisionKind.Fast);
        var layout = model.Enum("Layout", LayoutKind.ChannelsFirst);
        var passes = model.Passes("Passes");
        var targets = model.Targets("Targets");
        LossKind? loss = model.IsSet("Loss") ? model.Enum("Loss", LossKind.CrossEntropy) : null;
        var settings = new LossSettings(
            model.Float("LabelSmoothing", 0, FloatRange.BelowOne("0.1f")), model.Float("HuberDelta", 1, FloatRange.Positive("1f")))
        {
            ClassWeights = LossRules.ReadClassWeights(model),
        };
        Report(LayerProblem.Model, model.Problems);
        if (layout == LayoutKind.ChannelsLast && (targets & TargetKinds.Ilgpu) != 0)
            Report(LayerProblem.Model, [new Problem("CNN6004", "Layout", [_declared.Name])]);
        if (_problems.Count == 0 && SizeRules.CheckInput(_declared.Name, shape) is { } huge)
            Report(LayerProblem.Model, [huge]);
        if (_problems.Count == 0 && HabitRules.CheckOrder(_declared, shape) is { } order)
            _warnings.Add(new LayerProblem(LayerProblem.Model, order));

        var (normalization, faults) = InputNormalization.Read(_declared, shape.Channels);
        Report(LayerProblem.Normalize, faults);
        var isKnown = _problems.All(problem => problem.Layer != LayerProblem.Model);
        var steps = StepBuilder.Of(_declared, new ModelSettings(rounding, isKnown ? regions : null), isKnown ? shape : null);
        var names = NodeNames.Resolve(_declared, steps);
        _problems.AddRange(steps.Problems.Concat(names.Problems));
        if (isKnown && ResolveShapes(shape, steps, names.Names))
            ResolveOutputs(steps);
        if (_problems.Count == 0)
        {
            loss = LossRules.Resolve(loss, _nodes, _outputs);
            Report(LayerProblem.Model, LossRules.Check(_declared.Name, loss.Value, _nodes, _outputs));
            Report(LayerProblem.Model, LossRules.CheckSettings(_declared.Name, loss.Value, model));
            Report(LayerProblem.Model, LossRules.CheckClassWeights(_declared.Name, settings, loss.Value, _nodes[_outputs[0].Node]));
            CheckHeads(loss.Value);
            if (regions > 0 && !_nodes.Any(node => node.Layer is RegionLayer))
                Report(LayerProblem.Model, [new Problem("CNN2031", "Regions", [_declared.Name, Numbers.Print(regions)])]);
            if ((passes & PassKinds.Train) != 0)
                CheckFrozen();
        }

        // Where a layer is wrong, a name may be its.
        var strangers = new List<Problem>();
        var features = _problems.Count == 0 ? FeatureRules.Resolve(_declared.Name, model, steps.Graph, strangers) : [];
        Report(LayerProblem.Model, strangers);

        if (_problems.Count == 0)
            _warnings.AddRange(HabitRules.CheckSoftmax(_nodes).Select(one => _places[one.Node.Index].Say(one.Problem)));

        var problems = OncePerLine(_problems.Concat(_warnings.Distinct())).OrderBy(problem => problem.Layer).ToEquatableArray();
        var network = _problems.Count > 0
            ? null
            : new Network(_declared.Name, loss!.Value, _nodes.ToEquatableArray())
            {
                Outputs = _outputs.ToEquatableArray(),
                LossSettings = settings,
                Precision = precision,
                Layout = layout,
                Passes = passes,
                Targets = targets,
                Regions = regions,
                Features = features,
                Normalization = normalization,
                Blocks = BlocksOf(steps),
            };
        return new BuildResult(network, problems) { Outline = NodeNames.Outline(_declared, steps) };
    }

    /// <summary>What is wrong with a line of a block is wrong in every use of it, and said of the first.</summary>
    private static IEnumerable<LayerProblem> OncePerLine(IEnumerable<LayerProblem> problems)
    {
        var said = new HashSet<(BlockLine, string, string)>();
        return problems.Where(problem => problem.Inside.Count == 0
            || said.Add((problem.Inside[problem.Inside.Count - 1], problem.Problem.Id, problem.Problem.Argument))).ToList();
    }

    private EquatableArray<Block> BlocksOf(StepList steps) => steps.Blocks
        .Select(block => new Block([.. block.Path, block.Naming.Name], block.Kind, _nodes[block.Start + 1].OutputShape, _nodes[block.End + 1].OutputShape, block.End + 1))
        .ToEquatableArray();

    /// <summary>The nodes; false where one has no shape.</summary>
    private bool ResolveShapes(TensorShape shape, StepList list, IReadOnlyList<string> names)
    {
        var tensors = new Dictionary<string, Node>();
        var steps = list.Steps;
        _nodes.Add(new Node(0, "Input", "input", new InputLayer(shape), [], shape, shape));
        var total = 0m;
        for (var i = 0; i < steps.Count; i++)
        {
            var (step, layer) = (steps[i], steps[i].Layer);
            var name = step.FullName;

            // What follows a layer that is wrong in itself would be measured by a shape that is none.
            if (step.IsWrong)
                return false;
            List<Node> inputs = [.. step.Inputs.Select(input => _nodes[input + 1])];
            var input = inputs[0].OutputShape;
            var isFirstCopy = _places[_places.Count - 1] != step.Place;
            if (isFirstCopy && (HabitRules.CheckLayer(name, layer, step.Item, input) ?? HabitRules.CheckScale(name, layer, shape, input)) is { } habit)
                _warnings.Add(step.Place.Say(habit));
            var result = layer.InferShape(name, [.. inputs.Select(node => new LayerInput(node.FullName, node.OutputShape))]);
            if ((result.Problem ?? SizeRules.CheckNode(name, layer, input, result.Shape)) is { } problem)
            {
                _problems.Add(step.Place.Say(problem));
                return false;
            }

            var node = new Node(_nodes.Count, names[i], step.Naming.TensorName, layer, inputs.Select(read => read.Index).ToEquatableArray(), input, result.Shape)
            {
                Path = step.Path,
                LocalName = step.Naming.Name,
                IsFrozen = step.IsFrozen,
            };
            total += node.Parameters.Sum(parameter => (decimal)parameter.Length);
            if (total > SizeRules.Most)
            {
                _problems.Add(step.Place.Say(SizeRules.CheckTotal(name, layer, (long)total)));
                return false;
            }

            // Of layers whose tensors have declared names, or names of several parts, it is the whole name that counts.
            foreach (var tensor in node.Parameters.Select(parameter => node.TensorName + "." + parameter.Name))
            {
                if (tensors.TryGetValue(tensor, out var other) && _problems.Count == 0)
                    _problems.Add(step.Place.Say(new Problem("CNN3014", "TensorName", [name, other.FullName, tensor])));
                tensors[tensor] = node;
            }

            _nodes.Add(node);
            _places.Add(step.Place);
        }

        return true;
    }

    /// <summary>The end of the network, and the heads, which training adds.</summary>
    private void ResolveOutputs(StepList steps)
    {
        var end = steps.End + 1;
        _outputs.Add(new Output(end));
        foreach (var head in _nodes.Where(node => node.Layer is HeadLayer))
        {
            _outputs.Add(new Output(head.Inputs[0], ((HeadLayer)head.Layer).Weight));
            if (head.OutputShape.Length != _nodes[end].OutputShape.Length)
                _problems.Add(Misfit(head, _nodes[end]));
        }
    }

    /// <summary>A loss over the classes at each pixel wants the targets' pixels at their places.</summary>
    private void CheckHeads(LossKind loss)
    {
        var end = _nodes[_outputs[0].Node];
        foreach (var head in _nodes.Where(node => node.Layer is HeadLayer))
        {
            if (LossRules.PixelsOf(loss, head.OutputShape) != LossRules.PixelsOf(loss, end.OutputShape))
                _problems.Add(Misfit(head, end));
        }
    }

    /// <summary>Training a network of which nothing trains is a mistake; a network without parameters is an exercise.</summary>
    private void CheckFrozen()
    {
        var layers = _nodes.Where(node => node.ParameterCount > 0).ToList();
        if (layers.Count > 0 && layers.All(node => node.IsFrozen))
            Report(LayerProblem.Model, [new Problem("CNN3015", "", [_declared.Name, layers[layers.Count - 1].FullName])]);
    }

    private LayerProblem Misfit(Node head, Node end) =>
        _places[head.Index].Say(new Problem("CNN2010", "", [head.FullName, head.OutputShape.ToString(), end.FullName, end.OutputShape.ToString()]));

    private void Report(int layer, IEnumerable<Problem> problems) =>
        _problems.AddRange(problems.Select(problem => new LayerProblem(layer, problem)));
}
