using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>How an operand of an expression lies: as a map or a vector, or, where that is null, as one float a channel, side by side.</summary>
internal sealed record PointwiseOperand(Storage? Storage)
{
    public bool IsFull => Storage is not null;
}

/// <summary>
/// An expression of the elements of one image's tensors. All tensors with an element for each of the result's are of one kind; the result may lie in the memory of one that has its
/// layout. Its halo stays as it is, and lanes without a channel are stored as zeros. Arguments: the operands, result.
/// </summary>
internal sealed record PointwiseKernel(Expression Expression, EquatableArray<PointwiseOperand> Operands, Storage Result) : Kernel
{
    /// <summary>Rows of pixels are units where threads would share them: what is small stays one run.</summary>
    public override bool HasUnits => Result is { Kind: StorageKind.Pixels, Height: > 1 } && MultiplyAdds >= Sharing.LeastMultiplyAdds;

    public override int UnitsFor(int lanes) => Units;

    public int Units => HasUnits ? Result.Height : 1;

    /// <summary>Sharing it is judged by what it moves, lanes without a channel too.</summary>
    public override long MultiplyAdds => Sharing.PerMovedElement * Math.Max(Result.Channels, Result.PixelStride) * Result.Height * Result.Width;

    public override string Name => Text($"{Activations.NameOf(Expression) ?? "Pointwise"}_{Result.Channels}x{Result.Height}x{Result.Width}");

    public override string Comment => Text($"{(Activations.NameOf(Expression) is { } name ? name : Expression.ToString())} over {Result.Channels}x{Result.Height}x{Result.Width}.");
}

/// <summary>
/// An expression of the elements of one image's tensors, summed over the pixels of each channel. Arguments: the operands, result (one float a channel).
/// </summary>
internal sealed record PixelSumKernel(Expression Expression, EquatableArray<PointwiseOperand> Operands, int Channels) : Kernel
{
    /// <summary>The storage that has the pixels.</summary>
    public Storage Map => Operands.Select(operand => operand.Storage).First(storage => storage is not null)!;

    public override string Name => Text($"PixelSum_{Channels}x{Map.Height}x{Map.Width}");

    public override string Comment => Text($"{Expression} over {Channels}x{Map.Height}x{Map.Width}, summed over the pixels.");
}
