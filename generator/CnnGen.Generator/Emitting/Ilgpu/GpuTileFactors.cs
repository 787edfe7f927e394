using CnnGen.Generator.Planning.Ilgpu;
using static CnnGen.Generator.Emitting.Ilgpu.GpuText;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>
/// One of the two factors of a product in tiles: how its elements are found. An element has a place along the result's rows or columns (the outer index, which a thread keeps) and one along the depth. What
/// follows from either alone is computed where it changes.
/// </summary>
internal abstract class GpuTileFactor
{
    /// <summary>Whether neighbours along the depth are neighbours in memory: threads side by side then fetch them.</summary>
    public abstract bool IsDepthFirst { get; }

    /// <summary>Prints what follows from the outer index.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="outer">The index.</param>
    /// <param name="suffix">What tells its locals from those of other indices.</param>
    public abstract void EmitOuter(CodeWriter writer, string outer, string suffix);

    /// <summary>Prints what follows from the depth.</summary>
    public abstract void EmitDepth(CodeWriter writer, string depth, string suffix);

    /// <summary>The element.</summary>
    /// <param name="outer">The suffix of the outer index's locals.</param>
    /// <param name="depth">The suffix of the depth's.</param>
    public abstract string Element(string outer, string depth);

    /// <summary>What has to hold beside both indices' bounds, for there to be an element; empty where nothing has.</summary>
    public virtual string Condition(string outer, string depth) => "";

    /// <summary>Both coordinates within a map.</summary>
    protected static string IsWithinMap(string y, string x, int height, int width) => $"{IsWithin(y, height)} && {IsWithin(x, width)}";
}

/// <summary>Rows of a matrix of weights, one for each filter: (channel, row, column of the kernel) side by side.</summary>
internal sealed class WeightRows(GpuConvolution shape) : GpuTileFactor
{
    public override bool IsDepthFirst => true;

    public override void EmitOuter(CodeWriter writer, string outer, string suffix) =>
        writer.Line($"int weightRow{suffix} = {(shape.Groups == 1 ? Times(outer, shape.Depth) : $"(group * {shape.Filters} + {outer}) * {shape.Depth}")};");

    public override void EmitDepth(CodeWriter writer, string depth, string suffix)
    {
    }

    public override string Element(string outer, string depth) => $"weights[weightRow{outer} + rowAt{depth}]";
}

/// <summary>The windows of a map, a column for each output pixel of each image, read where they lie.</summary>
internal sealed class WindowColumns(GpuConvolution shape) : GpuTileFactor
{
    public override bool IsDepthFirst => false;

    public override void EmitOuter(CodeWriter writer, string outer, string suffix)
    {
        var (input, output) = (shape.Input, shape.Output);
        var start = Sum(Times("image" + suffix, input.ImageStride), shape.Groups == 1 ? "" : $"group * {shape.Channels * input.Pixels}");
        writer.Line($"int image{suffix} = {Divided(outer, output.Pixels)};");
        if (shape.IsPointwise)
        {
            writer.Line($"int corner{suffix} = {Sum(start, Remainder(outer, output.Pixels))};");
            return;
        }

        writer.Line($"int pixel{suffix} = {Remainder(outer, output.Pixels)};");
        EmitCoordinates(writer, "top" + suffix, "left" + suffix, "pixel" + suffix, output.Width, shape.Stride, shape.Padding);
        writer.Line($"int corner{suffix} = {start} + {Times("top" + suffix, input.Width)} + left{suffix};");
    }

    public override void EmitDepth(CodeWriter writer, string depth, string suffix)
    {
        var input = shape.Input;
        if (shape.IsPointwise)
            return;
        if (shape.Taps > 1)
        {
            writer.Line($"int tap{suffix} = {Remainder(depth, shape.Taps)};");
            EmitCoordinates(writer, "down" + suffix, "right" + suffix, "tap" + suffix, shape.Kernel.Width, shape.Dilation, Size2.Zero);
        }

        writer.Line($"int toTap{suffix} = {Sum(Times(Divided(depth, shape.Taps), input.Pixels), shape.Taps > 1 ? Times("down" + suffix, input.Width) : "", shape.Taps > 1 ? "right" + suffix : "")};");
    }

    public override string Condition(string outer, string depth) => shape.IsPointwise || shape.IsInside ? ""
        : shape.Taps == 1 ? IsWithinMap("top" + outer, "left" + outer, shape.Input.Height, shape.Input.Width)
        : IsWithinMap($"top{outer} + down{depth}", $"left{outer} + right{depth}", shape.Input.Height, shape.Input.Width);

