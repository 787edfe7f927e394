using CnnGen.Runtime;

namespace CnnGen.Tests;

/// <summary>Whatever changes parameters says so: predictions keep what they computed from them until then.</summary>
public sealed class ParameterVersionTests
{
    private readonly ParameterStore _store = new(
        [new("fc.weight", [2, 8], 0, [new(2, 8), new(8, 1)], Initialization.Glorot, 8, 2)], trainedLength: 16, totalLength: 16);

    [Fact]
    public void Every_change_moves_the_version_on()
    {
        AssertMoves(() => _store.Initialize(1));
        AssertMoves(() => _store["fc.weight"][3] = 1);
        AssertMoves(() => _store["fc.weight"].Set(new float[16]));
        AssertMoves(() => new Sgd(0.1f).Step(_store));
        AssertMoves(() => new Sgd(0.1f, momentum: 0.9f).Step(_store, 0.2f));
        AssertMoves(_store.MarkChanged);
    }

    [Fact]
    public void Loading_moves_the_version_on()
    {
        var file = Path.GetTempFileName();
        try
        {
            ModelWeights.Save(file, _store);
            AssertMoves(() => ModelWeights.Load(file, _store));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Reading_does_not()
    {
        var version = _store.Version;
        _ = _store["fc.weight"][3] + _store["fc.weight"].ToArray()[0] + _store.Values[0];
        Assert.Equal(version, _store.Version);
    }

    [Fact]
    public void What_was_prepared_is_current_until_a_change()
    {
        var prepared = _store.Prepared(32);
        Assert.False(prepared.IsCurrent);
        prepared.MarkCurrent(_store.Version);
        Assert.True(prepared.IsCurrent);
        Assert.Same(prepared, _store.Prepared(32));
        _store.MarkChanged();
        Assert.False(prepared.IsCurrent);
        Assert.Throws<ArgumentOutOfRangeException>(() => _store.Prepared(33));
    }

    private void AssertMoves(Action change)
    {
        var version = _store.Version;
        change();
        Assert.NotEqual(version, _store.Version);
    }
}
