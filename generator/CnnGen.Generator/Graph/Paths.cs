using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Graph;

/// <summary>
/// Follows the paths of a declaration from its first layer to its last: what each layer reads. A group of branches starts at one place, and a join ends it.
/// </summary>
/// <param name="steps">The layers so far; the caller adds to them.</param>
internal sealed class Paths(List<Step> steps)
{
    /// <summary>The place of the image.</summary>
    public const int Image = -1;

    private readonly Dictionary<int, bool> _isVector = new() { [Image] = false };
    private readonly List<int> _ends = [];
    private int _current = Image;
    private int _start = Image;
    private bool _endedInHead;

    /// <summary>The declared layer that opened the group that is open, or null.</summary>
    public int? OpenGroup { get; private set; }

    /// <summary>Whether what the next layer reads is a vector.</summary>
    public bool IsVector => _isVector[_current];

    /// <summary>Starts a path.</summary>
    /// <param name="declared">The declared layer.</param>
    /// <param name="from">The name of the layer where it starts; null for where the group does.</param>
    public Problem? Branch(int declared, string? from)
    {
        if (OpenGroup is null)
            (_start, OpenGroup) = (_current, declared);
        else if (!_endedInHead)
            _ends.Add(_current);
        _endedInHead = false;
        _current = _start;
        if (from is null)
            return null;
        var found = steps.FindIndex(step => step.Name == from && step.Layer is not HeadLayer);
        if (found < 0)
            return new Problem("CNN3009", "From", [from, Nearest(from)]);
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

        if (layer is HeadLayer && OpenGroup is null)
            return new Problem("CNN3011", "", [name]);
        if (!_endedInHead)
            return null;
        if (_ends.Count > 0)
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
        _current = steps.Count;
        _isVector[_current] = isVector ?? _isVector[input];
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
        _current = steps.Count;

        // A gate may be a vector, what it opens is not.
        _isVector[_current] = inputs.All(input => _isVector[input]);
        return inputs;
    }

    /// <summary>The layer whose result is the network's output.</summary>
    public int End => _current;

    /// <summary>Ends the declaration: a group whose paths all ended in heads is done, any other one that is open is a fault.</summary>
    /// <returns>The declared layer that opened the group, or null.</returns>
    public int? Finish()
    {
        if (OpenGroup is null || !_endedInHead || _ends.Count > 0)
            return OpenGroup;
        (_current, OpenGroup) = (_start, null);
        return null;
    }

    /// <summary>The path has ended in a head.</summary>
    public void EndInHead() => _endedInHead = true;

    /// <summary>The layer whose name is nearest to one that nobody has.</summary>
    private string Nearest(string name) => steps.Count == 0
        ? "no layer stands above"
        : "did you mean " + steps.Select(step => step.Name).OrderBy(other => Distance(name, other)).First() + "?";

    /// <summary>Letters that have to be changed, added or left out to make one word of another (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var best = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], best);
            }
        }

        return row[b.Length];
    }
}
