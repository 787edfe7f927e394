using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints what stands at a network's end: softmax and losses, a thread for each pixel of each image (of a vector of features, for each image).</summary>
internal static class GpuOutputEmitter
{
    public static void Emit(CodeWriter writer, GpuSoftmaxKernel kernel, string name)
    {
        var (input, result) = (kernel.Input, kernel.Result);
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitStart(writer, "first", input);
            EmitStart(writer, "firstResult", result);
            EmitLargest(writer, "input", input);
            writer.Line("float sum = 0f;");
            using (EmitChannels(writer, result))
            {
                var (from, to) = ($"input[first + {Times("c", input.Pixels)}]", $"result[firstResult + {Times("c", result.Pixels)}]");
                if (kernel.IsLogarithm)
                {
                    writer.Line($"sum += GpuMath.Exp({from} - largest);");
                }
                else
                {
                    writer.Line($"float e = GpuMath.Exp({from} - largest);");
                    writer.Line($"{to} = e;");
                    writer.Line("sum += e;");
                }
            }

            writer.Line();
            writer.Line(kernel.IsLogarithm ? "float log = largest + GpuMath.Log(sum);" : "float factor = 1f / sum;");
            writer.Line($"for (int c = 0; c < {result.Channels}; c++)");
            writer.Line(kernel.IsLogarithm
                ? $"    result[firstResult + {Times("c", result.Pixels)}] = input[first + {Times("c", input.Pixels)}] - log;"
                : $"    result[firstResult + {Times("c", result.Pixels)}] *= factor;");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuSoftmaxGradientKernel kernel, string name)
    {
        var output = kernel.Output;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitStart(writer, "first", output);
            EmitStart(writer, "firstGradient", output with { ImageStride = kernel.GradientStride });
            EmitStart(writer, "firstResult", output with { ImageStride = kernel.ResultStride });
            var (y, g) = ($"output[first + {Times("c", output.Pixels)}]", $"gradient[firstGradient + {Times("c", output.Pixels)}]");
            writer.Line("float sum = 0f;");
            writer.Line($"for (int c = 0; c < {output.Channels}; c++)");
            writer.Line(kernel.IsLogarithm ? $"    sum += {g};" : $"    sum += {y} * {g};");
            writer.Line($"for (int c = 0; c < {output.Channels}; c++)");
            writer.Line($"    result[firstResult + {Times("c", output.Pixels)}] = {(kernel.IsLogarithm ? $"{g} - GpuMath.Exp({y}) * sum" : $"{y} * ({g} - sum)")};");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, GpuLossKernel kernel, string name)
    {
        var output = kernel.Output;
        using (Open(writer, kernel, name))
        {
            OpenItem(writer, "i", kernel.Grid);
            EmitStart(writer, "first", output);
            EmitStart(writer, "firstTarget", output with { ImageStride = kernel.TargetStride });
            EmitStart(writer, "firstGradient", output with { ImageStride = kernel.GradientStride });
            var weight = kernel.Weight / kernel.Pixels;
            writer.Line($"float scale = {Literal.Float(weight)} / count;");
            switch (kernel.Loss)
            {
                case LossKind.CrossEntropy when kernel.WeighsClasses: GpuClassLossEmitter.EmitWeightedCrossEntropy(writer, kernel, name); break;
                case LossKind.CrossEntropy: EmitCrossEntropy(writer, kernel); break;
                case LossKind.ClassesAndBoxes: GpuClassLossEmitter.EmitBoxes(writer, kernel); break;
                case LossKind.Hinge: EmitHinge(writer, kernel); break;
                default: EmitEach(writer, kernel); break;
            }

            writer.Line($"losses[i] = {(weight == 1 ? "loss" : $"loss * {Literal.Float(weight)}")};");
        }

        writer.Line();
        if (kernel.WeighsClasses)
            GpuClassLossEmitter.EmitWeights(writer, kernel.Settings.ClassWeights, name);
    }

    /// <summary>From the logits: of the largest only what differs from it counts, so that nothing overflows. A class that is not wanted adds nothing, whatever its logit.</summary>
    private static void EmitCrossEntropy(CodeWriter writer, GpuLossKernel kernel)
    {
        var output = kernel.Output;
        var smoothing = kernel.Settings.LabelSmoothing;
        EmitLargest(writer, "output", output);
        writer.Line($"float sum = 0f, total = 0f, dot = 0f{(smoothing > 0 ? ", all = 0f" : "")};");
        using (EmitChannels(writer, output))
        {
            writer.Line($"float x = output[first + {Times("c", output.Pixels)}] - largest;");
            writer.Line($"float t = targets[firstTarget + {Times("c", output.Pixels)}];");
            writer.Line("sum += GpuMath.Exp(x);");
            writer.Line("total += t;");
            if (smoothing > 0)
                writer.Line("all += x;");
            writer.Line("if (t != 0f)");
            writer.Line("    dot += t * x;");
        }

        writer.Line();
        var wanted = smoothing > 0 ? $" - {Literal.Float(1 - smoothing)} * dot - floor * all" : " - dot";
        if (smoothing > 0)
            writer.Line($"float floor = {Literal.Float(smoothing / output.Channels)} * total;");
        writer.Line($"float loss = total * GpuMath.Log(sum){wanted};");
        writer.Line("float share = total / sum;");
        using (EmitChannels(writer, output))
        {
            writer.Line($"float x = output[first + {Times("c", output.Pixels)}] - largest;");
            writer.Line($"float t = targets[firstTarget + {Times("c", output.Pixels)}];");
            writer.Line($"gradient[firstGradient + {Times("c", output.Pixels)}] = scale * (GpuMath.Exp(x) * share - {(smoothing > 0 ? $"{Literal.Float(1 - smoothing)} * t - floor" : "t")});");
        }

        writer.Line();
    }