    public override string Element(string outer, string depth) => shape.IsPointwise
        ? $"input[corner{outer} + {Times("columnAt" + depth, shape.Input.Pixels)}]"
        : $"input[corner{outer} + toTap{depth}]";
}

/// <summary>The weights of each channel, (filter, row, column of the kernel) along the depth, the kernel from its last tap to its first.</summary>
internal sealed class WeightChannels(GpuConvolution shape) : GpuTileFactor
{
    public override bool IsDepthFirst => shape.Taps > 1;

    public override void EmitOuter(CodeWriter writer, string outer, string suffix) => writer.Line(
        $"int weightRow{suffix} = {Sum(shape.Groups == 1 ? "" : $"group * {shape.Filters * shape.Depth}", Plus(Times(outer, shape.Taps), shape.Taps - 1))};");

    public override void EmitDepth(CodeWriter writer, string depth, string suffix) => writer.Line(
        $"int toWeight{suffix} = {Times(Divided(depth, shape.Taps), shape.Depth)}{(shape.Taps == 1 ? "" : " - " + Remainder(depth, shape.Taps))};");

    public override string Element(string outer, string depth) => $"weights[weightRow{outer} + toWeight{depth}]";
}

/// <summary>The gradient's pixels that each pixel of the input went into, a column for each pixel of each image. Taps count from the kernel's last, so that what is divided by the stride is never below 0.</summary>
internal sealed class GradientColumns(GpuConvolution shape) : GpuTileFactor
{
    public override bool IsDepthFirst => false;

    private bool IsStrided => shape.Stride != Size2.One;

    public override void EmitOuter(CodeWriter writer, string outer, string suffix)
    {
        var (input, gradient) = (shape.Input, shape.Output);
        writer.Line($"int image{suffix} = {Divided(outer, input.Pixels)};");
        var start = Sum(Times("image" + suffix, gradient.ImageStride), shape.Groups == 1 ? "" : $"group * {shape.Filters * gradient.Pixels}");
        if (shape.IsPointwise)
        {
            writer.Line($"int corner{suffix} = {Sum(start, Remainder(outer, input.Pixels))};");
            return;
        }

        var (y, x) = (Offset(shape.Padding.Height, shape.Kernel.Height, shape.Dilation.Height, shape.Stride.Height), Offset(shape.Padding.Width, shape.Kernel.Width, shape.Dilation.Width, shape.Stride.Width));
        writer.Line($"int pixel{suffix} = {Remainder(outer, input.Pixels)};");
        writer.Line($"int top{suffix} = {Plus(Divided("pixel" + suffix, input.Width), y.Base)};");
        writer.Line($"int left{suffix} = {Plus(Remainder("pixel" + suffix, input.Width), x.Base)};");
        writer.Line($"int corner{suffix} = {start}{(IsStrided ? "" : $" + {Times("top" + suffix, gradient.Width)} + left{suffix}")};");
    }

    public override void EmitDepth(CodeWriter writer, string depth, string suffix)
    {
        if (shape.IsPointwise)
            return;
        var gradient = shape.Output;
        var plane = Times(Divided(depth, shape.Taps), gradient.Pixels);
        writer.Line($"int tap{suffix} = {Remainder(depth, shape.Taps)};");
        writer.Line($"int down{suffix} = {Times(Divided("tap" + suffix, shape.Kernel.Width), shape.Dilation.Height)};");
        writer.Line($"int right{suffix} = {Times(Remainder("tap" + suffix, shape.Kernel.Width), shape.Dilation.Width)};");
        writer.Line($"int toTap{suffix} = {plane}{(IsStrided ? "" : $" + {Times("down" + suffix, gradient.Width)} + right{suffix}")};");
    }

    public override string Condition(string outer, string depth)
    {
        if (shape.IsPointwise)
            return "";
        var (y, x) = (Place("top", "down", outer, depth, vertical: true), Place("left", "right", outer, depth, vertical: false));
        var within = IsWithinMap(y.Index, x.Index, shape.Output.Height, shape.Output.Width);
        return string.Join(" && ", new[] { y.Meets, x.Meets, within }.Where(text => text.Length > 0));
    }

    public override string Element(string outer, string depth)
    {
        if (shape.IsPointwise)
            return $"gradient[corner{outer} + {Times("columnAt" + depth, shape.Output.Pixels)}]";
        if (!IsStrided)
            return $"gradient[corner{outer} + toTap{depth}]";
        var (y, x) = (Place("top", "down", outer, depth, vertical: true), Place("left", "right", outer, depth, vertical: false));
        return $"gradient[corner{outer} + toTap{depth} + ({y.Index}) * {shape.Output.Width} + {x.Index}]";
    }

