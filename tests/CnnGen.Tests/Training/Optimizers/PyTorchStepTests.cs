using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CnnGen.Tests.Training.Optimizers;

/// <summary>Ten steps of each optimiser that PyTorch has, against its own in double precision (tests/vectors/make_optimizer_vectors.py).</summary>
public class PyTorchStepTests
{
    private static readonly Lazy<JsonElement> s_vectors = new(() => JsonDocument.Parse(File.ReadAllText(VectorPath())).RootElement);

    public static TheoryData<string> Names => [.. s_vectors.Value.GetProperty("cases").EnumerateArray().Select(entry => entry.GetProperty("name").GetString()!)];

    private static Optimizer Create(string name) => name switch
    {
        "Sgd" => new Sgd(0.1, 0.9, nesterov: true, weightDecay: 0.01),
        "Adagrad" => new Adagrad(),
        "Adagrad decay" => new Adagrad(0.1, rateDecay: 0.05, weightDecay: 0.01),
        "RmsProp" => new RmsProp(),
        "RmsProp momentum" => new RmsProp(0.01, alpha: 0.9, momentum: 0.8, weightDecay: 0.01),
        "RmsProp centered" => new RmsProp(0.01, alpha: 0.9, centered: true),
        "RmsProp centered momentum" => new RmsProp(0.005, alpha: 0.95, centered: true, momentum: 0.7),
        "Adam" => new Adam(),
        "Adam decay" => new Adam(0.02, 0.8, 0.95, 1e-6, weightDecay: 0.05),
        "Adam amsgrad" => new Adam(0.02, 0.8, 0.5, amsGrad: true),
        "AdamW" => new AdamW(),
        "AdamW amsgrad" => new AdamW(0.02, 0.8, 0.5, weightDecay: 0.1, amsGrad: true),
        "Nadam" => new Nadam(),
        "Nadam decay" => new Nadam(0.02, 0.8, 0.95, weightDecay: 0.05, momentumDecay: 0.01),
        _ => throw new ArgumentException($"There is no optimiser for the vectors '{name}'."),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Ten_steps_are_those_of_PyTorch(string name)
    {
        var vectors = s_vectors.Value;
        var gradients = Rows(vectors.GetProperty("gradients"));
        var expected = Rows(vectors.GetProperty("cases").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name).GetProperty("values"));
        var store = OptimizerStores.Flat(Row(vectors.GetProperty("start")));
        var optimizer = Create(name);
        Assert.Equal(10, gradients.Length);
        for (var step = 0; step < gradients.Length; step++)
        {
            for (var i = 0; i < gradients[step].Length; i++)
                store.Gradients[i] = (float)gradients[step][i];
            optimizer.Step(store);

            // A few roundings of single precision a step.
            for (var i = 0; i < expected[step].Length; i++)
                Assert.True(Math.Abs(expected[step][i] - store.Values[i]) < 2e-6 * (1 + Math.Abs(expected[step][i])), $"step {step}, weight {i}: {store.Values[i]:R}, PyTorch {expected[step][i]:R}");
        }
    }

    private static double[][] Rows(JsonElement element) => [.. element.EnumerateArray().Select(Row)];

    private static double[] Row(JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    private static string VectorPath([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "vectors", "optimizers.json");
}
