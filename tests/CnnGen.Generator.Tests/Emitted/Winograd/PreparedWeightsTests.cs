namespace CnnGen.Generator.Tests.Emitted.Winograd;

/// <summary>Predictions read weights that were transformed before: every way to change the parameters must reach them.</summary>
public sealed class PreparedWeightsTests : IDisposable
{
    private const string Layers = "[Conv2D(16, 3, Padding = 1, Algorithm = ConvAlgorithm.{0}), ReLU, Conv2D(8, 3, Algorithm = ConvAlgorithm.{0}), ReLU, Dense(3), Softmax]";

    private static readonly float[] s_image = [.. Enumerable.Range(0, 16 * 36).Select(i => MathF.Sin(i))];

    private readonly EmittedAssembly _assembly = EmittedAssembly.Compile(
        $"[Model(16, 6, 6)] {string.Format(null, Layers, "Winograd4x4")} public partial class Net;",
        $"[Model(16, 6, 6)] {string.Format(null, Layers, "Direct")} public partial class DirectNet;");

    public void Dispose() => _assembly.Dispose();

    [Fact]
    public void A_prediction_follows_each_change_of_the_parameters()
    {
        using var model = _assembly.Create("Net");
        AssertFollows(model, () => { });
        AssertFollows(model, () => model.Parameters["conv2.weight"][5] += 3);
        AssertFollows(model, () => model.Parameters["conv1.weight"].Set([.. Enumerable.Range(0, 16 * 16 * 9).Select(i => MathF.Cos(i))]));
        AssertFollows(model, () => model.Parameters.Initialize(9));
        AssertFollows(model, () => Train(model));
        AssertFollows(model, () =>
        {
            foreach (ref var value in model.Parameters.Values)
                value *= -1.5f;
            model.Parameters.MarkChanged();
        });
        AssertFollows(model, () =>
        {
            var file = Path.GetTempFileName();
            using var other = _assembly.Create("DirectNet", seed: 4);
            ModelWeights.Save(file, other.Parameters);
            ModelWeights.Load(file, model.Parameters);
            File.Delete(file);
        });
    }

    [Fact]
    public void Objects_that_share_parameters_share_what_follows_from_them()
    {
        using var model = _assembly.Create("Net");
        using var shared = model.Share();
        Assert.Equal(model.Predict(s_image), shared.Predict(s_image));
        model.Parameters["conv1.weight"][0] = 7;
        var changed = shared.Predict(s_image);
        Assert.Equal(changed, model.Predict(s_image));
        Assert.Equal(Direct(model), changed, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Many_threads_that_predict_at_once_after_a_change_all_see_it()
    {
        using var model = _assembly.Create("Net");
        for (var round = 0; round < 20; round++)
        {
            model.Parameters.Initialize(round);
            var expected = Direct(model);
            Parallel.For(0, 8, _ =>
            {
                using var shared = model.Share();
                Assert.Equal(expected, shared.Predict(s_image), (a, b) => Math.Abs(a - b) < 1e-5);
            });
        }
    }

    private void AssertFollows(EmittedModel model, Action change)
    {
        var before = model.Predict(s_image);
        var version = model.Parameters.Version;
        change();
        var after = model.Predict(s_image);
        Assert.Equal(Direct(model), after, (a, b) => Math.Abs(a - b) < 1e-5);
        if (model.Parameters.Version != version)
            Assert.NotEqual(before, after);
    }

    private static void Train(EmittedModel model)
    {
        model.ComputeGradients(s_image, [0, 1, 0], 1, 0);
        new Sgd(0.5f).Step(model.Parameters);
    }

    /// <summary>What the direct form makes of the model's parameters as they are.</summary>
    private float[] Direct(EmittedModel model)
    {
        using var direct = _assembly.Create("DirectNet");
        foreach (var parameter in model.Parameters.All)
            direct.Parameters[parameter.Name].Set(parameter.ToArray());
        return direct.Predict(s_image);
    }
}
