using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>Prints the losses in which classes differ: of weighed classes, and of the boxes that only the label has.</summary>
internal static class GpuClassLossEmitter
{
    /// <summary>The numbers of a class's box.</summary>
    private const int BoxLength = 4;

    /// <summary>The cross-entropy whose smoothed targets are weighed. A class that is not wanted adds nothing, whatever its logit.</summary>
    public static void EmitWeightedCrossEntropy(CodeWriter writer, GpuLossKernel kernel, string name)
    {
        var output = kernel.Output;
        var smoothing = kernel.Settings.LabelSmoothing;
        GpuOutputEmitter.EmitLargest(writer, "output", output);
        writer.Line($"float sum = 0f{(smoothing > 0 ? ", all = 0f" : "")};");
        using (GpuOutputEmitter.EmitChannels(writer, output))
        {
            writer.Line($"sum += GpuMath.Exp(output[first + {Times("c", output.Pixels)}] - largest);");
            if (smoothing > 0)
                writer.Line($"all += targets[firstTarget + {Times("c", output.Pixels)}];");
        }

        writer.Line();
        if (smoothing > 0)
            writer.Line($"float floor = {Literal.Float(smoothing / output.Channels)} * all;");
        var target = $"targets[firstTarget + {Times("c", output.Pixels)}]";
        var wanted = $"{name}_Weight(c) * {(smoothing > 0 ? $"({Literal.Float(1 - smoothing)} * {target} + floor)" : target)}";
        writer.Line("float total = 0f, dot = 0f;");
        using (GpuOutputEmitter.EmitChannels(writer, output))
        {
            writer.Line($"float wanted = {wanted};");
            writer.Line("total += wanted;");
            writer.Line("if (wanted != 0f)");
            writer.Line($"    dot += wanted * (output[first + {Times("c", output.Pixels)}] - largest);");
        }

        writer.Line();
        writer.Line("float loss = total * GpuMath.Log(sum) - dot;");
        writer.Line("float share = total / sum;");
        using (GpuOutputEmitter.EmitChannels(writer, output))
        {
            writer.Line($"float wanted = {wanted};");
            writer.Line($"gradient[firstGradient + {Times("c", output.Pixels)}] = scale * (GpuMath.Exp(output[first + {Times("c", output.Pixels)}] - largest) * share - wanted);");
        }

        writer.Line();
    }

    /// <summary>What the classes' targets are weighed with, as a choice: the commonest weight is the one of all that are not named.</summary>
    public static void EmitWeights(CodeWriter writer, EquatableArray<float> weights, string name)
    {
        var common = weights.GroupBy(weight => weight).OrderByDescending(group => group.Count()).First().Key;
        writer.Line("/// <summary>The weight of a class.</summary>");
        using (writer.Block($"private static float {name}_Weight(int c)"))
        {
            using (writer.Block("switch (c)"))
            {
                for (var c = 0; c < weights.Count; c++)
                {
                    if (weights[c] != common)
                        writer.Line($"case {c}: return {Literal.Float(weights[c])};");
                }

                writer.Line($"default: return {Literal.Float(common)};");
            }
        }

        writer.Line();
    }

    /// <summary>Huber's loss of the boxes of the wanted classes, of which class 0 has none. The targets are the classes', then the boxes.</summary>
    public static void EmitBoxes(CodeWriter writer, GpuLossKernel kernel)
    {
        var (pixels, classes) = (kernel.Output.Pixels, kernel.Output.Channels / BoxLength);
        writer.Line("float loss = 0f;");
        using (writer.Block($"for (int c = 0; c < {classes}; c++)"))
        {
            writer.Line("// Nothing is wanted of where the background is.");
            writer.Line($"float t = c == 0 ? 0f : targets[firstTarget + {Times("c", pixels)}];");
            using (writer.Block($"for (int number = c * {BoxLength}; number < c * {BoxLength} + {BoxLength}; number++)"))
            {
                var at = Times("number", pixels);
                writer.Line($"float error = output[first + {at}] - targets[firstTarget + {Plus(at, classes * pixels)}];");
                writer.Line("float size = MathF.Abs(error);");
                writer.Line("loss += t == 0f ? 0f : t * (size <= 1f ? error * error * 0.5f : size - 0.5f);");
                writer.Line($"gradient[firstGradient + {at}] = t == 0f ? 0f : scale * t * Math.Max(-1f, Math.Min(1f, error));");
            }
        }

        writer.Line();
    }
}
