using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Tests.Reference;

/// <summary>The reference vectors in tests/vectors; make_vectors.py there says what each field is.</summary>
internal static class PyTorchVectors
{
    /// <summary>The names of the files, without folder or extension.</summary>
    public static IReadOnlyList<string> Files { get; } = ["conv2d", "local", "transposed", "pooling", "resampling", "pointwise", "dense", "normalisation", "losses", "networks"];

    /// <summary>All cases, by <c>file: name</c>.</summary>
    public static IReadOnlyDictionary<string, VectorCase> Cases { get; } =
        Files.SelectMany(Read).ToDictionary(vector => vector.Name);

    private static IEnumerable<VectorCase> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), file + ".json")));
        foreach (var item in document.RootElement.EnumerateArray())
            yield return new VectorCase(file, item.Clone());
    }

    public static string Folder([CallerFilePath] string thisFile = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "vectors");
        return Directory.Exists(folder)
            ? folder
            : throw new DirectoryNotFoundException($"The reference vectors are expected in {Path.GetFullPath(folder)}.");
    }
}

/// <summary>One training step and one prediction, as PyTorch computes them in double precision.</summary>
internal sealed class VectorCase(string file, JsonElement item)
{
    private const double Unit = 1 / 16384.0;

    public string Name { get; } = $"{file}: {item.GetProperty("name").GetString()}";

    /// <summary>The layers as attributes: <c>[Conv2D(3, 3), ReLU]</c>.</summary>
    public string Declaration { get; } = item.GetProperty("declaration").GetString()!;

    /// <summary>Channels, height and width of an image.</summary>
    public TensorShape Input { get; } = ShapeOf(item.GetProperty("input"));

    public TensorShape Output { get; } = ShapeOf(item.GetProperty("output"));

    public LossKind Loss { get; } = Enum.Parse<LossKind>(item.GetProperty("loss").GetString()!);

    public LossNumbers LossSettings { get; } = new((float)Setting(item, "labelSmoothing", 0), (float)Setting(item, "huberDelta", 1))
    {
        ClassWeights = item.TryGetProperty("classWeights", out var weights) ? [.. weights.EnumerateArray().Select(weight => (float)weight.GetDouble())] : [],
    };

    public int Batch { get; } = item.GetProperty("batch").GetInt32();

    /// <summary>The layers as records, without the Flatten that a dense layer implies.</summary>
    public Layer[] Layers { get; } = item.GetProperty("layers").EnumerateArray().Select(LayerOf).ToArray();

    public double[][] Images => Split(Fractions(item.GetProperty("images")));

    public double[][] Targets => Split(Fractions(item.GetProperty("targets")));

    /// <summary>All parameters before the step, running statistics among them.</summary>
    public Dictionary<string, double[]> Parameters => ByName("parameters", Fractions);

    /// <summary>The outputs with running statistics.</summary>
    public double[][] Predictions => Split(Doubles(item.GetProperty("predictions")));

    /// <summary>The outputs in training.</summary>
    public double[][] Outputs => item.TryGetProperty("outputs", out var outputs) ? Split(Doubles(outputs)) : Predictions;

    public double LossValue => Doubles(item.GetProperty("lossValue"))[0];

    public double[][] ImageGradients => Split(Doubles(item.GetProperty("imageGradients")));

    public Dictionary<string, double[]> Gradients => ByName("gradients", Doubles);

    /// <summary>The running statistics after the step.</summary>
    public Dictionary<string, double[]> RunningStatistics => ByName("runningStatistics", Doubles);

    /// <summary>The whole class, as a source file has it.</summary>
    public string PrintClass(string name)
    {
        var loss = Loss == LossKind.CrossEntropy ? "" : ", Loss = Loss." + Loss;
        if (LossSettings.LabelSmoothing != 0)
            loss += FormattableString.Invariant($", LabelSmoothing = {LossSettings.LabelSmoothing:R}f");
        if (LossSettings.ClassWeights.Count > 0)
            loss += $", ClassWeights = new[] {{ {string.Join(", ", LossSettings.ClassWeights.Select(weight => FormattableString.Invariant($"{weight:R}d")))} }}";
        if (LossSettings.HuberDelta != 1)
            loss += FormattableString.Invariant($", HuberDelta = {LossSettings.HuberDelta:R}f");
        return FormattableString.Invariant(
            $"[Model({Input.Channels}, {Input.Height}, {Input.Width}{loss})]\n{Declaration}\npublic partial class {name};\n");
    }

    public Network CreateNetwork() => NetworkFactory.Sequence(Input, Loss, Layers) with { LossSettings = LossSettings };

    public override string ToString() => Name;

    private Dictionary<string, double[]> ByName(string property, Func<JsonElement, double[]> decode) =>
        item.GetProperty(property).EnumerateObject().ToDictionary(p => p.Name, p => decode(p.Value));

    private double[][] Split(double[] all) => all.Chunk(all.Length / Batch).ToArray();

