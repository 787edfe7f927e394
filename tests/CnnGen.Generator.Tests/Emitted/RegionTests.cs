using System.Reflection;
using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Reference.Layers;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;
using Tensor = CnnGen.Generator.Tests.Reference.Tensor;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Networks that read regions: by hand, by what they have to be of a plane, by central differences, and emitted code against the interpreter.</summary>
public sealed class RegionTests : IClassFixture<RegionTests.Models>
{
    private const string Detector = """
        [Model(3, 16, 12, Regions = 6, Loss = Loss.ClassesAndBoxes, Passes = Passes.Predict | Passes.Train | Passes.Explain)]
        [Conv2D(20, 3, Padding = 1), ReLU, MaxPool(2)]
        [RoIPool(3, 2, SpatialScale = 0.5)]
        [Dense(17), Tanh, Dropout(0.25)]
        [Branch, Dense(4), Softmax]
        [Branch, Dense(16)]
        [Concat]
        public partial class Detector;
        """;

    private static readonly (string Name, string Source)[] s_sources =
    [
        ("Detector", Detector),
        ("DetectorLast", Detector.Replace("Regions = 6", "Regions = 6, Layout = Layout.ChannelsLast", StringComparison.Ordinal).Replace("Detector;", "DetectorLast;", StringComparison.Ordinal)),
        ("Planes", "[Model(2, 9, 11, Regions = 5), Conv2D(3, 3, Padding = 1), Tanh, RoIPool(2), Dense(5), ReLU, Dense(3), Softmax] public partial class Planes;"),
        ("Aligned", "[Model(3, 12, 10, Regions = 4, Loss = Loss.HalfSquaredError), Conv2D(18, 3, Padding = 1), Tanh, RoIAlign(2, 3), Dense(5), BatchNorm, Tanh] public partial class Aligned;"),
        ("Large", "[Model(3, 12, 10, Regions = 3), Conv2D(4, 3, Padding = 1), Tanh, RoIAlign(2, SpatialScale = 2, SamplingRatio = 0, Aligned = false), LayerNorm, Dense(2), Softmax] public partial class Large;"),
        ("Image", "[Model(2, 8, 8, Regions = 3, Loss = Loss.Huber), RoIAlign(2, SamplingRatio = 5), Dense(3), ReLU, Flatten, Dense(2)] public partial class Image;"),
        ("One", "[Model(2, 8, 8, Regions = 1), RoIPool(2), Dense(3), Softmax] public partial class One;"),
        ("OneBox", "[Model(2, 8, 8, Regions = 1, Loss = Loss.ClassesAndBoxes), RoIPool(2), Branch, Dense(3), Softmax, Branch, Dense(12), Concat] public partial class OneBox;"),
        ("Places", "[Model(2, 6, 5, Loss = Loss.ClassesAndBoxes), Branch, Conv2D(3, 3, Padding = 1), Softmax, Branch, Conv2D(12, 1), Concat] public partial class Places;"),
        ("PlacesLast", "[Model(2, 6, 5, Loss = Loss.ClassesAndBoxes, Layout = Layout.ChannelsLast), Branch, Conv2D(3, 3, Padding = 1), Softmax, Branch, Conv2D(12, 1), Concat] public partial class PlacesLast;"),
        ("WithHead", "[Model(3, 8, 8, Regions = 4), Conv2D(16, 3, Padding = 1), ReLU, Branch, RoIPool(2), Dense(3), Softmax, Head(\"Aux\", 0.5), RoIAlign(3), Dense(8), ReLU, Dense(3), Softmax] public partial class WithHead;"),
    ];

    private readonly Models _models;

    public RegionTests(Models models) => _models = models;

    /// <summary>All of them, compiled once.</summary>
    public sealed class Models : IDisposable
    {
        internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile([.. s_sources.Select(source => source.Source)]);

        public void Dispose() => Assembly.Dispose();
    }

    public static TheoryData<string> Names => [.. s_sources.Select(source => source.Name)];

