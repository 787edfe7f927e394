using CnnGen;

namespace ZooSample.Tests.PyTorch;

/// <summary>
/// Networks of the zoo with the weights of a file that has PyTorch's own names, against what PyTorch computes of them in float64 (tests/vectors/make_zoo_vectors.py).
/// </summary>
public sealed class PyTorchTests
{
    private const double Tolerance = 1e-4;

    private static readonly Dictionary<string, Func<string, ZooVectors.Prediction, double[]>> s_predictions = new()
    {
        [nameof(AlexNetTorch)] = (path, expected) => Logarithms(AlexNetTorch.Load(path), expected),
        [nameof(Vgg11)] = (path, expected) => Logarithms(Vgg11.Load(path), expected),
        [nameof(GoogLeNet)] = (path, expected) => Logarithms(GoogLeNet.Load(path), expected),
        [nameof(ResNet18)] = (path, expected) => Logarithms(ResNet18.Load(path), expected),
        [nameof(ResNet50)] = (path, expected) => Logarithms(ResNet50.Load(path), expected),
        [nameof(SEResNet50)] = (path, expected) => Logarithms(SEResNet50.Load(path), expected),
        [nameof(MobileNetV2)] = (path, expected) => Logarithms(MobileNetV2.Load(path), expected),
        [nameof(DenseNet121)] = (path, expected) => Logarithms(DenseNet121.Load(path), expected),
        [nameof(ShuffleNetV2)] = (path, expected) => Logarithms(ShuffleNetV2.Load(path), expected),
        [nameof(SqueezeNet)] = (path, expected) => Logarithms(SqueezeNet.Load(path), expected),
        [nameof(UNet)] = (path, expected) => Logits(UNet.Load(path), expected),
    };

    private static readonly Dictionary<string, Action<string, ZooVectors.Training>> s_trainings = new()
    {
        [nameof(SmallResNet18)] = (path, expected) => AssertStep(SmallResNet18.Load(path), expected, Classes(10)),
        [nameof(SmallGoogLeNet)] = (path, expected) => AssertStep(SmallGoogLeNet.Load(path), expected, Classes(10)),
        [nameof(SmallUNet)] = (path, expected) => AssertStep(SmallUNet.Load(path), expected, Pixels),
    };

    public static TheoryData<string> Predicted => [.. ZooVectors.Predictions.Select(one => one.Name)];

    public static TheoryData<string> Trained => [.. ZooVectors.Trainings.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Predicted))]
    public void It_loads_PyTorch_s_file_and_predicts_as_PyTorch_does(string name)
    {
        var expected = ZooVectors.Predictions.Single(one => one.Name == name);
        var computed = WithFile(expected.Tensors, path => s_predictions[name](path, expected));

        // Softmax knows scores but for their mean.
        var isMap = name == nameof(UNet);
        var (scores, wanted) = (Centred(computed, isMap), Centred(expected.Outputs, isMap));
        var largest = wanted.Max(Math.Abs);
        Assert.True(largest > 0.1);
        Assert.Equal(wanted.Length, scores.Length);
        for (var i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs(scores[i] - wanted[i]) <= Tolerance * largest, $"score {i} is {scores[i]:R}, and {wanted[i]:R} by PyTorch; the largest is {largest:G3}");
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void Its_gradients_are_PyTorch_s(string name)
    {
        var expected = ZooVectors.Trainings.Single(one => one.Name == name);
        WithFile(expected.Tensors, path =>
        {
            s_trainings[name](path, expected);
            return 0;
        });
    }

    private static TResult WithFile<TResult>(IReadOnlyList<ZooVectors.Tensor> tensors, Func<string, TResult> use)
    {
        var path = Path.Combine(Path.GetTempPath(), $"cnngen-zoo-{Guid.NewGuid():N}.safetensors");
        try
        {
            ZooVectors.WriteFile(path, tensors);
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double[] Logarithms<T>(T model, ZooVectors.Prediction expected) where T : class, IModel<T>, IDisposable =>
        Array.ConvertAll(Predict(model, expected), probability => Math.Log(probability));

    /// <summary>Every sixteenth, as the file has them.</summary>
    private static double[] Logits<T>(T model, ZooVectors.Prediction expected) where T : class, IModel<T>, IDisposable =>
        [.. Predict(model, expected).Where((_, i) => i % 16 == 0).Select(probability => Math.Log(probability / (1.0 - probability)))];

    private static float[] Predict<T>(T model, ZooVectors.Prediction expected) where T : class, IModel<T>, IDisposable
    {
        using (model)
        {
            var scores = new float[T.OutputLength];
            model.Predict(ZooVectors.ImagesOf(expected.Name, T.InputShape.Length), scores, 1);
            return scores;
        }
    }

    private static void AssertStep<T>(T model, ZooVectors.Training expected, Func<ZooVectors.Training, int, float[]> targetsOf) where T : class, ITrainableModel<T>, IDisposable
    {
        using (model)
        {
            var images = ZooVectors.ImagesOf(expected.Name, expected.Count * T.InputShape.Length);
            var loss = model.ComputeGradients(images, targetsOf(expected, expected.Count * T.OutputLength), expected.Count, dropoutSeed: 1, default, default);

            Assert.Equal(expected.Loss, loss, Tolerance * Math.Abs(expected.Loss));
            Assert.Equal(expected.Gradients.Select(one => one.Name).Order(), model.Parameters.All.Where(one => one.IsTrained).Select(one => one.Name).Order());

            // As exact as can be, or as PyTorch itself is in float32, where many kinks and maxima lie between a weight and the loss: which of them a rounding crosses differs, so the
            // share counts that is usual in the network. What is zero but for rounding (a bias before a norm) is as exact as the largest.
            var floor = 1e-3 * expected.Gradients.Max(one => one.Norm);
            var shares = expected.Gradients.Where(one => one.Norm > floor).Select(one => one.Rounding / one.Norm).Order().ToList();
            var usual = Math.Max(Tolerance, 3 * shares[shares.Count / 2]);
            foreach (var wanted in expected.Gradients)
            {
                var gradient = Array.ConvertAll(model.Parameters[wanted.Name].GradientToArray(), number => (double)number);
                var along = gradient.Zip(ZooVectors.NumbersOf("along " + wanted.Name, gradient.Length), (one, direction) => one * direction).Sum();
                var norm = Math.Sqrt(gradient.Sum(number => number * number));
                var allowed = Math.Max(usual * Math.Max(wanted.Norm, floor), 3 * wanted.Rounding);
                Assert.True(
                    Math.Abs(along - wanted.Along) <= allowed && Math.Abs(norm - wanted.Norm) <= allowed,
                    $"the gradient of {wanted.Name} is {norm:R} long and goes {along:R} along numbers of its name, and {wanted.Norm:R} and {wanted.Along:R} by PyTorch; {allowed:G3} is allowed");
            }
        }
    }

    private static Func<ZooVectors.Training, int, float[]> Classes(int classes) => (expected, _) =>
    {
        var targets = new float[expected.Count * classes];
        for (var image = 0; image < expected.Count; image++)
            targets[(image * classes) + (image * 3 % classes)] = 1;
        return targets;
    };

    private static float[] Pixels(ZooVectors.Training expected, int length) =>
        Array.ConvertAll(ZooVectors.NumbersOf("targets of " + expected.Name, length), number => number > 0 ? 1f : 0f);

    private static double[] Centred(double[] scores, bool asTheyAre)
    {
        var mean = asTheyAre ? 0 : scores.Average();
        return Array.ConvertAll(scores, score => score - mean);
    }
}
