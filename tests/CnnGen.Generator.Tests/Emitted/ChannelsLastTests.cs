using System.Reflection;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Tests.Reference;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Models whose channels stand last, each beside the same one whose channels stand first.</summary>
public sealed class ChannelsLastModels : IDisposable
{
    /// <summary>What each computes: with few channels, from planes and pixels where the image lies, from a copy with zeros around it, and where outputs are maps.</summary>
    private static readonly (string Name, string Model, string Layers)[] s_models =
    [
        ("Few", "3, 12, 10", "[Conv2D(20, 3, Padding = 1), ReLU, MaxPool(2), Dense(5), Softmax]"),
        ("Planes", "3, 13, 11", "[Conv2D(18, 3, Stride = 2), Tanh, Dense(4), Softmax]"),
        ("Pixels", "32, 9, 8", "[Conv2D(33, 1), ReLU, Conv2D(8, 3), Tanh, Dense(3), Softmax]"),
        ("Haloed", "48, 12, 12", "[Conv2D(32, 3, Padding = 1), ReLU, Dense(3), Softmax]"),
        ("Depthwise", "16, 8, 8", "[Conv2D(16, 3, Padding = 1, Groups = 16), ReLU, Dropout(0.25f), Conv2D(3, 1)]"),
        ("Segmenting", "3, 8, 9", "[Conv2D(17, 3, Padding = 1), ReLU, Conv2D(4, 1), Softmax]"),
    ];

    public static TheoryData<string> Names => [.. s_models.Select(model => model.Name)];

    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile([.. s_models.SelectMany(model => new[] { "ChannelsFirst", "ChannelsLast" }.Select(layout =>
        $"[Model({model.Model}, Layout = Layout.{layout}, Passes = Passes.Predict | Passes.Train | Passes.Explain)] {model.Layers} public partial class {model.Name}{layout};"))]);

    internal (EmittedModel First, EmittedModel Last) Create(string name) => (Assembly.Create(name + "ChannelsFirst"), Assembly.Create(name + "ChannelsLast"));

    public void Dispose() => Assembly.Dispose();
}

/// <summary>They compute the same, by images, outputs, targets and gradients in the order H x W x C.</summary>
public sealed class ChannelsLastTests(ChannelsLastModels models) : IClassFixture<ChannelsLastModels>
{
    public static TheoryData<string> Names => ChannelsLastModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void It_computes_what_the_model_with_channels_first_does(string name)
    {
        const int Count = 9;
        var (first, last) = models.Create(name);
        using (first)
        using (last)
        {
            // Few channels are read in the order of planes, so that sums have one order in both; a softmax of pixels takes its exponentials otherwise than one of planes.
            var allowed = first.InputShape.Channels < 16 && first.Network.Output.OutputShape.IsVector ? 0 : 1e-6;
            var expected = Expected.Random(first.Network, Count, seed: 3);
            foreach (var set in EmittedModel.Sets)
            {
                (first.InstructionSet, last.InstructionSet) = (set, set);
                var wanted = All(first, expected);
                float[][]? bits = null;
                using var own = new OwnThreads();
                for (var threads = 1; threads <= 3; threads++)
                {
                    Threads.Count = threads;
                    var computed = All(last, expected);
                    foreach (var (numbers, i) in computed.Select((numbers, i) => (numbers, i)))
                    {
                        var error = Agreement.Error(Array.ConvertAll(wanted[i], number => (double)number), numbers);
                        Assert.True(error <= allowed, $"{name} on {set} with {threads} threads: numbers {i} are off by {error:E2}.");
                    }

                    bits ??= computed;
                    Assert.Equal(bits, computed);
                }
            }
        }
    }

    /// <summary>Predictions of one, two and all images, and all that a training step gives.</summary>
    private static float[][] All(EmittedModel model, Expected expected)
    {
        model.SetParameters(expected.Parameters);
        var images = expected.Images.Flat();
        var length = images.Length / expected.Count;
        var (scores, imageGradients) = (new float[expected.Count * model.OutputLength], new float[images.Length]);
        var loss = model.ComputeGradients(images, expected.Targets.Flat(), expected.Count, 7, scores, imageGradients);
        return
        [
            model.Predict(images.AsSpan(0, length)),
            model.Predict(images.AsSpan(0, 2 * length), 2),
            model.Predict(images, expected.Count),
            [(float)loss],
            scores,
            imageGradients,
            .. model.Parameters.All.Where(parameter => parameter.IsTrained).Select(parameter => parameter.GradientToArray()),
        ];
    }

