using CnnGen.Generator.Arguments;
using CnnGen.Generator.Arguments.Formulas;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>
/// Makes steps of what was declared: blocks and repeats are expanded, layers named, the implied Flatten put in, paths followed. A block's numbers may depend on what
/// arrives at it, so shapes are followed along, and where something before is wrong, they aren't known.
/// </summary>
internal sealed class StepBuilder
{
    public const int MostRepeats = 1000;

    /// <summary>More layers than any network has; repeats in repeats would make more than memory holds.</summary>
    public const int MostSteps = 10000;

    private readonly Dictionary<string, DeclaredBlock> _blocks = [];
    private readonly ModelSettings _model;
    private readonly StepGraph _graph;
    private readonly List<LayerProblem> _problems = [];
    private bool _isTooLong;

    private StepBuilder(IEnumerable<DeclaredBlock> blocks, ModelSettings model, TensorShape? image)
    {
        foreach (var block in blocks)
            _blocks[block.Id] = block;
        _model = model;
        _graph = new StepGraph(image);
    }

    /// <summary>The steps of a network.</summary>
    /// <param name="declared">What was declared.</param>
    /// <param name="model">What the model says of its layers.</param>
    /// <param name="image">The shape of the image; null where it isn't known.</param>
    public static StepList Of(DeclaredNetwork declared, ModelSettings model, TensorShape? image)
    {
        var builder = new StepBuilder(declared.Blocks, model, image);
        var formulas = FormulaScope.OfInput(declared.Name, image);
        return builder.Build(new Body(declared.Name, declared.Layers, formulas, null), isInBranch: false);
    }

    /// <summary>The steps of a block's body, over numbers and an input that aren't known.</summary>
    public static StepList Of(DeclaredBlock block, IEnumerable<DeclaredBlock> blocks)
    {
        var builder = new StepBuilder(blocks, ModelSettings.Unknown, null);
        var formulas = new FormulaScope(block.Kind, block.Parameters.ToDictionary(parameter => parameter.Name, parameter => new FormulaParameter(parameter.Type, null)), null);
        return builder.Build(new Body(block.Kind, block.Layers, formulas, null) { Uses = [block.Id] }, isInBranch: true);
    }

    private StepList Build(Body body, bool isInBranch)
    {
        var paths = new Paths(_graph, Paths.Image, isInBranch);
        Add(body, paths);
        return new StepList(_graph, paths.End, _problems);
    }

    private void Add(Body body, Paths paths)
    {
        var before = _problems.Count;
        for (var i = 0; i < body.Layers.Count && !_isTooLong; i++)
        {
            if (body.Layers[i].Block is not null)
                AddBlock(body, i, paths);
            else
                AddLayer(body, i, paths);
        }

        if (paths.Finish() is { } open && _problems.Count == before)
            Report(body.PlaceOf(open), new Problem("CNN3008", "", [body.Name]));
    }

    private void AddLayer(Body body, int i, Paths paths)
    {
        var item = body.Layers[i];
        var place = body.PlaceOf(i);

        // The name is needed for the message before the layer exists that makes it, so the layer is made twice.
        var kind = LayerFactory.Make(item, new ArgumentReader(item, item.Kind, body.Formulas), item.Kind, _model);
        var custom = kind is HeadLayer head ? head.Output : Text(item, "Name");
        var called = body.Prefix + (custom is { Length: > 0 } ? custom : body.Counter.Peek(kind.BaseName));
        var read = new ArgumentReader(item, called, body.Formulas);
        var layer = LayerFactory.Make(item, read, called, _model);
        var request = ReadNaming(item, read, custom, called, mayBeEmpty: false);
        var isFrozen = layer is not BranchLayer && (read.Bool("Frozen", false) || body.IsFrozen);
        foreach (var problem in read.Problems)
            Report(place, problem);
        if (layer is BranchLayer)
        {
            if (paths.Branch(i, read.String("From"), body.Prefix) is { } lost)
                Report(place, lost);
            return;
        }

        if (paths.Check(layer, body.Prefix + body.Counter.Peek(layer.BaseName)) is { } misplaced)
        {
            Report(place, misplaced);
            return;
        }

        for (var copy = 1; copy <= request.Repeats && HasRoom(place, called); copy++)
        {
            if (layer is DenseLayer && !paths.IsVector)
                AddStep(new FlattenLayer(), isWrong: false, new Naming.Request(null, null, 1), 1, paths.Take(isVector: true));
            var inputs = layer.IsJoin && copy == 1 ? paths.Join() : paths.Take(layer.MakesVector ? true : null);
            AddStep(layer, read.Problems.Count > 0 || read.IsUnknown, request, copy, inputs);
        }

        if (layer is HeadLayer)
            paths.EndInHead();

        void AddStep(Layer added, bool isWrong, Naming.Request naming, int copy, IReadOnlyList<int> inputs) =>
            _graph.Add(new Step(added, place, item, isWrong, body.Counter.Next(added.BaseName, added.TensorBaseName, naming, copy), body.Path)
            {
                Inputs = inputs,
                IsFrozen = isFrozen,
            });
    }

