using System.Reflection;
using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What <c>Pretrained</c> gives, of weights inside the assembly and of a file beside the program.</summary>
[Collection(AloneCollection.Name)]
public sealed class PretrainedTests : IDisposable
{
    private const string Layers = "[Conv2D(20, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), Dense(400), ReLU, Dense(10), Softmax]\npublic partial class Net;";

    /// <summary>A million and more weights, so that a copy of them shows among what is allocated.</summary>
    private const string Model = "Model(3, 24, 24)";

    private readonly WeightsProject _project = new();
    private readonly string _besideName = $"cnngen-test-{Guid.NewGuid():N}.safetensors";
    private readonly byte[] _file;
    private readonly float[] _image = [.. Enumerable.Range(0, 3 * 24 * 24).Select(i => MathF.Sin(i))];
    private readonly float[] _expected;

    public PretrainedTests()
    {
        using var assembly = EmittedAssembly.Compile($"[{Model}]\n{Layers}");
        using var model = assembly.Create("Net", seed: 11);
        var stream = new MemoryStream();
        ModelWeights.Save(stream, model.Parameters);
        _file = stream.ToArray();
        _expected = model.Predict(_image);
    }

    private string BesidePath => Path.Combine(AppContext.BaseDirectory, _besideName);

    public void Dispose()
    {
        _project.Dispose();
        File.Delete(BesidePath);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_predicts_as_the_model_that_was_saved_and_loads_once(bool isInside)
    {
        using var assembly = Compile(isInside);
        var model = Pretrained(assembly);

        Assert.Equal(_expected, Predict(model));
        Assert.Same(model, Pretrained(assembly));

        // Another thread has an object of its own over the same parameters.
        object? other = null;
        float[]? scores = null;
        var thread = new Thread(() =>
        {
            other = Pretrained(assembly);
            scores = Predict(other);
        });
        thread.Start();
        thread.Join();
        Assert.NotSame(model, other);
        Assert.Same(Parameters(model), Parameters(other!));
        Assert.Equal(_expected, scores);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Threads_that_ask_first_at_the_same_time_get_the_same_parameters(bool isInside)
    {
        using var assembly = Compile(isInside);
        var stores = new ParameterStore[8];
        using var start = new Barrier(stores.Length);
        var threads = stores.Select((_, i) => new Thread(() =>
        {
            start.SignalAndWait();
            stores[i] = Parameters(Pretrained(assembly));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Single(stores.Distinct());
    }

    [Fact]
    public void A_disposed_object_is_followed_by_a_new_one()
    {
        using var assembly = Compile(isInside: true);
        var model = Pretrained(assembly);
        ((IDisposable)model).Dispose();

        Assert.NotSame(model, Pretrained(assembly));
        Assert.Equal(_expected, Predict(Pretrained(assembly)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Loading_copies_the_weights_once(bool isInside)
    {
        using var assembly = Compile(isInside);
        Assert.InRange(_file.Length, 4_000_000, int.MaxValue);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var model = Pretrained(assembly);

        // The parameters' own memory is the one copy; the rest is offsets of a run, texts and the header.
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.InRange(allocated - (sizeof(float) * Parameters(model).ValuesAndStatistics.Length), 0, 300_000);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_an_error_each_time()
    {
        // The last float of the file.
        BitConverter.TryWriteBytes(_file.AsSpan(_file.Length - 4), float.NaN);
        using var assembly = Compile(isInside: true);

        for (var i = 0; i < 2; i++)
            Assert.Contains("the resource 'net.safetensors': ", Assert.Throws<InvalidDataException>(() => Pretrained(assembly)).Message);
    }

    [Fact]
    public void A_file_that_is_not_beside_the_program_is_an_error_until_it_is()
    {
        using var assembly = Compile(isInside: false);
        File.Delete(BesidePath);
        var error = Assert.Throws<FileNotFoundException>(() => Pretrained(assembly));
        Assert.Contains($"'{BesidePath}'", error.Message);
        Assert.Contains("copy the file along", error.Message);

        File.WriteAllBytes(BesidePath, []);
        Assert.Contains("has 0 bytes", Assert.Throws<InvalidDataException>(() => Pretrained(assembly)).Message);
        File.WriteAllBytes(BesidePath, _file[..^8]);
        Assert.Contains("cut off", Assert.Throws<InvalidDataException>(() => Pretrained(assembly)).Message);

        File.WriteAllBytes(BesidePath, _file);
        Assert.Equal(_expected, Predict(Pretrained(assembly)));

        // The map is closed: the file can be replaced while the program runs.
        File.WriteAllBytes(BesidePath, []);
    }

    [Fact]
    public void A_stream_is_loaded_as_a_file_is()
    {
        using var assembly = Compile(isInside: true);
        var load = assembly.Type("Net").GetMethod("Load", [typeof(Stream), typeof(LoadOptions)])!;
        using var stream = new MemoryStream([1, 2, 3, .. _file]) { Position = 3 };

        Assert.Equal(_expected, Predict(load.Invoke(null, [stream, null])!));
        Assert.True(stream.CanRead);
    }

    private EmittedAssembly Compile(bool isInside)
    {
        _project.Add("net.safetensors", _file, isInside ? "Inside" : "Beside", isInside ? null : _besideName);
        if (!isInside)
            File.WriteAllBytes(BesidePath, _file);
        return EmittedAssembly.Compile(_project, $"[{Model}, Weights(\"net.safetensors\"{(isInside ? "" : ", Embed = WeightsEmbedding.Beside")})]\n{Layers}");
    }

    private static object Pretrained(EmittedAssembly assembly) =>
        assembly.Type("Net").GetProperty("Pretrained")!.GetValue(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;

    private static ParameterStore Parameters(object model) => (ParameterStore)model.GetType().GetProperty("Parameters")!.GetValue(model)!;

    private float[] Predict(object model)
    {
        var scores = new float[10];
        Call(model)(_image, scores);
        return scores;
    }

    /// <summary>Spans can't be boxed: the call goes through the interface that every model implements.</summary>
    private static Action<float[], float[]> Call(object model)
    {
        var method = typeof(PretrainedTests).GetMethod(nameof(Bind), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(model.GetType());
        return (Action<float[], float[]>)method.Invoke(null, [model])!;
    }

    private static Action<float[], float[]> Bind<T>(T model) where T : class, IModel<T> => (image, scores) => model.Predict(image, scores, 1);
}
