using System.Threading.Channels;

namespace ExplainSample.Serving;

/// <summary>More ask at once than are waited for.</summary>
internal sealed class OverloadedException() : Exception("Too many ask at once. Try again in a moment.");

/// <summary>
/// Some objects that are for one thread at a time, lent to whoever asks: first come, first served. So many may wait and no more, and none for longer than the patience: what can't be answered soon is refused at once, so that those
/// who wait are served.
/// </summary>
/// <typeparam name="T">What is lent.</typeparam>
internal sealed class InstancePool<T> : IDisposable
    where T : IDisposable
{
    private readonly Channel<T> _free = Channel.CreateUnbounded<T>();
    private readonly List<T> _all;
    private readonly int _mostWaiting;
    private readonly TimeSpan _patience;
    private int _waiting;

    /// <summary>Takes the objects, which it disposes in the end.</summary>
    public InstancePool(IEnumerable<T> instances, int mostWaiting, TimeSpan patience)
    {
        (_all, _mostWaiting, _patience) = ([.. instances], mostWaiting, patience);
        foreach (var one in _all)
            _free.Writer.TryWrite(one);
    }

    /// <summary>The objects that nobody has.</summary>
    public int FreeCount => _free.Reader.Count;

    /// <summary>Works with one of the objects.</summary>
    /// <exception cref="OverloadedException">As many wait as may, or none became free in time.</exception>
    /// <exception cref="OperationCanceledException">Whoever asked has gone.</exception>
    public async Task<TResult> Use<TResult>(Func<T, TResult> work, CancellationToken gone)
    {
        var one = await Take(gone);
        try
        {
            return work(one);
        }
        finally
        {
            _free.Writer.TryWrite(one);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(one => one.Dispose());

    private async Task<T> Take(CancellationToken gone)
    {
        if (_free.Reader.TryRead(out var free))
            return free;
        if (Interlocked.Increment(ref _waiting) > _mostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new OverloadedException();
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone);
        end.CancelAfter(_patience);
        try
        {
            // Those who wait are served in their order.
            return await _free.Reader.ReadAsync(end.Token);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            throw new OverloadedException();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
