using System.Globalization;
using CnnGen.Generator.Operations;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>What a kernel does to each element that it has computed before it stores it.</summary>
/// <param name="HasBias">Whether its sums begin with a bias, a channel's own.</param>
/// <param name="Each">
/// Of operand 0, the sum, and of the elements at the same place of further tensors, from 1, which lie as the output does; a few instructions on registers.
/// </param>
/// <param name="Operands">How many further tensors there are.</param>
/// <param name="Pool">A pooling whose windows tile what is computed; the output then is the pooled map, and there are no further tensors.</param>
internal sealed record KernelEpilogue(bool HasBias, Expression Each, int Operands = 0, TilingPool? Pool = null)
{
    public static KernelEpilogue None { get; } = new(false, Expression.X);

    /// <summary>A maximum of what never falls may be taken first: fewer elements are then left.</summary>
    public bool PoolsFirst => Pool is { Function: PoolFunction.Max } && Each.Rises();

    /// <summary>As a comment says it: <c> + bias + ReLU + max pooling 2x2</c>.</summary>
    public override string ToString()
    {
        var text = HasBias ? " + bias" : "";
        if (Each != Expression.X)
            text += Activations.NameOf(Each) is { } name ? " + " + name : ", " + Each;
        return Pool is { } pool ? string.Format(CultureInfo.InvariantCulture, "{0} + {1}", text, pool) : text;
    }
}
