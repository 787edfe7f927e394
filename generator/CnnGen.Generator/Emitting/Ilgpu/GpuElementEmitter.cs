using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Operations;
using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints kernels of which each thread computes one element of the result, or what one channel's pixels sum to.</summary>
internal static class GpuElementEmitter
{
    public static void Emit(CodeWriter writer, GpuPointwiseKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            var element = Elements(writer, kernel.Result, kernel.Operands, kernel.Result.ImageStride);
            var value = ExpressionText.Print(writer, GpuSpelling.Instance, kernel.Expression, index => $"x{Literal.Number(index)}[{element(kernel.Operands[index])}]", "t");
            writer.Line($"result[{element(new GpuOperand(GpuOperandKind.Full, kernel.Result.ImageStride))}] = {value};");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuPixelSumKernel kernel, string name)
    {
        var map = kernel.Map;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            writer.Line($"int image = {Divided("i", map.Channels)};");
            writer.Line($"int channel = {Remainder("i", map.Channels)};");
            writer.Line("float sum = 0f;");
            using (writer.Block($"for (int pixel = 0; pixel < {map.Pixels}; pixel++)"))
            {
                string Element(GpuOperand operand) => operand.Kind switch
                {
                    GpuOperandKind.Full => $"{Times("image", operand.ImageStride)} + {Times("channel", map.Pixels)} + pixel",
                    GpuOperandKind.ImageChannel => $"{Times("image", operand.ImageStride)} + channel",
                    _ => "channel",
                };
                var value = ExpressionText.Print(writer, GpuSpelling.Instance, kernel.Expression, index => $"x{Literal.Number(index)}[{Element(kernel.Operands[index])}]", "t");
                writer.Line($"sum += {value};");
            }

            writer.Line($"result[{Times("image", kernel.ResultStride)} + channel] = sum;");
        }

