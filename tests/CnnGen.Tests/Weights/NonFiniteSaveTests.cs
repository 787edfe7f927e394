using CnnGen.Runtime;
using CnnGen.Tests.Data;

namespace CnnGen.Tests.Weights;

public sealed class NonFiniteSaveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinity")]
    [InlineData(float.NegativeInfinity, "-infinity")]
    public void Weights_that_could_not_be_loaded_again_are_saved_on_request_only(float value, string text)
    {
        var path = Path.Combine(_folder.Path, "weights.safetensors");
        var store = new ParameterStore(
            [new("a", [2], 0, [new(2, 1)], Initialization.Zeros), new("b", [3, 2], 2, [new(3, 1), new(2, 3)], Initialization.Zeros)], 8, 8);
        ModelWeights.Save(path, store);
        var good = File.ReadAllBytes(path);

        store["b"][4] = value;
        var error = Assert.Throws<InvalidOperationException>(() => ModelWeights.Save(path, store));
        Assert.StartsWith($"b [3, 2] has 1 values that are no finite 32-bit floats, the first, {text}, at index 4", error.Message);
        Assert.Contains("AllowNonFinite = true", error.Message);
        Assert.Equal(good, File.ReadAllBytes(path));
        var stream = new MemoryStream();
        Assert.Throws<InvalidOperationException>(() => ModelWeights.Save(stream, store));
        Assert.Equal(0, stream.Length);

        ModelWeights.Save(path, store, options: new SaveOptions { AllowNonFinite = true });
        ModelWeights.Save(stream, store, options: new SaveOptions { AllowNonFinite = true });
        Assert.Equal(File.ReadAllBytes(path), stream.ToArray());
        Assert.Throws<InvalidDataException>(() => ModelWeights.Load(path, store));
        ModelWeights.Load(path, store, new LoadOptions { AllowNonFinite = true });
        Assert.Equal(value, store["b"][4]);
    }

    [Fact]
    public void A_lane_that_no_parameter_uses_is_not_looked_at()
    {
        var store = new ParameterStore([new("a", [2], 0, [new(2, 1)], Initialization.Zeros)], 16, 16);
        store.Values[5] = float.NaN;
        ModelWeights.Save(Path.Combine(_folder.Path, "weights.safetensors"), store);
    }
}
