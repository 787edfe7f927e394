using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Tests.Execution.Meanings;

/// <summary>Expressions over maps. Lanes without a channel stay as they are: instruction sets of other widths leave others of them.</summary>
internal static class PointwiseMeanings
{
    /// <summary>A unit is a row of the map, where there is more than one.</summary>
    public static void Pointwise(PointwiseKernel kernel, KernelArguments arguments)
    {
        var operands = Operands(kernel.Operands, arguments);
        var result = arguments.Map(kernel.Result);
        var (from, to) = kernel.HasUnits ? (arguments.From, arguments.To) : (0, result.Height);
        var each = ExpressionMeaning.Of(kernel.Expression);
        var elements = new double[operands.Length];
        for (var c = 0; c < result.Channels; c++)
        {
            for (var row = from; row < to; row++)
            {
                for (var column = 0; column < result.Width; column++)
                {
                    for (var i = 0; i < elements.Length; i++)
                        elements[i] = operands[i].At(c, row, column);
                    result[c, row, column] = each(elements);
                }
            }
        }
    }

    public static void Sum(PixelSumKernel kernel, KernelArguments arguments)
    {
        var operands = Operands(kernel.Operands, arguments);
        var result = arguments.Memory();
        var each = ExpressionMeaning.Of(kernel.Expression);
        var elements = new double[operands.Length];
        for (var c = 0; c < kernel.Channels; c++)
        {
            double sum = 0;
            for (var row = 0; row < kernel.Map.Height; row++)
            {
                for (var column = 0; column < kernel.Map.Width; column++)
                {
                    for (var i = 0; i < elements.Length; i++)
                        elements[i] = operands[i].At(c, row, column);
                    sum += each(elements);
                }
            }

            result[c] = sum;
        }
    }

    private static Operand[] Operands(IReadOnlyList<PointwiseOperand> operands, KernelArguments arguments) => [.. operands.Select(operand => new Operand(operand, arguments.Memory()))];

    /// <summary>A map, or one float a channel.</summary>
    private readonly struct Operand(PointwiseOperand operand, Piece memory)
    {
        public double At(int c, int row, int column) => operand.Storage is { } storage ? new Map(memory, storage)[c, row, column] : memory[c];
    }
}