        writer.Line();
    }

    /// <summary>Prints the locals that the operands of an element i need, and says where each operand's lies.</summary>
    private static Func<GpuOperand, string> Elements(CodeWriter writer, GpuStorage map, EquatableArray<GpuOperand> operands, int resultStride)
    {
        var isSplit = resultStride != map.Length || operands.Any(operand => operand.Kind == GpuOperandKind.Full
            ? operand.ImageStride != map.Length
            : operand.Kind == GpuOperandKind.ImageChannel && operand.ImageStride != map.Channels);
        if (isSplit)
            EmitImage(writer, map.Length);

        if (operands.Any(operand => operand.Kind == GpuOperandKind.Channel || (operand.Kind == GpuOperandKind.ImageChannel && operand.ImageStride != map.Channels)))
            writer.Line($"int channel = {(isSplit ? Divided("inImage", map.Pixels) : Remainder(Divided("i", map.Pixels), map.Channels))};");
        return operand => operand.Kind switch
        {
            GpuOperandKind.Full => operand.ImageStride == map.Length ? "i" : $"{Times("image", operand.ImageStride)} + inImage",
            GpuOperandKind.ImageChannel => operand.ImageStride == map.Channels ? Divided("i", map.Pixels) : $"{Times("image", operand.ImageStride)} + channel",
            _ => "channel",
        };
    }

    public static void Emit(CodeWriter writer, GpuMaskKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);

        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitImage(writer, result.Length);

            // The library's mask of the CPU: this key, this threshold and this factor.
            writer.Line($"uint draw = GpuMath.Draw({RandomKey(kernel.Stream)}, image, inImage);");
            writer.Line($"result[{At(result)}] = draw >= {(uint)(kernel.Rate * 4294967296.0)}u ? input[{At(input)}] * {Literal.Float(1f / (1f - kernel.Rate))} : 0f;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuSliceGradientKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);
        var first = kernel.FirstChannel * result.Pixels;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitImage(writer, result.Length);
            writer.Line($"int inSlice = {Plus("inImage", -first)};");
            writer.Line($"result[{At(result)}] = {IsWithin("inSlice", input.Length)} ? input[{Times("image", input.ImageStride)} + inSlice] : 0f;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuUpsamplingKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitImage(writer, result.Length);
            writer.Line($"int channel = {Divided("inImage", result.Pixels)};");
            writer.Line($"int row = {Divided(Remainder("inImage", result.Pixels), result.Width * kernel.Factor.Height)};");
            writer.Line($"int column = {Divided(Remainder("inImage", result.Width), kernel.Factor.Width)};");
            writer.Line($"result[{At(result)}] = input[{Times("image", input.ImageStride)} + {Times("channel", input.Pixels)} + {Times("row", input.Width)} + column];");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuShuffleKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitImage(writer, result.Length);

            // The result's channels: of each group the first, then of each the second.
            writer.Line($"int channel = {Divided("inImage", result.Pixels)};");
            writer.Line($"int pixel = {Remainder("inImage", result.Pixels)};");
            writer.Line($"int from = {Times(Remainder("channel", kernel.Groups), result.Channels / kernel.Groups)} + {Divided("channel", kernel.Groups)};");
            writer.Line($"result[{At(result)}] = input[{Times("image", input.ImageStride)} + {Times("from", input.Pixels)} + pixel];");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuResponseNormKernel kernel, string name)
    {
        var (spec, input, result) = (kernel.Spec, kernel.Input, kernel.Result);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitImage(writer, result.Length);
            writer.Line($"int channel = {Divided("inImage", result.Pixels)};");
            writer.Line($"int first = {Sum(Times("image", input.ImageStride), Remainder("inImage", result.Pixels))};");
            EmitDivisor(writer, spec, input, "channel");
            writer.Line($"result[{At(result)}] = input[{At(input)}] * GpuMath.Power(divisor, {Literal.Float(-spec.Beta)});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuResponseNormGradientKernel kernel, string name)
    {
        var (spec, input) = (kernel.Spec, kernel.Input);
        var gradient = input with { ImageStride = kernel.GradientStride };
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitImage(writer, input.Length);
            writer.Line($"int channel = {Divided("inImage", input.Pixels)};");
            writer.Line($"int first = {Sum(Times("image", input.ImageStride), Remainder("inImage", input.Pixels))};");
            writer.Line($"int firstGradient = {Sum(Times("image", gradient.ImageStride), Remainder("inImage", input.Pixels))};");
            writer.Line("float own = 0f, others = 0f;");
            writer.Line("// The channels that have this one in their windows.");
            using (writer.Block($"for (int c = Math.Max(0, {Plus("channel", -((spec.Size - 1) / 2))}); c <= Math.Min({input.Channels - 1}, {Plus("channel", spec.Size / 2)}); c++)"))
            {
                EmitDivisor(writer, spec, input, "c");
                writer.Line($"float g = gradient[firstGradient + {Times("c", input.Pixels)}];");
                writer.Line($"others += g * input[first + {Times("c", input.Pixels)}] * GpuMath.Power(divisor, {Literal.Float(-spec.Beta - 1)});");
                writer.Line("if (c == channel)");
                writer.Line($"    own = g * GpuMath.Power(divisor, {Literal.Float(-spec.Beta)});");
            }

            writer.Line($"result[{At(input with { ImageStride = kernel.ResultStride })}] = own - {Literal.Float(2 * spec.Alpha * spec.Beta / spec.Size)} * input[{At(input)}] * others;");
        }

        writer.Line();
    }

    /// <summary>What a response is divided by, of one channel.</summary>
    private static void EmitDivisor(CodeWriter writer, ResponseNormSpec spec, GpuStorage input, string channel)
    {
        writer.Line("float squares = 0f;");
        using (writer.Block($"for (int near = Math.Max(0, {Plus(channel, -(spec.Size / 2))}); near <= Math.Min({input.Channels - 1}, {Plus(channel, (spec.Size - 1) / 2)}); near++)"))
        {
            writer.Line($"float x = input[first + {Times("near", input.Pixels)}];");
            writer.Line("squares += x * x;");
        }

        writer.Line($"float divisor = {Literal.Float(spec.K)} + {Literal.Float(spec.Alpha / spec.Size)} * squares;");
    }

    private static string At(GpuStorage storage) => storage.IsDense ? "i" : $"{Times("image", storage.ImageStride)} + inImage";
}
