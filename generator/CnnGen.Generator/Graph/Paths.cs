using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>
/// Follows the paths of a declaration from its first layer to its last: what each layer reads. A group of branches starts at one place, and a join ends it.
/// </summary>
/// <param name="graph">The layers so far; the caller adds to them.</param>
/// <param name="start">What the first layer reads.</param>
/// <param name="isInBranch">Whether the layers stand, all together, in a branch of what is around them: a head may then end them.</param>
internal sealed class Paths(StepGraph graph, int start, bool isInBranch)
{
    /// <summary>The place of the image.</summary>
    public const int Image = -1;

    private readonly List<int> _ends = [];
    private int _current = start;
    private int _start = start;
    private bool _endedInHead;

    /// <summary>The declared layer that opened the group that is open, or null.</summary>
    public int? OpenGroup { get; private set; }

    /// <summary>Whether what the next layer reads is a vector.</summary>
    public bool IsVector => graph.IsVector(_current);

    /// <summary>Whether a head may end what stands here.</summary>
    public bool IsInBranch => isInBranch || OpenGroup is not null;

    /// <summary>Whether the last layer was a head that ends the branch around these layers.</summary>
    public bool EndedInHead => _endedInHead && OpenGroup is null;

    /// <summary>Starts a path.</summary>
    /// <param name="declared">The declared layer.</param>
    /// <param name="from">The name of the layer or block where it starts; null for where the group does.</param>
    /// <param name="prefix">What stands before that name: the path of the block in which the branch stands.</param>
    public Problem? Branch(int declared, string? from, string prefix)
    {
        if (EndedInHead)
            return new Problem("CNN3012", "", ["Branch"]);
        if (OpenGroup is null)
            (_start, OpenGroup) = (_current, declared);
        else if (!_endedInHead)
            _ends.Add(_current);
        _endedInHead = false;
        _current = _start;
        if (from is null)
            return null;
        if (graph.Find(prefix + from) is not { } found)
            return new Problem("CNN3009", "From", [from, graph.Nearest(prefix, from) is { } name ? "did you mean " + name + "?" : "no layer stands above"]);
        _current = found;
        return null;
    }

    /// <summary>Whether a layer may stand here.</summary>
    public Problem? Check(Layer layer, string name)
    {
        if (layer.IsJoin)
        {
            var paths = _ends.Count + (OpenGroup is not null && !_endedInHead ? 1 : 0);
            return paths < 2 ? new Problem("CNN3010", "", [name, layer.Kind, Numbers.Print(paths)]) : null;
        }

        return layer is HeadLayer && !IsInBranch ? new Problem("CNN3011", "", [name]) : Check(name);
    }

    /// <summary>Whether anything but a join or a head may stand here.</summary>
    public Problem? Check(string name)
    {
        if (!_endedInHead)
            return null;
        if (_ends.Count > 0 || OpenGroup is null)
            return new Problem("CNN3012", "", [name]);

        // Every path of the group ended in a head: the network goes on from where the group started.
        (_current, OpenGroup, _endedInHead) = (_start, null, false);
        return null;
    }

    /// <summary>What the next layer reads; from here on its own result is what is read.</summary>
    /// <param name="isVector">Whether its result is a vector; null where that is as what it reads.</param>
    public IReadOnlyList<int> Take(bool? isVector)
    {
        var input = _current;
        _current = graph.Steps.Count;
        graph.SetVector(_current, isVector ?? graph.IsVector(input));
        return [input];
    }

    /// <summary>What a join reads: the ends of the group's paths.</summary>
    public IReadOnlyList<int> Join()
    {
        List<int> inputs = [.. _ends];
        if (!_endedInHead)
            inputs.Add(_current);
        _ends.Clear();
        (OpenGroup, _endedInHead) = (null, false);
        _current = graph.Steps.Count;

        // A gate may be a vector, what it opens is not.
        graph.SetVector(_current, inputs.All(graph.IsVector));
        return inputs;
    }

    /// <summary>The layer whose result is what all of them compute; the place of the image where there is none.</summary>
    public int End => _current;

    /// <summary>Ends the declaration: a group whose paths all ended in heads is done, any other one that is open is a fault.</summary>
    /// <returns>The declared layer that opened the group, or null.</returns>
    public int? Finish()
    {
        if (OpenGroup is null || !_endedInHead || _ends.Count > 0)
            return OpenGroup;
        (_current, OpenGroup, _endedInHead) = (_start, null, false);
        return null;
    }

    /// <summary>The path has ended in a head.</summary>
    public void EndInHead() => _endedInHead = true;

    /// <summary>Goes on behind the layers of a block.</summary>
    /// <param name="block">The paths of its body.</param>
    public void GoOn(Paths block)
    {
        _current = block.End;
        _endedInHead = block.EndedInHead;
    }
}
