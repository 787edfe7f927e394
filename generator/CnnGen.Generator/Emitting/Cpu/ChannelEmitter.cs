using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Layouts;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints calls of the run-time's methods that go from channel to channel.</summary>
internal static class ChannelEmitter
{
    public static void Emit(CodeWriter writer, ConstantsKernel kernel, string name)
    {
        using (writer.Method($"public static void {name}(float* result)"))
        {
            writer.Line($"ChannelKernels.Constants(result, [{string.Join(", ", kernel.Values.Select(Literal.Float))}]);");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, ShuffleKernel kernel, string name)
    {
        using (writer.Method($"public static void {name}(float* input, float* output)"))
        {
            writer.Line($"ChannelKernels.Shuffle({Literal.Address("input", kernel.Input.Origin)}, {Literal.Address("output", kernel.Output.Origin)}, {Literal.Number(kernel.Input.Channels)}, {Literal.Number(kernel.Groups)}, {Strides(kernel.Input)}, {Strides(kernel.Output)});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, MaxoutKernel kernel, string name) =>
        EmitLargest(writer, isa, "Maxout", kernel.Pass, kernel.Input, kernel.Output, $", {Literal.Number(kernel.Pieces)}", name);

    public static void Emit(CodeWriter writer, VectorIsa isa, PartsKernel kernel, string name) =>
        EmitLargest(writer, isa, "LargestOfParts", kernel.Pass, kernel.Input, kernel.Output, "", name);

    /// <summary>A selection of the largest elements, or its gradient, which goes to where they were.</summary>
    private static void EmitLargest(CodeWriter writer, VectorIsa isa, string method, PassKind pass, Storage input, Storage output, string numbers, string name)
    {
        (string Name, Storage Storage)[] maps = pass == PassKind.Forward
            ? [("input", input), ("output", output)]
            : [("input", input), ("output", output), ("outputGradient", output), ("inputGradient", input)];
        using (writer.Method($"public static void {name}({string.Join(", ", maps.Select(map => "float* " + map.Name))})"))
        {
            var pointers = string.Join(", ", maps.Select(map => Literal.Address(map.Name, map.Storage.Origin)));
            var suffix = pass == PassKind.Forward ? "" : "Backward";
            writer.Line($"{isa.RuntimeKernels}.{method}{suffix}({pointers}, {Literal.Number(output.Channels)}{numbers}, {Strides(input)}, {Strides(output)});");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, RandomPoolKernel kernel, string name)
    {
        var (input, output, taps) = (kernel.Input, kernel.Output, kernel.Taps);
        (string Name, Storage Storage)[] maps = kernel.Pass == PassKind.Forward
            ? [("input", input), ("output", output)]
            : [("input", input), ("outputGradient", output), ("inputGradient", input)];
        using (writer.Method($"public static void {name}({string.Concat(maps.Select(map => $"float* {map.Name}, "))}ulong seed, nint image)"))
        {
            var window = string.Join(", ", new[] { taps.Kernel, taps.Stride, taps.Dilation, taps.Padding }.SelectMany(size => new[] { size.Height, size.Width }).Select(n => Literal.Number(n)));
            var pointers = string.Join(", ", maps.Select(map => Literal.Address(map.Name, map.Storage.Origin)));
            var suffix = kernel.Pass == PassKind.Forward ? "" : "Backward";
            writer.Line($"ChannelKernels.StochasticPool{suffix}({pointers}, {Literal.Number(output.Channels)}, new({window}), {Strides(input)}, {Strides(output)}, {MoveEmitter.RandomKey(kernel.Stream)}, image);");
        }

        writer.Line();
    }

    public static void Emit(CodeWriter writer, VectorIsa isa, StandardizeKernel kernel, string name)
    {
        var (storage, spec) = (kernel.Storage, kernel.Spec);
        var isForward = kernel.Pass == PassKind.Forward;
        var suffix = isForward ? "" : "Backward";
        string[] pointers = isForward ? ["input", "output"] : ["input", "outputGradient", "inputGradient"];
        using (writer.Method($"public static void {name}({string.Join(", ", pointers.Select(pointer => "float* " + pointer))})"))
        {
            string Pointers(string offset) => string.Join(", ", pointers.Select(pointer => Literal.Address(Literal.At(pointer, storage.Origin) + offset)));
            string Numbers(params int[] numbers) => string.Join(", ", numbers.Select(n => Literal.Number(n))) + ", " + Literal.Float(spec.Epsilon);
            if (spec.Groups > 0 || storage.Kind == StorageKind.Vector)
            {
                writer.Line($"{isa.RuntimeKernels}.Standardize{suffix}({Pointers("")}, {Numbers(storage.Channels, Math.Max(1, spec.Groups), storage.Height, storage.Width, storage.ChannelStride, storage.RowStride, storage.PixelStride)});");
            }
            else if (storage.Kind == StorageKind.Pixels)
            {
                using (writer.For("row", storage.Height))
                using (writer.For("column", storage.Width))
                {
                    var offset = $" + {Literal.Times("row", storage.RowStride)} + {Literal.Times("column", storage.PixelStride)}";
                    writer.Line($"{isa.RuntimeKernels}.Standardize{suffix}({Pointers(offset)}, {Numbers(storage.Channels, 1, 1, 1, 1, storage.RowStride, storage.PixelStride)});");
                }
            }
            else
            {
                using (writer.For("row", storage.Height))
                    writer.Line($"{isa.RuntimeKernels}.StandardizePixels{suffix}({Pointers(" + " + Literal.Times("row", storage.RowStride))}, {Numbers(storage.Channels, storage.Width, storage.ChannelStride)});");
            }
        }

        writer.Line();
    }

    /// <summary>Where a map's elements lie, as the run-time's methods take it.</summary>
    public static string Strides(Storage storage) =>
        $"new({string.Join(", ", new[] { storage.Height, storage.Width, storage.ChannelStride, storage.RowStride, storage.PixelStride }.Select(n => Literal.Number(n)))})";
}