    /// <summary>The interpreter, whose maps lie one way only, has no other network where channels stand last.</summary>
    public static TheoryData<string> NamesOfInterpreted => [.. s_sources.Select(source => source.Name).Where(name => !name.EndsWith("Last", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Emitted_code_agrees_with_the_interpreter(string name)
    {
        using var model = _models.Assembly.Create(name);
        foreach (var count in new[] { 2, 7 })
        {
            var expected = Expected.Random(model.Network, count, seed: 3 + count);
            foreach (var set in EmittedModel.Sets)
                Comparison.AssertAgrees(model, expected, set, $"{name}, a batch of {count}");
        }
    }

    [Theory]
    [MemberData(nameof(NamesOfInterpreted))]
    public void Gradients_are_central_differences(string name)
    {
        var network = _models.Assembly.Network(name);
        var expected = Expected.Random(network, 2, seed: 11);
        var interpreter = new ReferenceInterpreter(network, expected.Parameters) { Regions = Expected.ByImage(expected.Images, expected.Regions) };
        double Loss() => interpreter.Train(expected.Images, expected.Targets, (_, _, _) => 1).Loss;
        var result = interpreter.Train(expected.Images, expected.Targets, (_, _, _) => 1);

        for (var image = 0; image < 2; image++)
            AssertDifferences(expected.Images[image], result.ImageGradients[image], Loss);
        foreach (var (parameter, gradient) in result.ParameterGradients)
            AssertDifferences(expected.Parameters[parameter], gradient, Loss);
    }

    /// <summary>Nothing depends on how many threads there are.</summary>
    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        using var own = new OwnThreads();
        using var model = _models.Assembly.Create("Detector");
        var expected = Expected.Random(model.Network, 9, seed: 5);
        model.Regions = expected.Regions.Flat();
        float[]? bits = null;
        foreach (var threads in new[] { 1, 3 })
        {
            Threads.Count = threads;
            var scores = model.Predict(expected.Images.Flat(), 9);
            var one = model.Predict(expected.Images[0].ToFloats());
            model.ComputeGradients(expected.Images.Flat(), expected.Targets.Flat(), 9, 1);
            float[] all = [.. scores, .. one, .. model.Parameters.Gradients.ToArray()];
            Assert.Equal(scores[..one.Length], one);
            bits ??= all;
            Assert.Equal(bits, all);
        }
    }

    [Fact]
    public void Layers_are_inspected_with_their_regions()
    {
        using var model = _models.Assembly.Create("Detector");
        var expected = Expected.Random(model.Network, 3, seed: 8);
        model.SetParameters(expected.Parameters);
        var interpreter = new ReferenceInterpreter(model.Network, expected.Parameters) { Regions = Expected.ByImage(expected.Images, expected.Regions) };
        var random = new Random(2);
        var seeded = model.Network.Nodes.Single(node => node.Layer is RegionLayer).Index;
        var begin = expected.Images.Select(_ => NetworkFactory.RandomNumbers(model.Network.Nodes[seeded].OutputShape.Length, random)).ToArray();
        var (outputs, gradients) = interpreter.Explain(expected.Images, seeded, begin);

        using var inspection = model.Type.GetMethod("Inspect", BindingFlags.Public | BindingFlags.Instance)!
            .CreateDelegate<InspectCall>(model.Object)(expected.Images.Flat(), expected.Regions.Flat(), 3);
        var handle = (LayerHandle)model.Type.GetProperty("RoIPool1")!.GetValue(model.Object)!;
        Assert.InRange(Agreement.Error([.. outputs[seeded].SelectMany(row => row)], inspection[handle]), 0, 1e-5);
        inspection.Backward(handle, begin.Flat());
        Assert.InRange(Agreement.Error([.. gradients[0].SelectMany(row => row)], inspection.ImageGradient), 0, 1e-4);
        Assert.InRange(Agreement.Error([.. expected.Predictions.SelectMany(row => row)], inspection.Scores), 0, 1e-5);
    }

    /// <summary>Bytes with their regions are what the normalised floats are; a warm model gives the same.</summary>
    [Fact]
    public void Bytes_come_with_regions_too()
    {
        using var model = _models.Assembly.Create("Detector");
        var random = new Random(4);
        var pixels = new byte[2 * 3 * 16 * 12];
        random.NextBytes(pixels);
        var regions = Enumerable.Range(0, 2).SelectMany(_ => Expected.RandomRegions(model.Network, random)).Select(number => (float)number).ToArray();
        var images = new float[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
            images[(i / 576 * 576) + (i % 3 * 192) + (i % 576 / 3)] = pixels[i] / 255f;
        model.Warmup(WarmupFor.Training, 2);
        model.Regions = regions;
        var expected = model.Predict(images, 2);

        var scores = new float[expected.Length];
        model.Type.GetMethod("Predict", [typeof(ReadOnlySpan<byte>), typeof(ReadOnlySpan<float>), typeof(Span<float>), typeof(int)])!
            .CreateDelegate<PredictBytes>(model.Object)(pixels, regions, scores, 2);
        Assert.Equal(expected, scores, (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Theory]
    [InlineData("Detector")]
    [InlineData("DetectorLast")]
    public void Calls_with_other_regions_are_refused(string name)
    {
        using var model = _models.Assembly.Create(name);
        var images = new float[2 * 576];
        var (regions, targets) = (new float[2 * 24], new float[2 * 120]);
        regions[26] = regions[27] = 5; // the first region of the second image
        model.Regions = regions;
        var call = model.Type.GetMethod("Predict", [typeof(ReadOnlySpan<float>), typeof(ReadOnlySpan<float>), typeof(Span<float>), typeof(int)])!.CreateDelegate<PredictCall>(model.Object);

        Assert.Contains("6 regions with each image", Assert.Throws<ArgumentException>(() => call(images, new float[47], new float[240], 2)).Message);
        targets[120 + 6] = 1; // class 1 of the second image's first region
        Assert.True(double.IsFinite(model.ComputeGradients(images, targets, 2, 1)));
        targets[6] = 1; // the first image has none
        Assert.Contains("Region 0 of image 0 is empty", Assert.Throws<ArgumentException>(() => model.ComputeGradients(images, targets, 2, 1)).Message);
        Assert.Contains("takes 6 regions", Assert.Throws<InvalidOperationException>(() => Call(nameof(PredictWithout), model)).Message);
    }

    /// <summary>A trainer learns which of two colours a region has, and where in it the colour begins; what it measures is what it trains by.</summary>
    [Fact]
    public void A_trainer_takes_regions()
    {
        using var model = _models.Assembly.Create("Detector");
        Call(nameof(Learn), model);
    }

    private static void Learn<TModel>(object start)
        where TModel : class, ITrainableModel<TModel>
    {
        const int Count = 48;
        var random = new Random(6);
        var images = new float[Count * 576];
        var regions = new List<IReadOnlyList<LabelledRegion>>();
        for (var i = 0; i < Count; i++)
        {
            var own = new List<LabelledRegion>();
            foreach (var (label, column) in new[] { (random.Next(0, 4), 0), (random.Next(0, 4), 6) })
            {
                // A square of one of three colours, or of none, and a region around it.
                var top = random.Next(1, 9);
                for (var at = 0; at < 25 && label > 0; at++)
                    images[(i * 576) + ((label - 1) * 192) + ((top + (at / 5)) * 12) + column + (at % 5)] = 1;
                own.Add(new LabelledRegion(new Box(column, top - 1, column + 6, top + 6), label, label == 0 ? default : new Box(column, top, column + 5, top + 5)));
            }

            regions.Add(i % 4 == 0 ? [own[0]] : own);
        }

        var dataset = new RegionDataset(new FloatImageDataset(new ImageShape(3, 16, 12), images, new int[Count], 1), regions, regionCount: 6, classes: 4);
        var model = (TModel)start;
        var before = model.Evaluate(dataset);
        new Trainer<TModel>(model, new Adam(0.01f)).Fit(dataset, epochs: 30, batchSize: 8);
        var after = model.Evaluate(dataset.Take(Count));

        Assert.True(after.Loss < before.Loss / 4, FormattableString.Invariant($"{before.Loss} before, {after.Loss} after"));
        Assert.True(after.Accuracy > 0.95, FormattableString.Invariant($"{after.Accuracy}"));
        Assert.Contains("takes 6", Assert.Throws<ArgumentException>(() => new Trainer<TModel>(model, new Sgd(0.1f)).Fit(new FloatImageDataset(new ImageShape(3, 16, 12), images, new int[Count], 1), 1, 4)).Message);
        Assert.Contains("AlternatingFlip", Assert.Throws<InvalidOperationException>(() => new Trainer<TModel>(model, new Sgd(0.1f)) { AlternatingFlip = true }.Fit(dataset, 1, 4)).Message);
    }

    /// <summary>One region an image is measured as several are: a class is right or wrong, and an image without a region is neither.</summary>
    [Fact]
    public void The_classes_of_single_regions_are_counted()
    {
        using var model = _models.Assembly.Create("OneBox");
        Call(nameof(MeasureOneBox), model);
    }

    private static void MeasureOneBox<TModel>(object start)
        where TModel : class, ITrainableModel<TModel>
    {
        // All images are the same, so that one class is predicted, which one of three has.
        var (box, images) = (new Box(1, 1, 6, 7), new FloatImageDataset(new ImageShape(2, 8, 8), new float[4 * 128], new int[4], 1));
        var dataset = new RegionDataset(images, [[new(box, 0)], [new(box, 1, box)], [], [new(box, 2, box)]], regionCount: 1, classes: 3);

        Assert.Equal(1.0 / 3, ((TModel)start).Evaluate(dataset).Accuracy, 9);
    }

    /// <summary>Boxes are no classes, however large their numbers are, and a label alone is no target.</summary>
    [Fact]
    public void Boxes_are_no_classes_in_an_ensemble_either()
    {
        using var model = _models.Assembly.Create("Places");
        model.Parameters["conv1.weight"].Set(new float[3 * 2 * 9]);
        model.Parameters["conv1.bias"].Set([0, 3, 0]);
        model.Parameters["conv2.bias"].Set([.. Enumerable.Repeat(9f, 12)]);
        Call(nameof(MeasurePlaces), model);
    }

    private static void MeasurePlaces<TModel>(object start)
        where TModel : class, ITrainableModel<TModel>
    {
        var model = (TModel)start;
        var labelled = new FloatImageDataset(new ImageShape(2, 6, 5), new float[3 * 60], new int[3], 1);
        var dataset = new SecondClassEverywhere(labelled);

        Assert.Equal(1, model.Evaluate(dataset).Accuracy);
        var ensemble = Ensemble.Of([model, model]).Evaluate(dataset);
        Assert.Equal(1, ensemble.Joint.Accuracy);
        Assert.Equal([1.0, 1.0], ensemble.Members.Select(one => one.Evaluation.Accuracy));
        var fault = Assert.Throws<ArgumentException>(() => new Trainer<TModel>(model, new Sgd(0.1f)).Fit(labelled, 1, 3));
        Assert.Contains("have one label each, but Places compares boxes as well", fault.Message);
    }

    private static void Call(string method, EmittedModel model) =>
        typeof(RegionTests).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model.Type).CreateDelegate<Action<object>>()(model.Object);

    private sealed class SecondClassEverywhere(ImageDataset images) : ImageDataset(images.Shape, 0, images.Count)
    {
        public override void CopyImage(int index, Span<float> destination, Normalization normalization) => images.CopyImage(index, destination, normalization);

        public override int GetLabel(int index) => throw new InvalidOperationException("There are no labels.");

        public override void CopyTarget(int index, Span<float> destination)
        {
            destination.Clear();
            destination.Slice(30, 30).Fill(1);
        }
    }

    private static void PredictWithout<TModel>(object model)
        where TModel : class, IModel<TModel> => ((TModel)model).Predict(new float[576], new float[120], 1);

    /// <summary>Girshick 2015: a region of 3 x 5 elements in 2 x 2 parts, which share the middle row and column.</summary>
    [Fact]
    public void The_largest_elements_of_a_region_by_hand()
    {
        var map = new Tensor(TensorShape.Map(1, 4, 6), [.. Enumerable.Range(0, 24).Select(i => (double)(i * 7 % 24))]);

        // Rows 1 to 3 and columns 1 to 5; a region without an inside; one that reaches beyond the corner, of which the map has the last element alone.
        double[] regions = [2, 2, 10.9, 6.4, 5, 4, 5, 8, 10, 6, 40, 40];
        var output = new ReferenceRegions(new RoIPoolLayer(Size2.Square(2), 0.5f, 3), [regions]).Forward([[map]])[0];

        // 1 8 15 22 5 / 19 2 9 16 23 / 13 20 3 10 17
        Assert.Equal([19, 0, 17, 23, 0, 0, 20, 0, 0, 23, 0, 0], output.Data);
    }

    /// <summary>A bilinear mean of a plane inside the map is the plane at the part's middle.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(3, true)]
    public void Samples_of_a_plane_are_the_plane(int ratio, bool aligned)
    {
        var map = new Tensor(TensorShape.Map(1, 9, 9), [.. Enumerable.Range(0, 81).Select(i => (2.0 * (i / 9)) - (0.5 * (i % 9)) + 3)]);

        var output = new ReferenceRegions(new RoIAlignLayer(new Size2(2, 3), 0.5f, 1, ratio, aligned), [[3, 4, 12, 15]]).Forward([[map]])[0];

        var offset = aligned ? 0.5 : 0;
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
                Assert.Equal((2 * (2 - offset + ((i + 0.5) * 5.5 / 2))) - (0.5 * (1.5 - offset + ((j + 0.5) * 4.5 / 3))) + 3, output.Data[(i * 3) + j], 9);
        }
    }

    /// <summary>A model without regions knows nothing of them.</summary>
    [Fact]
    public void Other_models_have_no_regions()
    {
        var text = string.Concat(GeneratorHarness.Run("[Model(1, 8, 8), Conv2D(4, 3), ReLU, Dense(2), Softmax] public partial class Net;").Sources.Select(source => source.SourceText.ToString()));

        Assert.DoesNotContain("egions", text);
    }

    private static void AssertDifferences(double[] numbers, double[] gradient, Func<double> loss)
    {
        const double Step = 1e-6;
        foreach (var i in Enumerable.Range(0, numbers.Length).Where(i => numbers.Length < 40 || i % 7 == 0))
        {
            var before = numbers[i];
            numbers[i] = before + Step;
            var above = loss();
            numbers[i] = before - Step;
            var below = loss();
            numbers[i] = before;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 5);
        }
    }

    private delegate Inspection InspectCall(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, int count);

    private delegate void PredictBytes(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> regions, Span<float> scores, int count);

    private delegate void PredictCall(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count);
}
