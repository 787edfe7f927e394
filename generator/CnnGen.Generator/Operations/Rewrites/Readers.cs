namespace CnnGen.Generator.Operations.Rewrites;

/// <summary>Who computes and who reads each tensor of a list of operations.</summary>
internal sealed class Readers
{
    private readonly Dictionary<Tensor, List<Operation>> _readers = [];
    private readonly Dictionary<Tensor, Operation> _producers = [];
    private readonly Dictionary<Operation, int> _positions = [];

    public Readers(IReadOnlyList<Operation> operations)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            _positions.Add(operations[i], i);
            foreach (var result in operations[i].Results)
                _producers[result] = operations[i];
            foreach (var input in operations[i].Inputs.Distinct())
            {
                if (!_readers.TryGetValue(input, out var list))
                    _readers.Add(input, list = []);
                list.Add(operations[i]);
            }
        }
    }

    public IReadOnlyList<Operation> Of(Tensor tensor) => _readers.TryGetValue(tensor, out var readers) ? readers : [];

    /// <summary>The one operation that reads a tensor, or null where there are none or several.</summary>
    public Operation? Only(Tensor tensor) => Of(tensor) is [var reader] ? reader : null;

    public Operation? Producer(Tensor tensor) => _producers.TryGetValue(tensor, out var producer) ? producer : null;

    public int PositionOf(Operation operation) => _positions[operation];
}
