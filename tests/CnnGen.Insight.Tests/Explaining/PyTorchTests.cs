using System.Text.Json;
using CnnGen.Insight.Tests.Models;

namespace CnnGen.Insight.Tests.Explaining;

/// <summary>Each method beside PyTorch's answer in double precision, of the same weights and image (tests/vectors/make_insight_vectors.py).</summary>
public sealed class PyTorchTests
{
    [Fact]
    public void Each_method_gives_PyTorch_s_numbers()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "vectors", "insight.json")));
        var root = vectors.RootElement;
        using var net = ShapeNet.Create();
        foreach (var parameter in root.GetProperty("parameters").EnumerateObject())
            net.Parameters[parameter.Name].Set(Floats(parameter.Value));
        using var network = net.Explain();
        var image = Floats(root.GetProperty("image"));
        var unit = Unit.OfClass(network, root.GetProperty("unit").GetInt32());
        var (layer, steps) = (net.ReLU2.Index, root.GetProperty("steps").GetInt32());
        var answers = root.GetProperty("answers");
        var integrated = Attribution.Integrated(network, image, unit, steps: steps);

        Assert.Equal(root.GetProperty("score").GetDouble(), integrated.Score, 1e-5);
        Compare("gradient", Attribution.Gradient(network, image, unit));
        Compare("gradient_times_input", Attribution.GradientTimesInput(network, image, unit));
        Compare("guided", Attribution.GuidedBackpropagation(network, image, unit));
        Compare("deconvolution", Attribution.Deconvolution(network, image, unit));
        Compare("integrated", integrated.Values);
        Compare("grad_cam", ClassActivation.GradCam(network, image, layer, unit));
        Compare("grad_cam_plus_plus", ClassActivation.GradCamPlusPlus(network, image, layer, unit));
        Assert.Equal(7, answers.EnumerateObject().Count());

        void Compare(string name, float[] actual)
        {
            var expected = Floats(answers.GetProperty(name));
            Assert.Equal(expected.Length, actual.Length);
            var tolerance = 2e-5 * expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{name} at {i}: {actual[i]}, PyTorch {expected[i]}");
        }
    }

    private static float[] Floats(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => (float)number.GetDouble())];
}
