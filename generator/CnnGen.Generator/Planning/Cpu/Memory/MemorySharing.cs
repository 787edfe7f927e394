using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Memory;

/// <summary>
/// Which tensors of a pass lie in one another's memory: what is flattened where it lies, and what an operation computes element by element in the place of an operand that nobody reads
/// afterwards.
/// </summary>
internal sealed class MemorySharing
{
    private readonly Dictionary<Tensor, Tensor> _roots = [];
    private readonly Dictionary<Tensor, int> _uses = [];
    private readonly Dictionary<Tensor, int> _lastUses = [];
    private readonly Func<Tensor, Storage> _storageOf;

    /// <param name="operations">The pass, in order.</param>
    /// <param name="layout">Where tensors lie.</param>
    /// <param name="storageOf">How a tensor lies in this pass.</param>
    /// <param name="isCallers">Whether a tensor lies in the caller's memory.</param>
    public MemorySharing(IReadOnlyList<Operation> operations, TensorLayout layout, Func<Tensor, Storage> storageOf, Func<Tensor, bool> isCallers)
    {
        _storageOf = storageOf;
        for (var i = 0; i < operations.Count; i++)
        {
            // What sums over the batch at the end needs its operands until then, and who looks at a tensor does so when all is done.
            var position = operations[i] is ProductWeightGradient or ProductBiasGradient or LocalWeightGradient or Keep ? int.MaxValue : i;
            foreach (var input in operations[i].Inputs)
                _uses[input] = Math.Max(position, _uses.TryGetValue(input, out var use) ? use : -1);
        }

        for (var i = 0; i < operations.Count; i++)
        {
            foreach (var result in operations[i].Results.Where(result => result.IsImage))
            {
                var place = PlaceFor(operations[i], i, result, layout, isCallers);
                var root = place is null ? result : RootOf(place);
                _roots[result] = root;
                _lastUses[root] = Math.Max(UseOf(result), place is not null && (operations[i] is Reshape or AsPixels) ? _lastUses[root] : -1);
            }
        }
    }

    /// <summary>The tensor whose memory a tensor lies in.</summary>
    public Tensor RootOf(Tensor tensor) => _roots[tensor];

    private int UseOf(Tensor tensor) => _uses.TryGetValue(tensor, out var use) ? use : -1;

    private Tensor? PlaceFor(Operation operation, int position, Tensor result, TensorLayout layout, Func<Tensor, bool> isCallers)
    {
        switch (operation)
        {
            case Reshape reshape:
                return layout.IsInPlace(reshape) ? reshape.Input : null;
            case AsPixels pixels:
                return !isCallers(pixels.Input) && _storageOf(pixels.Input) == _storageOf(result) ? pixels.Input : null;
            case Pointwise pointwise:
                return pointwise.Operands.FirstOrDefault(operand => pointwise.IsFull(operand) && IsFree(operand));
            case RandomMask mask:
                return IsFree(mask.Input) ? mask.Input : null;
            case SoftmaxGradient gradient:
                return IsFree(gradient.Gradient) ? gradient.Gradient : null;
            case Computation { After.Pool: null } computation:
                // Each element of a further tensor is read right before the result is stored in its place.
                return computation.After.Operands.FirstOrDefault(operand =>
                    IsFree(operand) && computation.Sources.All(source => !source.IsImage || RootOf(source) != RootOf(operand)));
            default:
                return null;
        }

        bool IsFree(Tensor operand) => operand.IsImage
            && !isCallers(operand)
            && operation.Inputs.Count(input => input.IsImage && _roots.TryGetValue(input, out var root) && root == RootOf(operand)) == 1
            && _lastUses[RootOf(operand)] <= position
            && _storageOf(operand) == _storageOf(result);
    }
}
