using System.Runtime.ExceptionServices;

namespace CnnGen.Runtime;

/// <summary>
/// Loads batches one after another, some of them ahead of their use, on threads of its own: <see cref="Threads.Count"/> less one. Who asks for a batch that is not ready loads with them. What is in a batch
/// depends on its source alone, so that it has the same bits however many threads there are, and however far ahead they get.
/// </summary>
internal sealed class BatchLoader : IDisposable
{
    private readonly Slot[] _ring;
    private readonly Action<Batch, int> _prepare;
    private readonly int _end;
    private readonly int _inUse;
    private readonly Thread[] _threads;
    private readonly object _gate = new();

    /// <summary>The batch that images are taken from, and the one that is asked for next.</summary>
    private int _open;
    private int _next;
    private bool _isUsed;
    private bool _isStopped;

    /// <summary>Starts loading.</summary>
    /// <param name="ring">The room: one batch in use, the others ahead.</param>
    /// <param name="first">The number of the first batch.</param>
    /// <param name="end">The number after the last one.</param>
    /// <param name="prepare">Says what a number's batch has, by <see cref="Batch.Prepare"/>; called by one thread at a time, in order.</param>
    /// <param name="inUse">The batches in use at once: the last ones that were asked for, whose room is not loaded anew.</param>
    public BatchLoader(Batch[] ring, int first, int end, Action<Batch, int> prepare, int inUse = 1)
    {
        _ring = Array.ConvertAll(ring, batch => new Slot(batch));
        (_prepare, _end, _inUse) = (prepare, end, inUse);
        (_open, _next) = (first - 1, first);
        _threads = new Thread[Math.Min(Threads.Count - 1, ring.Length * ring[0].Capacity)];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(LoadAhead) { IsBackground = true, Name = "CnnGen loader" };
            _threads[i].Start();
        }
    }

    /// <summary>The next batch. The one before those in use is done with: its room is loaded anew.</summary>
    /// <exception cref="Exception">What loading the batch's first faulty image threw.</exception>
    public Batch Next()
    {
        Slot slot;
        lock (_gate)
        {
            if (_isUsed)
                _next++;
            _isUsed = true;
            slot = SlotOf(_next);
            Monitor.PulseAll(_gate);
        }

        while (TakeOf(slot, out var image))
            Load(slot, image);
        slot.Failure?.Throw();
        return slot.Batch;
    }

    /// <summary>Ends the threads, and returns when they have.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    /// <summary>An image of the batch that is asked for, or that it is ready; waits where others load the last of it.</summary>
    private bool TakeOf(Slot slot, out int image)
    {
        lock (_gate)
        {
            while (_open < _next || slot.Left > 0)
            {
                // None of a later batch: this one may be ready before that image is.
                if ((_open < _next || (_open == _next && slot.Taken < slot.Batch.Count)) && TryTake(out _, out image))
                    return true;
                Monitor.Wait(_gate);
            }

            image = 0;
            return false;
        }
    }

    private Slot SlotOf(int number) => _ring[number % _ring.Length];

    private void LoadAhead()
    {
        while (true)
        {
            Slot? slot;
            int image;
            lock (_gate)
            {
                while (!TryTake(out slot, out image))
                {
                    if (_isStopped)
                        return;
                    Monitor.Wait(_gate);
                }
            }

            Load(slot!, image);
        }
    }

    /// <summary>The next image that nobody loads yet, where there is room for its batch. Within the gate.</summary>
    private bool TryTake(out Slot? slot, out int image)
    {
        (slot, image) = (null, 0);
        if (_isStopped)
            return false;
        if (_open < _next || SlotOf(_open).Taken == SlotOf(_open).Batch.Count)
        {
            // The room of the batch in use is not free before the next one is asked for.
            if (_open + 1 >= Math.Min(_end, _next + _ring.Length - (_inUse - 1)))
                return false;
            _open++;
            var opened = SlotOf(_open);
            _prepare(opened.Batch, _open);
            (opened.Taken, opened.Left, opened.Failure, opened.Failed) = (0, opened.Batch.Count, null, int.MaxValue);
        }

        slot = SlotOf(_open);
        image = slot.Taken++;
        return true;
    }

    private void Load(Slot slot, int image)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            slot.Batch.Load(image);
        }
        catch (Exception fault)
        {
            failure = ExceptionDispatchInfo.Capture(fault);
        }

        lock (_gate)
        {
            if (failure != null && image < slot.Failed)
                (slot.Failure, slot.Failed) = (failure, image);
            if (--slot.Left == 0)
                Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Room for one batch, and how far it is.</summary>
    private sealed class Slot(Batch batch)
    {
        public Batch Batch => batch;

        /// <summary>The images that somebody loads or has loaded.</summary>
        public int Taken { get; set; }

        /// <summary>The images that are not loaded yet.</summary>
        public int Left { get; set; }

        /// <summary>What the first image threw that can't be loaded, and its place.</summary>
        public ExceptionDispatchInfo? Failure { get; set; }

        public int Failed { get; set; }
    }
}
