using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints what compares or standardises an image's channels.</summary>
internal static class GpuChannelEmitter
{
    public static void Emit(CodeWriter writer, GpuConstantsKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            writer.Line($"int first = {Times("i", kernel.ResultStride)};");
            for (var i = 0; i < kernel.Values.Count; i++)
                writer.Line($"result[{Plus("first", i)}] = {Literal.Float(kernel.Values[i])};");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuStandardizationKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitFirst(writer, "first", kernel, kernel.Input.ImageStride);
            EmitFirst(writer, "firstResult", kernel, kernel.ResultStride);
            EmitMoments(writer, kernel);
            writer.Line($"for (int e = 0; e < {kernel.Elements}; e++)");
            writer.Line($"    result[firstResult + {Times("e", kernel.Step)}] = (input[first + {Times("e", kernel.Step)}] - mean) * inverse;");
        }

        writer.Line();
    }

    /// <summary>With z the standardised elements: inverse * (gradient - mean of the gradient - z * mean of gradient * z).</summary>
    public static void Emit(CodeWriter writer, GpuStandardizationGradientKernel kernel, string name)
    {
        var forward = kernel.Forward;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitFirst(writer, "first", forward, forward.Input.ImageStride);
            EmitFirst(writer, "firstGradient", forward, kernel.GradientStride);
            EmitFirst(writer, "firstResult", forward, forward.ResultStride);
            EmitMoments(writer, forward);
            var (x, g) = ($"input[first + {Times("e", forward.Step)}]", $"gradient[firstGradient + {Times("e", forward.Step)}]");
            writer.Line("float sum = 0f, product = 0f;");
            using (writer.Block($"for (int e = 0; e < {forward.Elements}; e++)"))
            {
                writer.Line($"float g = {g};");
                writer.Line("sum += g;");
                writer.Line($"product += g * (({x} - mean) * inverse);");
            }

            writer.Line();
            writer.Line($"float meanGradient = sum * {Literal.Float(1f / forward.Elements)}, meanProduct = product * {Literal.Float(1f / forward.Elements)};");
            writer.Line($"for (int e = 0; e < {forward.Elements}; e++)");
            writer.Line($"    result[firstResult + {Times("e", forward.Step)}] = inverse * ({g} - meanGradient - ({x} - mean) * inverse * meanProduct);");
        }

        writer.Line();
    }

    /// <summary>The first element of the thread's item.</summary>
    private static void EmitFirst(CodeWriter writer, string name, GpuStandardizationKernel kernel, int imageStride) => writer.Line(
        $"int {name} = {Sum(Times(Divided("i", kernel.Items), imageStride), Times(Remainder("i", kernel.Items), kernel.ItemStride))};");

    /// <summary>The mean, then the squares of what differs from it.</summary>
    private static void EmitMoments(CodeWriter writer, GpuStandardizationKernel kernel)
    {
        var x = $"input[first + {Times("e", kernel.Step)}]";
        writer.Line("float total = 0f, squares = 0f;");
        writer.Line($"for (int e = 0; e < {kernel.Elements}; e++)");
        writer.Line($"    total += {x};");
        writer.Line($"float mean = total * {Literal.Float(1f / kernel.Elements)};");
        writer.Line($"for (int e = 0; e < {kernel.Elements}; e++)");
        writer.Line($"    squares += ({x} - mean) * ({x} - mean);");
        writer.Line($"float inverse = 1f / MathF.Sqrt(squares * {Literal.Float(1f / kernel.Elements)} + {Literal.Float(kernel.Spec.Epsilon)});");
    }

    public static void Emit(CodeWriter writer, GpuLargestChannelKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPiece(writer, input, result, kernel.Pieces);
            writer.Line("float largest = input[first];");
            writer.Line($"for (int piece = 1; piece < {kernel.Pieces}; piece++)");
            writer.Line($"    largest = GpuMath.Larger(largest, input[first + {Times("piece", input.Pixels)}]);");
            writer.Line($"result[{Times("image", result.ImageStride)} + inImage] = largest;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuLargestChannelGradientKernel kernel, string name)
    {
        var (input, output) = (kernel.Input, kernel.Output);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitPiece(writer, input, output, kernel.Pieces);
            writer.Line($"int firstResult = {Times("image", kernel.ResultStride)} + inPieces;");
            writer.Line($"float largest = output[{Times("image", output.ImageStride)} + inImage];");
            writer.Line($"float left = gradient[{Times("image", kernel.GradientStride)} + inImage];");
            using (writer.Block($"for (int piece = 0; piece < {kernel.Pieces}; piece++)"))
            {
                writer.Line($"bool isIt = input[first + {Times("piece", input.Pixels)}] == largest;");
                writer.Line($"result[firstResult + {Times("piece", input.Pixels)}] = isIt ? left : 0f;");
                writer.Line("left = isIt ? 0f : left;");
            }
        }

        writer.Line();
    }

    private static void EmitPiece(CodeWriter writer, GpuStorage input, GpuStorage result, int pieces)
    {
        EmitImage(writer, result.Length);
        writer.Line($"int inPieces = {Sum(Times(Divided("inImage", result.Pixels), pieces * input.Pixels), Remainder("inImage", result.Pixels))};");
        writer.Line($"int first = {Times("image", input.ImageStride)} + inPieces;");
    }
}