    /// <summary>The single image of a call is one float after the other: nothing turns it around before the first layer.</summary>
    [Theory]
    [InlineData("Planes", 0)]
    [InlineData("Pixels", 0)]
    [InlineData("Few", 1)]
    [InlineData("Haloed", 1)]
    [InlineData("Depthwise", 1)]
    public void A_first_layer_reads_pixels_where_they_lie_or_after_one_move(string name, int moves)
    {
        var network = models.Assembly.Network(name + "ChannelsLast");
        var readings = ModelPlan.Create(network).Prediction.Steps
            .Where(step => step.Call.Arguments.Any(argument => argument is Argument.External { Memory: ExternalMemory.Images }))
            .Select(step => step.Call.Kernel).ToList();

        Assert.Equal(moves, readings.Count(kernel => kernel is CopyKernel));
        Assert.Equal(1 - moves, readings.Count(kernel => kernel is ConvPixelsKernel));
        if (network.Input.OutputShape.Channels % 16 == 0)
            Assert.All(readings.OfType<CopyKernel>(), copy => Assert.True(copy.CopiesRowsOfPixels));
    }

    /// <summary>Where the last layer is a convolution into whole vectors of channels, its pixels are the caller's.</summary>
    [Theory]
    [InlineData("[Model(16, 6, 6, Layout = Layout.ChannelsLast)] [Conv2D(32, 1)]", 0)]
    [InlineData("[Model(16, 6, 6, Layout = Layout.ChannelsLast)] [Conv2D(32, 3, Padding = 1), ReLU]", 1)]
    [InlineData("[Model(16, 6, 6, Layout = Layout.ChannelsLast)] [Conv2D(32, 3, Padding = 1), ReLU, MaxPool(2)]", 1)]
    [InlineData("[Model(16, 6, 6, Layout = Layout.ChannelsLast)] [Conv2D(20, 1)]", 1)]
    [InlineData("[Model(16, 6, 6)] [Conv2D(32, 1)]", 1)]
    public void A_last_layer_stores_pixels_where_they_are_wanted(string declaration, int copies)
    {
        var network = GeneratorHarness.ParseNetwork(declaration + " public partial class Net;");

        Assert.Equal(copies, ModelPlan.Create(network).Prediction.Steps.Count(step => step.Call.Kernel is CopyKernel));
    }

    [Fact]
    public void Its_bytes_are_pixels_already()
    {
        foreach (var name in new[] { "Few", "Segmenting" })
        {
            var (first, last) = models.Create(name);
            using (first)
            using (last)
            {
                var bytes = new byte[3 * first.InputShape.Length];
                new Random(1).NextBytes(bytes);
                Call(nameof(PredictBytes), last, bytes, first.OutputLength * 3, out var scores);
                Call(nameof(PredictBytes), first, bytes, first.OutputLength * 3, out var planar);

                Assert.Equal(planar, Interleaving.Inner<float>(last.Network, last.Network.Output.OutputShape, scores));
            }
        }
    }

    /// <summary>Data sets have one order for all models: the same images, labels and seeds train the same weights, and are measured alike.</summary>
    [Theory]
    [InlineData("Few", false)]
    [InlineData("Segmenting", true)]
    public void It_is_trained_and_measured_on_the_same_data_sets(string name, bool isMap)
    {
        var (first, last) = models.Create(name);
        using (first)
        using (last)
        {
            var images = DatasetFor(first, isMap);
            var results = new[] { first, last }.Select(model =>
                (Learnt)Generic(nameof(Learn), model.Type).Invoke(null, [model.Object, images])!).ToArray();

            Assert.Equal(results[0].Weights, results[1].Weights);
            Assert.Equal(results[0].Evaluation.Loss, results[1].Evaluation.Loss);
            Assert.Equal(results[0].Evaluation.Accuracy, results[1].Evaluation.Accuracy);
            Assert.Equal(results[0].Views.Loss, results[1].Views.Loss);
            Assert.Equal(results[0].Features, results[1].Features);
            Assert.Equal(results[0].Ensemble, results[1].Ensemble);
            Assert.Equal(results[0].OfViews, Interleaving.Inner<float>(last.Network, last.Network.Output.OutputShape, results[1].OfViews));
        }
    }

