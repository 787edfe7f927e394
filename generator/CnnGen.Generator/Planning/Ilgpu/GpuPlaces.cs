using CnnGen.Generator.Operations;
using CnnGen.Generator.Operations.Rewrites;

namespace CnnGen.Generator.Planning.Ilgpu;

/// <summary>
/// Where the tensors of images lie in one another: what is flattened or cut out is a view of what it comes from, and what is joined along the channels is computed where the whole has it. So none of these
/// moves a float.
/// </summary>
internal sealed class GpuPlaces
{
    private readonly Dictionary<Tensor, (Tensor Whole, int Offset)> _wholes = [];

    public GpuPlaces(IReadOnlyList<Operation> operations)
    {
        var readers = new Readers(operations);
        foreach (var operation in operations)
        {
            switch (operation)
            {
                case Reshape reshape:
                    _wholes[reshape.Result] = (reshape.Input, 0);
                    break;
                case AsPixels pixels:
                    _wholes[pixels.Result] = (pixels.Input, 0);
                    break;
                case Slice slice:
                    _wholes[slice.Result] = (slice.Input, slice.FirstChannel * slice.Input.Shape.Height * slice.Input.Shape.Width);
                    break;
                case Concatenate concatenate:
                    foreach (var (input, offset) in PartsOf(concatenate))
                    {
                        if (CanLieInWhole(input, concatenate, readers))
                            _wholes[input] = (concatenate.Result, offset);
                    }

                    break;
            }
        }
    }

    /// <summary>The parts of a concatenation that do not lie in it, with where they begin there.</summary>
    public IEnumerable<(Tensor Input, int Offset)> Copied(Concatenate concatenate) =>
        PartsOf(concatenate).Where(part => !_wholes.TryGetValue(part.Input, out var whole) || whole != (concatenate.Result, part.Offset));

    /// <summary>The tensor whose memory a tensor lies in, and from where on.</summary>
    public (Tensor Root, int Offset) Of(Tensor tensor)
    {
        var offset = 0;
        while (_wholes.TryGetValue(tensor, out var whole))
            (tensor, offset) = (whole.Whole, offset + whole.Offset);
        return (tensor, offset);
    }

    public GpuStorage StorageOf(Tensor tensor) =>
        GpuStorage.Of(tensor.Shape) with { ImageStride = checked((int)Of(tensor).Root.Shape.Length) };

    public static IEnumerable<(Tensor Input, int Offset)> PartsOf(Concatenate concatenate)
    {
        var offset = 0;
        foreach (var input in concatenate.Inputs)
        {
            yield return (input, offset);
            offset += checked((int)input.Shape.Length);
        }
    }

    /// <summary>What some kernel computes, and what lies nowhere else yet and stands there once.</summary>
    private bool CanLieInWhole(Tensor input, Concatenate concatenate, Readers readers) =>
        !_wholes.ContainsKey(input)
        && readers.Producer(input) is not (null or LoadImage)
        && concatenate.Inputs.Count(other => other == input) == 1
        && Of(concatenate.Result).Root != input;
}