    /// <summary>Where along an axis the gradient's pixel lies, and what has to hold for there to be one.</summary>
    private (string Index, string Meets) Place(string first, string tap, string outer, string depth, bool vertical)
    {
        var stride = vertical ? shape.Stride.Height : shape.Stride.Width;
        var sum = $"{first}{outer} + {tap}{depth}";
        if (stride == 1)
            return (sum, "");
        var (_, turns) = vertical
            ? Offset(shape.Padding.Height, shape.Kernel.Height, shape.Dilation.Height, stride)
            : Offset(shape.Padding.Width, shape.Kernel.Width, shape.Dilation.Width, stride);
        return (Plus($"({sum}) / {Literal.Number(stride)}", -turns), $"({sum}) % {Literal.Number(stride)} == 0");
    }

    /// <summary>What is added to an input's coordinate so that it and a tap from the last on give the stride times the gradient's, and how many turns of the stride too much that is.</summary>
    private static (int Base, int Turns) Offset(int padding, int kernel, int dilation, int stride)
    {
        var first = padding - (dilation * (kernel - 1));
        var turns = stride == 1 || first >= 0 ? 0 : (-first + stride - 1) / stride;
        return (first + (turns * stride), turns);
    }
}

/// <summary>The gradient's planes, a row for each filter, the pixels of all images of a part along the depth.</summary>
internal sealed class GradientPlanes(GpuConvolution shape) : GpuTileFactor
{
    public override bool IsDepthFirst => true;

    public override void EmitOuter(CodeWriter writer, string outer, string suffix) =>
        writer.Line($"int plane{suffix} = {(shape.Groups == 1 ? Times(outer, shape.Output.Pixels) : $"(group * {shape.Filters} + {outer}) * {shape.Output.Pixels}")};");

    public override void EmitDepth(CodeWriter writer, string depth, string suffix) => writer.Line(
        $"int toPixel{suffix} = {Sum(Times($"(firstImage + {Divided(depth, shape.Output.Pixels)})", shape.Output.ImageStride), Remainder(depth, shape.Output.Pixels))};");

    public override string Element(string outer, string depth) => $"gradient[plane{outer} + toPixel{depth}]";
}

/// <summary>The windows of a map, a column for each (channel, row, column of the kernel), the pixels of all images of a part along the depth.</summary>
internal sealed class WindowRows(GpuConvolution shape) : GpuTileFactor
{
    public override bool IsDepthFirst => true;

    public override void EmitOuter(CodeWriter writer, string outer, string suffix)
    {
        var input = shape.Input;
        var plane = shape.Groups == 1 ? Times(Divided(outer, shape.Taps), input.Pixels) : $"(group * {shape.Channels} + {Divided(outer, shape.Taps)}) * {input.Pixels}";
        if (shape.IsPointwise)
        {
            writer.Line($"int channel{suffix} = {plane};");
            return;
        }

        writer.Line($"int tap{suffix} = {Remainder(outer, shape.Taps)};");
        EmitCoordinates(writer, "down" + suffix, "right" + suffix, "tap" + suffix, shape.Kernel.Width, shape.Dilation, shape.Padding);
        writer.Line($"int channel{suffix} = {plane} + {Times("down" + suffix, input.Width)} + right{suffix};");
    }

    public override void EmitDepth(CodeWriter writer, string depth, string suffix)
    {
        var (input, output) = (shape.Input, shape.Output);
        var image = Times($"(firstImage + {Divided(depth, output.Pixels)})", input.ImageStride);
        if (shape.IsPointwise)
        {
            writer.Line($"int toWindow{suffix} = {Sum(image, Remainder(depth, output.Pixels))};");
            return;
        }

        writer.Line($"int window{suffix} = {Remainder(depth, output.Pixels)};");
        EmitCoordinates(writer, "top" + suffix, "left" + suffix, "window" + suffix, output.Width, shape.Stride, Size2.Zero);
        writer.Line($"int toWindow{suffix} = {image} + {Times("top" + suffix, input.Width)} + left{suffix};");
    }

    public override string Condition(string outer, string depth) => shape.IsPointwise || shape.IsInside
        ? ""
        : IsWithinMap($"down{outer} + top{depth}", $"right{outer} + left{depth}", shape.Input.Height, shape.Input.Width);

    public override string Element(string outer, string depth) => $"input[channel{outer} + toWindow{depth}]";
}
