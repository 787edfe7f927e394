using CnnGen.Runtime;
using CnnGen.Tests.Data;

namespace CnnGen.Tests.Weights;

public sealed class ModelWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "weights.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_saved_is_loaded_bit_for_bit()
    {
        var saved = MakeStore(1);
        ModelWeights.Save(File, saved, new Dictionary<string, string> { ["epochs"] = "5" });
        var loaded = MakeStore(2);
        Assert.NotEqual(Bits(saved), Bits(loaded));
        ModelWeights.Load(File, loaded);
        Assert.Equal(Bits(saved), Bits(loaded));
        using var file = SafeTensors.Open(File);
        Assert.Equal("5", file.Metadata["epochs"]);
    }

    [Fact]
    public void Streams_and_memory_are_loaded_as_files_are()
    {
        var saved = MakeStore(1);
        var stream = new MemoryStream();
        ModelWeights.Save(stream, saved);
        stream.Position = 0;
        var fromStream = MakeStore(2);
        ModelWeights.Load(stream, fromStream);
        Assert.Equal(Bits(saved), Bits(fromStream));
        var fromMemory = MakeStore(3);
        ModelWeights.Load(stream.ToArray(), fromMemory);
        Assert.Equal(Bits(saved), Bits(fromMemory));
    }

    [Fact]
    public void The_file_has_the_logical_order_and_the_models_names()
    {
        var store = MakeStore(1);
        ModelWeights.Save(File, store);
        using var file = SafeTensors.Open(File);
        Assert.Equal(["conv1.weight", "conv1.bias", "dense1.weight", "bn1.running_mean"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([3L, 2L, 2L, 2L], file.Tensors[0].Shape.ToArray());
        Assert.All(file.Tensors, tensor => Assert.Equal(SafeTensorType.F32, tensor.Type));
        foreach (var tensor in file.Tensors)
        {
            var parameter = store[tensor.Name];
            Assert.Equal(Enumerable.Range(0, parameter.Length).Select(i => parameter[i]), tensor.ToArray());
        }
    }

    [Fact]
    public void Loading_leaves_the_unused_lanes_zero()
    {
        var store = MakeStore(1);
        ModelWeights.Save(File, store);
        ModelWeights.Load(File, store);

        // The second block of conv1.weight has one filter of two: every second float of it is unused.
        for (var i = 17; i < 32; i += 2)
            Assert.Equal(0f, store.Values[i]);
    }

    [Fact]
    public void A_run_of_values_is_copied_as_single_values_are()
    {
        var store = MakeStore(1);
        var parameter = store["conv1.weight"];
        var values = parameter.ToArray();
        for (var start = 0; start <= values.Length; start++)
        {
            for (var end = start; end <= values.Length; end++)
            {
                var run = new float[end - start];
                parameter.CopyTo(start, run);
                Assert.Equal(values[start..end], run);
                parameter.Set(start, run);
                Assert.Equal(values, parameter.ToArray());
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => parameter.CopyTo(20, new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameter.Set(-1, new float[1]));
    }

    [Fact]
    public void Half_precision_weights_are_loaded()
    {
        var store = new ParameterStore([new("a", [2], 0, [new(2, 1)], Initialization.Zeros)], 2, 2);
        ModelWeights.Load(SafeTensorsBytes.Make("{" + SafeTensorsBytes.Entry("a", "F16", "2", 0, 4) + "}", 0, 0x3C, 0, 0xC0), store);
        Assert.Equal([1f, -2f], store["a"].ToArray());
    }

    [Fact]
    public void A_missing_tensor_is_named_with_its_likely_other_name()
    {
        Write(("conv_1.weight", [3, 2, 2, 2]), ("conv1.bias", [3]), ("dense1.weight", [200, 300]));
        var message = Refused();
        Assert.Contains("conv1.weight [3, 2, 2, 2] is missing; the file has conv_1.weight", message);
        Assert.Contains("bn1.running_mean [3] is missing\n", message);
        Assert.Contains("conv_1.weight F32 [3, 2, 2, 2] is no parameter of the model; did you mean conv1.weight", message);
    }

    [Fact]
    public void A_surplus_tensor_is_named()
    {
        Write([.. All, ("conv2.weight", [1]), ("something.altogether.different", [2])]);
        var message = Refused();
        Assert.Contains("conv2.weight F32 [1] is no parameter of the model; the nearest is conv1.weight", message);
        Assert.Contains("something.altogether.different F32 [2] is no parameter of the model\n", message);
    }

    [Theory]
    [InlineData(3, 2, 4, "[3, 2, 4]")]
    [InlineData(2, 3, 4, "[2, 3, 4]")]
    public void Another_shape_is_refused_with_both(int a, int b, int c, string printed)
    {
        Write([("conv1.weight", [a, b, c]), .. All.Skip(1)]);
        Assert.Contains($"conv1.weight has the shape {printed} in the file, but [3, 2, 2, 2] in the model", Refused());
    }

    [Fact]
    public void Exchanged_dimensions_are_refused()
    {
        Write([.. All.Select(tensor => tensor.Name == "dense1.weight" ? (tensor.Name, [300, 200]) : tensor)]);
        Assert.Contains("dense1.weight has the shape [300, 200] in the file, but [200, 300] in the model", Refused());
    }

    [Fact]
    public void A_wrong_type_is_refused()
    {
        var store = new ParameterStore([new("a", [1], 0, [new(1, 1)], Initialization.Zeros)], 1, 1);
        var bytes = SafeTensorsBytes.Make("{" + SafeTensorsBytes.Entry("a", "I32", "1", 0, 4) + "}", 1, 0, 0, 0);
        var message = Assert.Throws<InvalidDataException>(() => ModelWeights.Load(bytes, store)).Message;
        Assert.Contains("a is I32 in the file, but has to be F32", message);
        Assert.Equal(0f, store["a"][0]);
    }

    [Fact]
    public void Only_the_first_of_many_faults_are_listed()
    {
        Write([.. All, .. Enumerable.Range(0, 20).Select(i => ($"surplus{i}", new[] { 1 }))]);
        var message = Refused();
        Assert.Contains("surplus7", message);
        Assert.DoesNotContain("surplus8", message);
        Assert.Contains("and 12 more", message);
    }

    [Theory]
    [InlineData(float.NaN, "the first, NaN, at index 59999")]
    [InlineData(float.PositiveInfinity, "the first, infinity, at index 59999")]
    [InlineData(float.NegativeInfinity, "the first, -infinity, at index 59999")]
    public void Weights_that_are_not_finite_are_loaded_on_request_only(float value, string expected)
    {
        var saved = MakeStore(1);
        saved["dense1.weight"][59_999] = value;
        ModelWeights.Save(File, saved, options: new SaveOptions { AllowNonFinite = true });
        var message = Refused();
        Assert.Contains("dense1.weight F32 [200, 300] has 1 values", message);
        Assert.Contains(expected, message);
        Assert.Contains("AllowNonFinite = true", message);

        var loaded = MakeStore(2);
        ModelWeights.Load(File, loaded, new LoadOptions { AllowNonFinite = true });
        Assert.Equal(Bits(saved), Bits(loaded));
    }

    [Theory]
    [InlineData("bn1.num_batches_tracked", "I64", "")]
    [InlineData("bn1.num_batches_tracked", "I64", "1")]
    [InlineData("num_batches_tracked", "I64", "")]
    public void The_counter_of_batch_normalisation_is_passed_over(string name, string type, string shape)
    {
        var store = new ParameterStore([new("a", [1], 0, [new(1, 1)], Initialization.Zeros)], 1, 1);
        ModelWeights.Load(WithCounter(name, type, shape, 8), store);
        Assert.Equal(1f, store["a"][0]);
    }

    [Theory]
    [InlineData("bn1.num_batches_tracked", "F32", "2")]
    [InlineData("bn1.num_batches_tracked", "F32", "2,1")]
    [InlineData("bn1.batches", "I64", "")]
    [InlineData("bn1xnum_batches_tracked", "I64", "")]
    public void What_only_looks_like_that_counter_is_surplus(string name, string type, string shape)
    {
        var store = new ParameterStore([new("a", [1], 0, [new(1, 1)], Initialization.Zeros)], 1, 1);
        Assert.Contains(name, Assert.Throws<InvalidDataException>(() => ModelWeights.Load(WithCounter(name, type, shape, 8), store)).Message);
        Assert.Equal(0f, store["a"][0]);
    }

    [Fact]
    public void A_missing_file_leaves_the_model_as_it_was()
    {
        var store = MakeStore(1);
        var before = Bits(store);
        Assert.Throws<FileNotFoundException>(() => ModelWeights.Load(File, store));
        Assert.Equal(before, Bits(store));
    }

    [Fact]
    public void Random_damage_leaves_the_model_as_it_was_or_loads()
    {
        var definitions = new ParameterDefinition[]
        {
            new("a", [2, 1], 0, [new(2, 1), new(1, 1)], Initialization.Glorot, 1, 1),
            new("b", [2], 2, [new(2, 1)], Initialization.Glorot, 1, 1),
        };
        var saved = new ParameterStore(definitions, 4, 4);
        saved.Initialize(1);
        var stream = new MemoryStream();
        ModelWeights.Save(stream, saved);
        var random = new Random(5);
        var store = new ParameterStore(definitions, 4, 4);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            store.Values.Fill(7);
            try
            {
                ModelWeights.Load(Damage.Apply(stream.ToArray(), random), store);
                Assert.All(store.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
            }
            catch (InvalidDataException)
            {
                Assert.Equal([7f, 7f, 7f, 7f], store.Values.ToArray());
                refused++;
            }
        }

        Assert.InRange(refused, 10_000, 19_999);
    }

    [Fact]
    public void Saving_and_loading_is_the_same_in_every_culture()
    {
        var saved = MakeStore(1);
        var expected = new MemoryStream();
        ModelWeights.Save(expected, saved);
        using var culture = new HostileCulture();
        ModelWeights.Save(File, saved);
        Assert.Equal(expected.ToArray(), System.IO.File.ReadAllBytes(File));
        var loaded = MakeStore(2);
        ModelWeights.Load(File, loaded);
        Assert.Equal(Bits(saved), Bits(loaded));
    }

    private static readonly (string Name, int[] Shape)[] All =
        [("conv1.weight", [3, 2, 2, 2]), ("conv1.bias", [3]), ("dense1.weight", [200, 300]), ("bn1.running_mean", [3])];

    /// <summary>A convolution packed in blocks of two filters, a bias, a transposed dense matrix of more than one buffer, and a running mean.</summary>
    private static ParameterStore MakeStore(int seed)
    {
        var store = new ParameterStore(
            [
                new("conv1.weight", [3, 2, 2, 2], 0, [new(2, 16), new(2, 1), new(2, 2), new(2, 8), new(2, 4)], Initialization.He, 8, 12),
                new("conv1.bias", [3], 32, [new(3, 1)], Initialization.Glorot, 8, 12),
                new("dense1.weight", [200, 300], 36, [new(200, 1), new(300, 200)], Initialization.Glorot, 300, 200),
                new("bn1.running_mean", [3], 60_036, [new(3, 1)], Initialization.Glorot, 1, 1, IsTrained: false),
            ],
            60_036,
            60_039);
        store.Initialize(seed);
        return store;
    }

    private static int[] Bits(ParameterStore store) =>
        store.All.SelectMany(parameter => parameter.ToArray()).Select(BitConverter.SingleToInt32Bits).ToArray();

    private static byte[] WithCounter(string name, string type, string shape, int length) => SafeTensorsBytes.Make(
        $"{{{SafeTensorsBytes.Entry("a", "F32", "1", 0, 4)},{SafeTensorsBytes.Entry(name, type, shape, 4, 4 + length)}}}",
        [.. SafeTensorsBytes.Of(1), .. new byte[length]]);

    private void Write(params (string Name, int[] Shape)[] tensors) => SafeTensors.Write(
        File,
        Array.ConvertAll(tensors, tensor => new SafeTensorValues(tensor.Name, tensor.Shape, new float[tensor.Shape.Aggregate(1, (a, b) => a * b)])));

    /// <summary>Loads the file into a model, which has to fail and to leave the model as it was.</summary>
    private string Refused()
    {
        var store = MakeStore(2);
        var before = Bits(store);
        var error = Assert.Throws<InvalidDataException>(() => ModelWeights.Load(File, store));
        Assert.Equal(before, Bits(store));
        Assert.Contains($"'{File}'", error.Message);
        return error.Message;
    }
}