    private static double[] Doubles(JsonElement text) =>
        text.GetBytesFromBase64().Chunk(sizeof(double)).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes)).ToArray();

    private static double[] Fractions(JsonElement text) =>
        text.GetBytesFromBase64().Chunk(sizeof(short)).Select(bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes) * Unit).ToArray();

    private static double Setting(JsonElement item, string name, double whenUnset) => item.TryGetProperty(name, out var value) ? value.GetDouble() : whenUnset;

    private static TensorShape ShapeOf(JsonElement numbers) =>
        numbers.EnumerateArray().Select(n => n.GetInt32()).ToArray() is [var channels, var height, var width]
            ? TensorShape.Map(channels, height, width)
            : TensorShape.Vector(numbers[0].GetInt32());

    private static Layer LayerOf(JsonElement layer)
    {
        int Number(string name) => layer.GetProperty(name).GetInt32();
        float Real(string name) => (float)layer.GetProperty(name).GetDouble();
        bool Flag(string name) => layer.GetProperty(name).GetBoolean();
        Size2 Pair(string name) => new(layer.GetProperty(name)[0].GetInt32(), layer.GetProperty(name)[1].GetInt32());
        EquatableArray<float> Reals(string name) => [.. layer.GetProperty(name).EnumerateArray().Select(number => (float)number.GetDouble())];
        Padding Sides(string name) => layer.GetProperty(name).EnumerateArray().Select(side => side.GetInt32()).ToArray() is [var top, var left, var bottom, var right]
            ? new Padding(top, left, bottom, right)
            : Pair(name);
        Window Window() => new(
            Pair("kernel"), Pair("stride"), Sides("padding"), Pair("dilation"), Enum.Parse<WindowRounding>(layer.GetProperty("rounding").GetString()!));

        return layer.GetProperty("kind").GetString() switch
        {
            "Conv2D" => new Conv2DLayer(Number("filters"), Window(), Number("groups"), Flag("bias")),
            "Conv2DTranspose" => new Conv2DTransposeLayer(
                Number("filters"), Pair("kernel"), Pair("stride"), Pair("padding"), Pair("outputPadding"), Pair("dilation"), Number("groups"), Flag("bias")),
            "MaxPool" => new MaxPoolLayer(Window()),
            "AveragePool" => new AveragePoolLayer(Window(), Flag("countPadding")),
            "LocallyConnected2D" => new LocallyConnected2DLayer(Number("filters"), Window(), Flag("bias")),
            "LpPool" => new LpPoolLayer(Real("power"), Window(), Real("sigma")),
            "MixedPool" => new MixedPoolLayer(Window(), layer.GetProperty("mix").ValueKind == JsonValueKind.Null ? null : Real("mix")),
            "GlobalMaxPool" => new GlobalMaxPoolLayer(),
            "GlobalAveragePool" => new GlobalAveragePoolLayer(),
            "Dense" => new DenseLayer(Number("units"), Flag("bias")),
            "Flatten" => new FlattenLayer(),
            "ReLU" => new ActivationLayer(ActivationKind.ReLU),
            "LeakyReLU" => new ActivationLayer(ActivationKind.LeakyReLU, Real("slope")),
            "ELU" => new ActivationLayer(ActivationKind.ELU, Real("alpha")),
            "Sigmoid" => new ActivationLayer(ActivationKind.Sigmoid),
            "Tanh" => new ActivationLayer(ActivationKind.Tanh),
            "ReLU6" => new ActivationLayer(ActivationKind.ReLU6),
            "PReLU" => new PReLULayer(),
            "SELU" => new ActivationLayer(ActivationKind.SELU),
            "GELU" => new ActivationLayer(Flag("approximate") ? ActivationKind.GELUTanh : ActivationKind.GELU),
            "SiLU" => new ActivationLayer(ActivationKind.SiLU),
            "Mish" => new ActivationLayer(ActivationKind.Mish),
            "Softplus" => new ActivationLayer(ActivationKind.Softplus, Real("beta")),
            "Softsign" => new ActivationLayer(ActivationKind.Softsign),
            "HardSigmoid" => new ActivationLayer(ActivationKind.HardSigmoid),
            "HardSwish" => new ActivationLayer(ActivationKind.HardSwish),
            "LogSoftmax" => new LogSoftmaxLayer(),
            "GroupNorm" => new GroupNormLayer(Number("groups"), Real("epsilon")),
            "LayerNorm" => new LayerNormLayer(Real("epsilon")),
            "ChannelShuffle" => new ChannelShuffleLayer(Number("groups")),
            "ChannelSlice" => new ChannelSliceLayer(Number("first"), Number("count")),
            "Maxout" => new MaxoutLayer(Number("pieces")),
            "Pad" => new PadLayer(Number("top"), Number("left"), Number("bottom"), Number("right"), Enum.Parse<PaddingKind>(layer.GetProperty("mode").GetString()!)),
            "Crop" => new CropLayer(Number("height"), Number("width"), new Size2(Number("top"), Number("left"))),
            "AdaptiveAveragePool" => new AdaptiveAveragePoolLayer(Pair("size")),
            "AdaptiveMaxPool" => new AdaptiveMaxPoolLayer(Pair("size")),
            "SpatialPyramidPool" => new SpatialPyramidPoolLayer([.. layer.GetProperty("sizes").EnumerateArray().Select(size => size.GetInt32())]),
            "ImageFilter" => new ImageFilterLayer([.. layer.GetProperty("kernel").EnumerateArray().Select(tap => (float)tap.GetDouble())]),
            "Standardize" => new StandardizeLayer(Reals("mean"), Reals("deviation")),
            "SpectralPool" => new SpectralPoolLayer(Pair("size")),
            "Upsample" => new UpsampleLayer(Number("factor"), Enum.Parse<ResizeKind>(layer.GetProperty("mode").GetString()!), Flag("alignCorners")),
            "Softmax" => new SoftmaxLayer(),
            "BatchNorm" => new BatchNormLayer(Real("epsilon"), Real("momentum")),
            "LocalResponseNorm" => new LocalResponseNormLayer(Number("size"), Real("alpha"), Real("beta"), Real("k")),
            var kind => throw new InvalidDataException($"Unknown layer '{kind}' in the reference vectors."),
        };
    }
}