    [Fact]
    public void Its_layers_are_inspected_in_the_order_of_planes()
    {
        var (first, last) = models.Create("Segmenting");
        using (first)
        using (last)
        {
            var images = NetworkFactory.RandomNumbers(2 * first.InputShape.Length, new Random(2)).ToFloats();
            var seed = NetworkFactory.RandomNumbers(2 * first.OutputLength, new Random(3)).ToFloats();
            using var planes = first.Inspect(images, 2);
            using var pixels = last.Inspect(images, 2);
            planes.Backward(Layer(first, "Conv2"), seed);
            pixels.Backward(Layer(last, "Conv2"), seed);

            Assert.Equal(planes[Layer(first, "Conv1")], pixels[Layer(last, "Conv1")]);
            Assert.Equal(planes.GradientOf(Layer(first, "ReLU1")), pixels.GradientOf(Layer(last, "ReLU1")));
            Assert.Equal(planes.ImageGradient.ToArray(), last.ImageGradientOf(pixels));
            Assert.Equal(planes.Scores.ToArray(), Interleaving.Inner(last.Network, last.Network.Output.OutputShape, pixels.Scores));
        }

        static LayerHandle Layer(EmittedModel model, string name) => (LayerHandle)model.Type.GetProperty(name)!.GetValue(model.Object)!;
    }

    /// <summary>A declaration with a fault has the same members, whichever layout it says.</summary>
    [Fact]
    public void A_faulty_declaration_stands_alone()
    {
        var run = GeneratorHarness.Run("""
            [Model(3, 8, 8, Layout = Layout.ChannelsLast)] [Dense(0)] public partial class Net;
            public static class Uses { public static void Of(Net net, float[] pixels, float[] scores) => net.Predict(pixels, scores); }
            """);

        Assert.Equal(["CNN1012"], run.Diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Empty(run.Output.GetDiagnostics().Where(said => said.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
    }

    private static ImageDataset DatasetFor(EmittedModel model, bool isMap)
    {
        const int Count = 20;
        var random = new Random(4);
        var bytes = new byte[Count * model.InputShape.Length];
        random.NextBytes(bytes);
        var labels = Enumerable.Range(0, Count).Select(_ => random.Next(5)).ToArray();
        var images = new ByteImageDataset(model.InputShape, bytes, labels, 5);
        if (!isMap)
            return images;
        var shape = model.Network.Output.OutputShape;
        var classes = Enumerable.Range(0, Count * shape.Height * shape.Width).Select(_ => (byte)random.Next(shape.Channels)).ToArray();
        return new PixelLabelDataset(images, classes, shape.Channels, shape.Height, shape.Width);
    }

    private sealed record Learnt(float[] Weights, Evaluation Evaluation, Evaluation Views, float[] Features, float[] Ensemble, float[] OfViews);

    private static Learnt Learn<TModel>(TModel model, ImageDataset images)
        where TModel : class, ITrainableModel<TModel>
    {
        var trainer = new Trainer<TModel>(model, new Sgd(0.05f, 0.9f), seed: 5);
        trainer.Fit(images, epochs: 2, batchSize: 6);

        // Of maps there are none.
        var views = TModel.OutputShape.IsMap ? null : TestTimeAugmentation.Mirror();
        var features = model.Features(images);
        var one = new float[features.Shape.Length];
        features.CopyImage(3, one, TModel.Normalization);

        var (planes, ensemble) = (new float[2 * TModel.InputShape.Length], new float[2 * TModel.OutputLength]);
        for (var i = 0; i < 2; i++)
            images.CopyImage(i, planes.AsSpan(i * TModel.InputShape.Length, TModel.InputShape.Length), TModel.Normalization);
        new Ensemble().Add(model).Predict(planes, ensemble, 2);

        var (own, ofViews) = (planes.ToArray(), new float[ensemble.Length]);
        if (TModel.Layout == Layout.ChannelsLast)
            ChannelOrder.ToChannelsLast(planes, own, TModel.InputShape);
        if (views is not null)
            model.Predict(own, ofViews, 2, views);
        return new Learnt(
            [.. model.Parameters.All.SelectMany(parameter => parameter.ToArray())], model.Evaluate(images), model.Evaluate(images, views: views), one, ensemble, ofViews);
    }

    private static float[] PredictBytes<TModel>(TModel model, byte[] pixels, int outputs)
        where TModel : class, IModel<TModel>
    {
        var (own, common) = (new float[outputs], new float[outputs]);
        var count = pixels.Length / TModel.InputShape.Length;
        model.Predict(pixels, own, count);

        // What a model gets that has no overload for bytes of its own.
        model.Predict(new PixelImages().Convert(TModel.Normalization, TModel.Layout, pixels, count), common, count);
        Assert.Equal(common, own);
        return own;
    }

    private static void Call(string method, EmittedModel model, byte[] pixels, int outputs, out float[] scores) =>
        scores = (float[])Generic(method, model.Type).Invoke(null, [model.Object, pixels, outputs])!;

    private static MethodInfo Generic(string name, Type model) => typeof(ChannelsLastTests).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model);
}
