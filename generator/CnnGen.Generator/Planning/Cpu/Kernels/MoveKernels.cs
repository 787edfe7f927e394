using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>
/// Copies one image's tensor from one storage to another (the image into its halo, a map into a vector, scores out).
/// Elements keep their C x H x W index; a vector of as many features counts as C x H x W in that order.
/// Where Spread is more than one, pixel (h, w) goes to (h * Spread, w * Spread): the gradient of a stride.
/// Arguments: source, target.
/// </summary>
internal sealed record CopyKernel(Storage Source, Storage Target, Size2 Spread) : Kernel
{
    public override string Name => Text($"Copy_{Map.Channels}x{Map.Height}x{Map.Width}");

    public override string Comment => Text(
        $"{Map.Channels}x{Map.Height}x{Map.Width} from {Describe(Source)} to {Describe(Target)}.");

    /// <summary>Where channels are neighbours on one side, rows of the map are units; else rows of each plane.</summary>
    public override bool HasUnits => Spread == Size2.One && Map.Height > 1 && (IsPixels(Source) || IsPixels(Target) || CopiesRows);

    public override int UnitsFor(int lanes) => Units;

    /// <summary>Whether rows of pixels are copied one by one: on both sides a row's pixels follow one another without gaps.</summary>
    public bool CopiesRowsOfPixels => Spread == Size2.One && IsPixels(Source) && IsPixels(Target) && Source.PixelStride == Map.Channels && Target.PixelStride == Map.Channels;

    /// <summary>Whether rows of planes are copied one by one, since one side has gaps between them.</summary>
    public bool CopiesRows => Spread == Size2.One && !IsPixels(Source) && !IsPixels(Target) && Map.Kind == StorageKind.Planar && !(Source.IsContiguous && Target.IsContiguous);

    public int Units => CopiesRows ? Map.Channels * Map.Height : Map.Height;

    /// <summary>A copy multiplies nothing: sharing it is judged by what it moves.</summary>
    public override long MultiplyAdds => Sharing.PerMovedElement * Map.Channels * Map.Height * Map.Width;

    /// <summary>The storage that knows the map's height and width (the other may be a vector).</summary>
    public Storage Map => Source.Kind == StorageKind.Vector ? Target : Source;

    private static bool IsPixels(Storage storage) => storage.Kind == StorageKind.Pixels;

    private static string Describe(Storage storage)
    {
        var order = storage.Kind switch
        {
            StorageKind.Pixels => "pixels",
            StorageKind.Planar => "planes",
            _ => "a vector",
        };
        return storage.Halo == default ? order : order + " with a halo";
    }
}

/// <summary>
/// One image's map resampled along both axes; both lie in one kind of storage. Arguments: input, output.
/// </summary>
internal sealed record ResampleKernel(Storage Input, Storage Output, AxisMap Rows, AxisMap Columns) : Kernel
{
    public override string Name => Text($"Resample_{Output.Channels}x{Output.Height}x{Output.Width}");

    public override string Comment => Text($"{Input.Channels}x{Input.Height}x{Input.Width} resampled to {Output.Height}x{Output.Width}.");
}

/// <summary>Which way a normalising or masking layer's call goes.</summary>
internal enum PassKind
{
    Forward,
    Backward,
}

/// <summary>
/// Softmax over channels, or its logarithm (forward: source, target; backward, in place: output, gradient).
/// </summary>
internal sealed record SoftmaxKernel(Storage Storage, PassKind Pass, bool IsLogarithm = false) : Kernel
{
    public string Function => IsLogarithm ? "LogSoftmax" : "Softmax";

    public override string Name => Text($"{Function}{(Pass == PassKind.Backward ? "Gradient" : "")}_{Storage.Channels}x{Storage.Height}x{Storage.Width}");

    public override string Comment => Text($"{Function}{(Pass == PassKind.Backward ? " gradient" : "")} over {Storage.Channels} channels at {Storage.Height * Storage.Width} pixels.");
}

/// <summary>
/// Local response normalisation (forward: input, output; backward: input, output gradient, input gradient).
/// </summary>
internal sealed record LocalResponseNormKernel(Storage Storage, ResponseNormSpec Spec, PassKind Pass) : Kernel
{
    public override string Name => Text($"LocalResponseNorm{(Pass == PassKind.Backward ? "Gradient" : "")}_{Storage.Channels}x{Storage.Height}x{Storage.Width}");

    public override string Comment => Text($"Local response normalisation{(Pass == PassKind.Backward ? " gradient" : "")} over {Spec.Size} channels of {Storage.Channels}x{Storage.Height}x{Storage.Width}.");
}

/// <summary>
/// Dropout of one image (forward: source, target; backward, in place: gradient, gradient), the mask a function of the seed, the layer, the image and the element's
/// index in C x H x W order. Further arguments: the seed and the image's index in the batch.
/// </summary>
/// <param name="Storage">How the elements lie.</param>
/// <param name="PixelOrder">A flattened map's shape where its features lie as its pixels did; null where a vector's features lie in their own order.</param>
/// <param name="Rate">The fraction zeroed.</param>
/// <param name="Stream">The layer's place among the dropout layers.</param>
internal sealed record DropoutKernel(Storage Storage, TensorShape? PixelOrder, float Rate, int Stream) : Kernel
{
    public override string Name => Text($"Dropout_{Storage.Channels}x{Storage.Height}x{Storage.Width}");

    public override string Comment => Text($"Dropout of {Storage.Channels}x{Storage.Height}x{Storage.Width} at rate {Rate}.");
}

/// <summary>
/// Zeros the halo of one image's map, where its memory is not its own for good. Arguments: the map.
/// </summary>
internal sealed record ClearHaloKernel(Storage Storage) : Kernel
{
    public override string Name => Text($"ClearHalo_{Storage.Channels}x{Storage.Height}x{Storage.Width}");

    public override string Comment => Text($"Zeros around {Storage.Channels}x{Storage.Height}x{Storage.Width}, for the padding of what reads it.");
}