    private void AddBlock(Body body, int i, Paths paths)
    {
        var item = body.Layers[i];
        var place = body.PlaceOf(i);
        var custom = Text(item, "Name");
        var called = body.Prefix + (custom is { Length: > 0 } ? custom : body.Counter.Peek(item.Kind));

        // Of a block that can't be read, the reader has said so.
        if (!_blocks.TryGetValue(item.Block!, out var block))
            return;
        if (body.Uses.Contains(block.Id))
        {
            Report(place, BlockRules.Recursion(block, _blocks));
            return;
        }

        var read = new ArgumentReader(item, called, body.Formulas);
        var request = ReadNaming(item, read, custom, called, mayBeEmpty: true);
        var values = Values(read, paths.End);
        var isFrozen = read.Bool("Frozen", false) || body.IsFrozen;
        foreach (var problem in read.Problems)
            Report(place, problem);

        for (var copy = 1; copy <= request.Repeats && HasRoom(place, called); copy++)
        {
            // The copy before it may have ended the path.
            if (paths.Check(custom is { Length: > 0 } ? called : body.Prefix + body.Counter.Peek(item.Kind)) is { } misplaced)
            {
                Report(place, misplaced);
                return;
            }

            var start = paths.End;
            if (copy > 1)
                values = Values(new ArgumentReader(item, called, body.Formulas), start);
            var naming = body.Counter.Next(item.Kind, item.Kind.ToLowerInvariant(), request, copy);
            var inner = new Paths(_graph, start, paths.IsInBranch);
            var use = new Body(Naming.Join(body.Path, naming.Name), block.Layers, new FormulaScope(block.Kind, values, _graph.ShapeOf(start)), naming.TensorName)
            {
                Path = [.. body.Path, naming.Name],
                Uses = [.. body.Uses, block.Id],
                Outer = place,
                IsFrozen = isFrozen,
                Context = Describe(Naming.Join(body.Path, naming.Name), block, values, _graph.ShapeOf(start)),
            };
            Add(use, inner);
            paths.GoOn(inner);
            _graph.Blocks.Add(new BlockUse(block.Kind, place, naming, body.Path, start, inner.End));
        }

        // A default that is an expression is the block's own: of what arrives at it, and of no name of where it is used.
        Dictionary<string, FormulaParameter> Values(ArgumentReader reader, int start)
        {
            var own = FormulaScope.OfInput(block.Kind, _graph.ShapeOf(start));
            return block.Parameters.ToDictionary(
                parameter => parameter.Name,
                parameter => reader.Parameter(parameter, own) is { } value ? new FormulaParameter(value.Type, value) : new FormulaParameter(parameter.Type, null));
        }
    }

    private static Naming.Request ReadNaming(DeclaredItem item, ArgumentReader read, string? custom, string called, bool mayBeEmpty)
    {
        var tensor = Text(item, "TensorName");
        if (tensor is not null && !ArgumentReader.IsTensorPath(tensor) && !(tensor.Length == 0 && mayBeEmpty))
        {
            read.Problems.Add(new Problem("CNN3013", "TensorName", [called, "TensorName", tensor]));
            tensor = null;
        }

        return new Naming.Request(custom, tensor, read.Int("Repeat", least: 1, most: MostRepeats));
    }

    /// <summary>Whether one more layer may follow; says once that none may.</summary>
    private bool HasRoom(Place place, string called)
    {
        if (_graph.Steps.Count < MostSteps && _graph.Blocks.Count < MostSteps)
            return true;
        if (!_isTooLong)
            Report(place, new Problem("CNN1051", "", [called, Numbers.Print(MostSteps)]));
        _isTooLong = true;
        return false;
    }

    private void Report(Place place, Problem problem) => _problems.Add(place.Say(problem));

    private static string? Text(DeclaredItem item, string argument) => (item.Find(argument)?.Value as ArgumentValue.Text)?.Value;

    /// <summary>A use of a block for a message: <c>Bottleneck4: Bottleneck(width = 128, stride = 2) over 256x56x56</c>.</summary>
    private static string Describe(string name, DeclaredBlock block, IReadOnlyDictionary<string, FormulaParameter> values, TensorShape? input)
    {
        var numbers = block.Parameters.Where(parameter => values[parameter.Name].Value is not null).Select(parameter => parameter.Name + " = " + values[parameter.Name].Value).ToList();
        return name + ": " + block.Kind + (numbers.Count > 0 ? "(" + string.Join(", ", numbers) + ")" : "") + (input is { } shape ? " over " + shape : "");
    }

    /// <summary>The layers on one declaration: the model's, or those of one use of a block.</summary>
    /// <param name="Name">The model's or the use's, for messages.</param>
    /// <param name="Layers">What is declared.</param>
    /// <param name="Formulas">What the names in its expressions mean.</param>
    /// <param name="TensorName">The prefix of all tensors; null or empty for none.</param>
    private sealed record Body(string Name, EquatableArray<DeclaredItem> Layers, FormulaScope Formulas, string? TensorName)
    {
        public NameCounter Counter { get; } = new(TensorName is { Length: > 0 } ? TensorName.TrimEnd('.') + "." : "");

        /// <summary>The names of the blocks around the layers, outermost first.</summary>
        public EquatableArray<string> Path { get; init; } = [];

        /// <summary>The blocks whose uses these layers stand in.</summary>
        public EquatableArray<string> Uses { get; init; } = [];

        /// <summary>Where the use stands; null for the model's layers.</summary>
        public Place? Outer { get; init; }

        /// <summary>Whether training leaves all the layers as they are.</summary>
        public bool IsFrozen { get; init; }

        public string Context { get; init; } = "";

        public string Prefix => Path.Count == 0 ? "" : string.Join(".", Path) + ".";

        public Place PlaceOf(int layer) => Outer is null ? new Place(layer) : Outer.In(Uses[Uses.Count - 1], layer, Context);
    }
}

/// <summary>What a declaration was made to.</summary>
/// <param name="Graph">The layers and blocks.</param>
/// <param name="End">The step whose result is the network's.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record StepList(StepGraph Graph, int End, List<LayerProblem> Problems)
{
    /// <summary>The layers, in an order in which each follows what it reads.</summary>
    public List<Step> Steps => Graph.Steps;

    /// <summary>The uses of blocks, those inside others first.</summary>
    public List<BlockUse> Blocks => Graph.Blocks;
}