    /// <summary>Of each wanted class, by how much each other one comes within 1 of it.</summary>
    private static void EmitHinge(CodeWriter writer, GpuLossKernel kernel)
    {
        var output = kernel.Output;
        var pixels = output.Pixels;
        writer.Line($"for (int c = 0; c < {output.Channels}; c++)");
        writer.Line($"    gradient[firstGradient + {Times("c", pixels)}] = 0f;");
        writer.Line("float loss = 0f;");
        using (EmitChannels(writer, output))
        {
            writer.Line($"float t = targets[firstTarget + {Times("c", pixels)}];");
            writer.Line("if (t == 0f)");
            writer.Line("    continue;");
            writer.Line($"float wanted = output[first + {Times("c", pixels)}];");
            using (writer.Block($"for (int other = 0; other < {output.Channels}; other++)"))
            {
                writer.Line($"float margin = 1f + output[first + {Times("other", pixels)}] - wanted;");
                using (writer.Block("if (other != c && margin > 0f)"))
                {
                    writer.Line("loss += t * margin;");
                    writer.Line($"gradient[firstGradient + {Times("other", pixels)}] += scale * t;");
                    writer.Line($"gradient[firstGradient + {Times("c", pixels)}] -= scale * t;");
                }
            }
        }

        writer.Line();
    }

    /// <summary>Losses of each output by itself.</summary>
    private static void EmitEach(CodeWriter writer, GpuLossKernel kernel)
    {
        var output = kernel.Output;
        writer.Line("float loss = 0f;");
        using (EmitChannels(writer, output))
        {
            writer.Line($"float x = output[first + {Times("c", output.Pixels)}];");
            writer.Line($"float t = targets[firstTarget + {Times("c", output.Pixels)}];");
            var delta = Literal.Float(kernel.Settings.HuberDelta);
            switch (kernel.Loss)
            {
                case LossKind.BinaryCrossEntropy:
                    // What is certain adds nothing, however large the logit.
                    writer.Line("loss += t == 0f ? 0f : t * GpuMath.Softplus(-x);");
                    writer.Line("loss += t == 1f ? 0f : (1f - t) * GpuMath.Softplus(x);");
                    break;
                case LossKind.AbsoluteError:
                    writer.Line("loss += MathF.Abs(x - t);");
                    break;
                case LossKind.Huber:
                    writer.Line("float error = MathF.Abs(x - t);");
                    writer.Line($"loss += error <= {delta} ? error * error * 0.5f : {delta} * (error - {Literal.Float(kernel.Settings.HuberDelta / 2)});");
                    break;
                default:
                    writer.Line("loss += (x - t) * (x - t) * 0.5f;");
                    break;
            }

            var gradient = kernel.Loss switch
            {
                LossKind.BinaryCrossEntropy => "scale * (GpuMath.Sigmoid(x) - t)",
                LossKind.AbsoluteError => "(x > t ? scale : t > x ? -scale : 0f * (x - t))",
                LossKind.Huber => $"scale * Math.Max(-{delta}, Math.Min({delta}, x - t))",
                _ => "scale * (x - t)",
            };
            writer.Line($"gradient[firstGradient + {Times("c", output.Pixels)}] = {gradient};");
        }

        writer.Line();
    }

    /// <summary>The first channel of the thread's pixel.</summary>
    private static void EmitStart(CodeWriter writer, string name, GpuStorage storage) =>
        writer.Line($"int {name} = {Sum(Times(Divided("i", storage.Pixels), storage.ImageStride), Remainder("i", storage.Pixels))};");

    internal static void EmitLargest(CodeWriter writer, string view, GpuStorage storage)
    {
        writer.Line($"float largest = {view}[first];");
        writer.Line($"for (int c = 1; c < {storage.Channels}; c++)");
        writer.Line($"    largest = GpuMath.Larger(largest, {view}[first + {Times("c", storage.Pixels)}]);");
    }

    internal static CodeWriter.Scope EmitChannels(CodeWriter writer, GpuStorage storage) => writer.Block($"for (int c = 0; c < {storage.Channels}; c++)");
}
