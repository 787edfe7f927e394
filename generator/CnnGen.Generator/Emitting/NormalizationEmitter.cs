using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Cpu;

namespace CnnGen.Generator.Emitting;

/// <summary>Prints what a model has for images as decoders give them: the numbers of its <c>[Normalize]</c>, and predictions from bytes.</summary>
internal static class NormalizationEmitter
{
    public static void Emit(CodeWriter writer, EmitRequest request, ModelPlan plan)
    {
        var (name, shape, outputs) = (Literal.Text(request.Network.Name), plan.Network.Input.OutputShape, Literal.Number(plan.OutputLength));
        var normalization = plan.Network.Normalization;
        var layout = plan.Network.Layout == LayoutKind.ChannelsLast ? ", global::CnnGen.Layout.ChannelsLast" : "";
        var regions = RegionMembers.Of(request);
        var pixels = Literal.Number(shape.Height) + "x" + Literal.Number(shape.Width) + "x" + Literal.Number(shape.Channels);
        writer.Line("/// <summary>What becomes of the bytes of an image: <c>(value / 255 - mean) / deviation</c>, in training, when measuring and predicting.</summary>");
        writer.Line("public static global::CnnGen.Normalization Normalization => NormalizationValues.Value;");
        writer.Line();
        writer.Line($"/// <summary>Computes one image's {outputs} outputs from its bytes, to which <see cref=\"Normalization\"/> is applied. Nothing is allocated after the first call.</summary>");
        writer.Line($"/// <param name=\"pixels\">{pixels} bytes, as image decoders give them: the channels of a pixel one after the other.</param>");
        regions.EmitDocumentation(writer, isOne: true);
        writer.Line($"/// <param name=\"scores\">Receives {MapText.Scores(plan.Network)}.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A span has another length, or the spans overlap.</exception>");
        ClassEmitter.EmitUseErrors(writer);
        writer.Line($"public void Predict(global::System.ReadOnlySpan<byte> pixels, {regions.Parameter}global::System.Span<float> scores) => Predict(pixels, {regions.Argument}scores, 1);");
        writer.Line();
        writer.Line("/// <summary>Computes the outputs of any number of images from their bytes, to which <see cref=\"Normalization\"/> is applied.</summary>");
        writer.Line($"/// <param name=\"pixels\">count x {pixels} bytes.</param>");
        regions.EmitDocumentation(writer, isOne: false);
        writer.Line($"/// <param name=\"scores\">Receives count x {MapText.Scores(plan.Network)}.</param>");
        writer.Line("/// <param name=\"count\">The number of images.</param>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A span has another length, or the spans overlap.</exception>");
        ClassEmitter.EmitUseErrors(writer);
        using (writer.Block($"public void Predict(global::System.ReadOnlySpan<byte> pixels, {regions.Parameter}global::System.Span<float> scores, int count)"))
        {
            writer.Line($"global::CnnGen.Runtime.ModelChecks.Pixels({name}, InputShape, OutputLength, pixels, scores, count);");
            regions.EmitCheck(writer, "scores");
            using (ClassEmitter.EmitUse(writer, request))
            using (writer.Block("for (int first = 0; first < count; first += global::CnnGen.Runtime.PixelImages.Most)"))
            {
                var length = Literal.Number(plan.InputLength);
                writer.Line("int part = global::System.Math.Min(global::CnnGen.Runtime.PixelImages.Most, count - first);");
                writer.Line($"global::System.ReadOnlySpan<float> images = _pixelImages.Convert(Normalization{layout}, pixels.Slice(first * {length}, part * {length}), part);");
                writer.Line($"PredictCore(images, {regions.PartOf("first", "part")}scores.Slice(first * OutputLength, part * OutputLength), part);");
            }
        }

        writer.Line();
        writer.Line("private readonly global::CnnGen.Runtime.PixelImages _pixelImages = new();");
        writer.Line();
        writer.Line("/// <summary>A class of its own, made when it is first asked for.</summary>");
        using (writer.Block("private static class NormalizationValues"))
            writer.Line($"public static readonly global::CnnGen.Normalization Value = new([{List(normalization.Mean)}], [{List(normalization.Deviation)}]);");
        writer.Line();

        string List(EquatableArray<float> values) => string.Join(
            ", ", Enumerable.Range(0, shape.Channels).Select(channel => Literal.Float(values[values.Count == 1 ? 0 : channel])));
    }
}
