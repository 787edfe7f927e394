using System.Buffers.Binary;
using System.Text.Json;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference.Layers;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>The oracle and the run-time's methods over regions against regions.json in tests/vectors, which make_region_vectors.py there makes of the papers' formulas by PyTorch in float64.</summary>
public sealed unsafe class RegionVectorTests
{
    private static readonly Dictionary<string, JsonElement> s_cases = Read();

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Interpreter_agrees_with_PyTorch(string name)
    {
        var vector = new RegionVector(s_cases[name]);
        var layer = new ReferenceRegions(vector.Layer, [vector.Regions]);
        var input = new Tensor(vector.Map, vector.Input);

        var output = layer.Forward([[input]]);
        var gradient = layer.Backward([[input]], output, [new Tensor(output[0].Shape, vector.ByFeature(vector.OutputGradient))])[0][0];

        AssertClose(vector.ByFeature(vector.Output), output[0].Data, 1e-12);
        AssertClose(vector.InputGradient, gradient.Data, 1e-12);
    }

    /// <summary>On each instruction set, of maps in either layout; and the bits of all of them are the same.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Kernels_agree_with_PyTorch(string name)
    {
        var vector = new RegionVector(s_cases[name]);
        float[]? bits = null;
        foreach (var isPlanar in new[] { false, true })
        {
            foreach (var set in Enum.GetValues<InstructionSet>().Where(InstructionSets.IsSupported))
            {
                var (output, gradient) = set switch
                {
                    InstructionSet.Avx512 => Run<Avx512Unit, System.Runtime.Intrinsics.Vector512<float>, System.Runtime.Intrinsics.Vector512<uint>, System.Runtime.Intrinsics.Vector512<double>>(vector, isPlanar),
                    InstructionSet.Avx2 => Run<Avx2Unit, System.Runtime.Intrinsics.Vector256<float>, System.Runtime.Intrinsics.Vector256<uint>, System.Runtime.Intrinsics.Vector256<double>>(vector, isPlanar),
                    _ => Run<ScalarUnit, float, uint, double>(vector, isPlanar),
                };
                AssertClose(vector.ByFeature(vector.Output), Array.ConvertAll(output, number => (double)number), 2e-6);
                AssertClose(vector.InputGradient, Array.ConvertAll(gradient, number => (double)number), 5e-6);
                float[] all = [.. output, .. gradient];
                bits ??= all;
                Assert.Equal(bits, all);
            }
        }
    }

    /// <summary>The output as features x regions, and the gradient by the map as C x H x W.</summary>
    private static (float[] Output, float[] Gradient) Run<TUnit, TVector, TInts, TWide>(RegionVector vector, bool isPlanar)
        where TUnit : struct, IVectorUnit<TVector, TInts, TWide>
        where TVector : struct
        where TInts : struct
        where TWide : struct
    {
        var (c, h, w) = (vector.Map.Channels, vector.Map.Height, vector.Map.Width);
        var from = isPlanar ? new MapStrides(h, w, h * w, w, 1) : new MapStrides(h, w, 1, w * c, c);
        var parts = new RegionParts(vector.Layer.Size.Height, vector.Layer.Size.Width, vector.Layer.Scale);
        var (features, count) = (c * parts.Count, vector.Regions.Length / 4);
        var to = new MapStrides(count, 1, 1, features, features);
        var (map, result, outputGradient, gradient) = (new float[c * h * w], new float[features * count], new float[features * count], new float[c * h * w]);
        var regions = Array.ConvertAll(vector.Regions, number => (float)number);
        for (var i = 0; i < map.Length; i++)
            map[Place(i)] = (float)vector.Input[i];
        for (var i = 0; i < outputGradient.Length; i++)
            outputGradient[i] = (float)vector.OutputGradient[i];
        Array.Fill(gradient, 7);
        fixed (float* x = map, r = regions, y = result, dy = outputGradient, dx = gradient)
        {
            // In two parts, as threads share them.
            if (vector.Layer is RoIAlignLayer align)
            {
                var sampling = new RegionSampling(align.SamplingRatio, align.Aligned);
                VectorKernels<TUnit, TVector, TInts, TWide>.RegionAlign(x, r, y, c, parts, sampling, from, to, 0, 3);
                VectorKernels<TUnit, TVector, TInts, TWide>.RegionAlign(x, r, y, c, parts, sampling, from, to, 3, count);
                VectorKernels<TUnit, TVector, TInts, TWide>.RegionAlignBackward(r, dy, dx, c, parts, sampling, from, to);
            }
            else
            {
                VectorKernels<TUnit, TVector, TInts, TWide>.RegionPool(x, r, y, c, parts, from, to, 0, 3);
                VectorKernels<TUnit, TVector, TInts, TWide>.RegionPool(x, r, y, c, parts, from, to, 3, count);
                VectorKernels<TUnit, TVector, TInts, TWide>.RegionPoolBackward(x, r, dy, dx, c, parts, from, to);
            }
        }

        return (
            [.. Enumerable.Range(0, result.Length).Select(i => result[(i % count * features) + (i / count)])],
            [.. Enumerable.Range(0, gradient.Length).Select(i => gradient[Place(i)])]);

        int Place(int i) => isPlanar ? i : (i % (h * w) * c) + (i / (h * w));
    }

    private static void AssertClose(double[] expected, double[] actual, double allowed)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, FormattableString.Invariant($"[{i}]: {actual[i]:R}, PyTorch has {expected[i]:R}"));
    }

    private static Dictionary<string, JsonElement> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(PyTorchVectors.Folder(), "regions.json")));
        return document.RootElement.EnumerateArray().ToDictionary(item => item.GetProperty("name").GetString()!, item => item.Clone());
    }

    /// <summary>One case; regions lie one after another, each C x rows x columns.</summary>
    private sealed class RegionVector(JsonElement item)
    {
        public TensorShape Map { get; } = TensorShape.Map(Ints(item, "map")[0], Ints(item, "map")[1], Ints(item, "map")[2]);

        public double[] Regions { get; } = [.. item.GetProperty("regions").EnumerateArray().SelectMany(region => region.EnumerateArray()).Select(number => number.GetDouble())];

        public double[] Input { get; } = Fractions(item, "input");

        public double[] Output { get; } = Doubles(item, "output");

        public double[] OutputGradient { get; } = Fractions(item, "outputGradient");

        public double[] InputGradient { get; } = Doubles(item, "inputGradient");

        public RegionLayer Layer
        {
            get
            {
                var (size, scale, count) = (new Size2(Ints(item, "size")[0], Ints(item, "size")[1]), (float)item.GetProperty("scale").GetDouble(), Regions.Length / 4);
                return item.GetProperty("kind").GetString() == "RoIPool"
                    ? new RoIPoolLayer(size, scale, count)
                    : new RoIAlignLayer(size, scale, count, item.GetProperty("ratio").GetInt32(), item.GetProperty("aligned").GetBoolean());
            }
        }

        /// <summary>What lies region by region, as features x regions.</summary>
        public double[] ByFeature(double[] byRegion)
        {
            var count = Regions.Length / 4;
            var features = byRegion.Length / count;
            return [.. Enumerable.Range(0, byRegion.Length).Select(i => byRegion[(i % count * features) + (i / count)])];
        }

        private static int[] Ints(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];

        private static double[] Doubles(JsonElement item, string name) =>
            [.. item.GetProperty(name).GetBytesFromBase64().Chunk(sizeof(double)).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes))];

        private static double[] Fractions(JsonElement item, string name) =>
            [.. item.GetProperty(name).GetBytesFromBase64().Chunk(sizeof(short)).Select(bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 16384.0)];
    }
}
