using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints sums over the batch in two stages, and what a thread for each channel makes of them. All sums have one order.</summary>
internal static class GpuSumEmitter
{
    public static void Emit(CodeWriter writer, GpuChannelSumsKernel kernel, string name)
    {
        var sums = Enumerable.Range(0, kernel.Expressions.Count).Select(i => kernel.Expressions.Count == 1 ? "" : Literal.Number(i)).Select(i => (Shared: "sums" + i, Sum: "sum" + i)).ToList();
        using (Open(writer, kernel, name))
        {
            foreach (var (shared, _) in sums)
                writer.Line($"{View} {shared} = SharedMemory.Allocate<float>({GpuChannelSumsKernel.Threads});");
            writer.Line("int thread = Group.IdxX;");
            writer.Line("int channel = Grid.IdxX;");
            if (kernel.Parts > 1)
            {
                writer.Line("int part = Grid.IdxY;");
                writer.Line($"int images = (count + {kernel.Parts - 1}) / {kernel.Parts};");
                writer.Line("int firstImage = part * images;");
                writer.Line($"int elements = {Times("Math.Max(0, Math.Min(images, count - firstImage))", kernel.Pixels)};");
            }
            else
            {
                writer.Line($"int elements = {Times("count", kernel.Pixels)};");
            }

            EmitNothing(writer, kernel);
            writer.Line($"float {string.Join(", ", sums.Select(sum => sum.Sum + " = 0f"))};");
            using (writer.Block($"for (int element = thread; element < elements; element += {GpuChannelSumsKernel.Threads})"))
            {
                writer.Line($"int image = {(kernel.Parts > 1 ? "firstImage + " : "")}{Divided("element", kernel.Pixels)};");
                if (kernel.Pixels > 1)
                    writer.Line($"int pixel = {Remainder("element", kernel.Pixels)};");
                string Element(GpuOperand operand) => operand.Kind switch
                {
                    GpuOperandKind.Full => Sum(Times("image", operand.ImageStride), Times("channel", kernel.Pixels), kernel.Pixels > 1 ? "pixel" : ""),
                    GpuOperandKind.ImageChannel => $"{Times("image", operand.ImageStride)} + channel",
                    _ => "channel",
                };
                for (var i = 0; i < sums.Count; i++)
                {
                    var value = ExpressionText.Print(
                        writer, GpuSpelling.Instance, kernel.Expressions[i], index => $"x{Literal.Number(index)}[{Element(kernel.Operands[index])}]", "t" + (i == 0 ? "" : Literal.Number(i) + "_"));
                    writer.Line($"{sums[i].Sum} += {value};");
                }
            }

            writer.Line();
            SumGroup(writer, sums, GpuChannelSumsKernel.Threads);
            using (writer.Block("if (thread == 0)"))
            {
                for (var i = 0; i < sums.Count; i++)
                    writer.Line($"result[{PlaceOf(kernel, i)}] = {sums[i].Shared}[0];");
            }
        }

        writer.Line();
    }

    /// <summary>A part without images sums nothing: its threads, all of them, need not wait for one another.</summary>
    private static void EmitNothing(CodeWriter writer, GpuChannelSumsKernel kernel)
    {
        if (kernel.Parts == 1)
            return;
        using (writer.Block("if (elements == 0)"))
        {
            using (writer.Block("if (thread == 0)"))
            {
                for (var i = 0; i < kernel.Expressions.Count; i++)
                    writer.Line($"result[{PlaceOf(kernel, i)}] = 0f;");
            }

            writer.Line("return;");
        }

        writer.Line();
    }

    /// <summary>Where the sum of one of the expressions is stored.</summary>
    private static string PlaceOf(GpuChannelSumsKernel kernel, int expression) => Sum(
        kernel.Parts > 1 ? Times(expression == 0 ? "part" : $"({Plus("part", expression * kernel.Parts)})", kernel.Channels) : expression == 0 ? "" : Literal.Number(expression * kernel.Channels),
        "channel");

    public static void Emit(CodeWriter writer, GpuPartsKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitTotal(writer, "total", "i", "", kernel.Length, kernel.Parts);
            writer.Line(kernel.Adds ? "result[i] += total;" : "result[i] = total;");
        }

        writer.Line();
    }

    /// <summary>The sums of the parts, in their order.</summary>
    private static void EmitTotal(CodeWriter writer, string total, string item, string first, int length, int parts)
    {
        if (parts == 1)
        {
            writer.Line($"float {total} = sums[{Sum(first, item)}];");
            return;
        }

        writer.Line($"float {total} = 0f;");
        writer.Line($"for (int part = 0; part < {parts}; part++)");
        writer.Line($"    {total} += sums[{Sum(first, Times("part", length), item)}];");
    }

    public static void Emit(CodeWriter writer, GpuMeansKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "channel", kernel.Grid);
            EmitTotal(writer, "sum", "channel", "", kernel.Channels, kernel.Parts);
            writer.Line($"means[channel] = sum / ({Times("count", kernel.Pixels)});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuNormCoefficientsKernel kernel, string name)
    {
        var momentum = (double)kernel.Momentum;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "channel", kernel.Grid);
            writer.Line("float square = 0f;");
            writer.Line($"for (int part = 0; part < {kernel.Parts}; part++)");
            writer.Line($"    square += squares[{Times("part", kernel.Channels)} + channel];");
            writer.Line($"int elements = {Times("count", kernel.Pixels)};");
            writer.Line($"float inverse = 1f / MathF.Sqrt(square / elements + {Literal.Float(kernel.Epsilon)});");
            writer.Line("float scale = weight[channel] * inverse;");
            writer.Line("inverseDeviations[channel] = inverse;");
            writer.Line("scales[channel] = scale;");
            writer.Line("shifts[channel] = bias[channel] - means[channel] * scale;");
            var (kept, moved) = (Literal.Float((float)(1 - momentum)), Literal.Float(kernel.Momentum));
            writer.Line($"runningMean[channel] = {kept} * runningMean[channel] + {moved} * means[channel];");
            writer.Line($"runningVariance[channel] = {kept} * runningVariance[channel] + {moved} * (square / Math.Max(1, elements - 1));");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuNormGradientKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "channel", kernel.Grid);
            EmitTotal(writer, "sum", "channel", "", kernel.Channels, kernel.Parts);
            EmitTotal(writer, "product", "channel", Literal.Number(kernel.Parts * kernel.Channels), kernel.Channels, kernel.Parts);
            writer.Line($"float elements = {Times("count", kernel.Pixels)};");
            writer.Line("float inverse = inverseDeviations[channel];");
            writer.Line("float scale = weight[channel] * inverse;");
            writer.Line("float slope = scale * inverse * inverse * product / elements;");
            writer.Line("weightGradient[channel] = product * inverse;");
            writer.Line("biasGradient[channel] = sum;");
            writer.Line("a[channel] = scale;");
            writer.Line("b[channel] = -slope;");
            writer.Line("d[channel] = slope * means[channel] - scale * sum / elements;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuFoldNormKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "channel", kernel.Grid);
            writer.Line($"float scale = weight[channel] / MathF.Sqrt(variance[channel] + {Literal.Float(kernel.Epsilon)});");
            writer.Line("scales[channel] = scale;");
            writer.Line($"shifts[channel] = bias[channel] - {(kernel.HasBias ? "(mean[channel] - layerBias[channel])" : "mean[channel]")} * scale;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuFoldWeightsKernel kernel, string name)
    {
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            writer.Line($"result[i] = weights[i] * scales[{Divided("i", kernel.Depth)}];");
        }

        writer.Line();
    }
}
