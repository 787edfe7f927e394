using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <summary>
/// Splits a loop over the threads of the process: the calling thread and <see cref="Threads.Count"/> - 1 background workers,
/// who are started by the first loop that needs them and kept. A call allocates nothing (but for starting workers).
/// </summary>
public static unsafe class WorkerTeam
{
    /// <summary>1 while a thread is inside <see cref="Run"/> with the team, or replaces it: only that thread touches <see cref="_team"/>.</summary>
    private static int _busy;

    private static Team? _team;

    /// <summary>
    /// Calls <c>job(argument, worker, from, to)</c> for every chunk [from, to) of [0, <paramref name="count"/>), each exactly once, and returns when all are
    /// done. Chunk k is [k * grain, min(count, (k + 1) * grain)), whatever the number of threads; a thread begins with its own share of neighbouring chunks, and
    /// takes others' when it is done: which thread gets which chunk in the end, and when, is left to chance.
    /// </summary>
    /// <remarks>
    /// <para>
    /// <c>worker</c> is 0 on the calling thread and 1 to <see cref="Threads.Count"/> - 1 on the team's: within one call no two chunks run at the same time
    /// with the same number, so that a caller may keep one scratch area per number. As <see cref="Threads.Count"/> may grow at any time, a caller
    /// that has n such areas says so by <paramref name="workers"/>.
    /// </para>
    /// <para>
    /// Where the team is busy (another thread is in a call, or a job itself calls), the call goes on at once with its own thread only, as worker 0:
    /// two models used at the same time by two threads both go on, and nested calls cannot block each other.
    /// </para>
    /// <para>
    /// A job should not throw. If one does, chunks not yet begun are left out, and the first exception is thrown to the caller once no other thread
    /// is in the job any more; the team stays usable.
    /// </para>
    /// </remarks>
    /// <param name="job">The static method to call.</param>
    /// <param name="argument">Handed to every call; may point into the caller's stack.</param>
    /// <param name="count">The number of items, 0 or more.</param>
    /// <param name="grain">The items of one chunk, 1 or more.</param>
    /// <param name="workers">Only workers below this number take part, 1 or more; more than there are threads is no harm.</param>
    /// <exception cref="ArgumentNullException"><paramref name="job"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> is negative, or <paramref name="grain"/> or <paramref name="workers"/> less than 1.
    /// </exception>
    public static void Run(delegate*<void*, int, int, int, void> job, void* argument, int count, int grain, int workers = int.MaxValue) =>
        Split(job, argument, count, grain, workers, together: 0);

    /// <summary>
    /// As <see cref="Run"/>, for a job that may be called for several neighbouring chunks at once: each item belongs to one call [from, to), from is a multiple of <paramref name="grain"/>,
    /// but how long the ranges are is left to chance. A thread takes half of what is left of its share at a time, so that it is seldom called, keeps what neighbours have in common,
    /// and leaves small ranges for the end, when the others look for work.
    /// </summary>
    /// <param name="job">The static method to call.</param>
    /// <param name="argument">Handed to every call; may point into the caller's stack.</param>
    /// <param name="count">The number of items, 0 or more.</param>
    /// <param name="grain">The items of one chunk, 1 or more.</param>
    /// <param name="workers">Only workers below this number take part, 1 or more; more than there are threads is no harm.</param>
    /// <param name="together">
    /// As many neighbouring chunks have work in common, 1 or more: where there are enough such groups for all threads, one thread takes a group whole, but for the last of several.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="job"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> is negative, or <paramref name="grain"/>, <paramref name="workers"/> or <paramref name="together"/> less than 1.
    /// </exception>
    public static void Share(
        delegate*<void*, int, int, int, void> job, void* argument, int count, int grain, int workers = int.MaxValue, int together = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(together, 1);
        Split(job, argument, count, grain, workers, together);
    }

    // Together is 0 where every chunk is a call of its own.
    private static void Split(delegate*<void*, int, int, int, void> job, void* argument, int count, int grain, int workers, int together)
    {
        if (job == null)
            throw new ArgumentNullException(nameof(job));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(grain, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);

        if (count <= grain)
        {
            if (count > 0)
                job(argument, 0, 0, count);
            return;
        }

        var threads = Threads.Count;
        if (threads == 1 || workers == 1 || !TryEnter())
        {
            RunAlone(job, argument, count, together > 0 ? count : grain);
            return;
        }

        try
        {
            var team = _team;
            if (team == null || team.Threads != threads)
            {
                team?.Dismiss();
                _team = null;
                _team = team = new Team(threads);
            }

            team.Run(job, argument, count, grain, workers, together);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Lets the workers end, unless there are as many as that number of threads needs. Where the team is busy, the next call sees to it.</summary>
    internal static void DismissUnless(int threads)
    {
        if (!TryEnter())
            return;
        if (_team != null && _team.Threads != threads)
        {
            _team.Dismiss();
            _team = null;
        }

        Exit();
    }

    private static void RunAlone(delegate*<void*, int, int, int, void> job, void* argument, int count, int grain)
    {
        var from = 0;
        for (; count - from > grain; from += grain)
            job(argument, 0, from, from + grain);
        job(argument, 0, from, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryEnter() => Volatile.Read(ref _busy) == 0 && Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    private static void Exit() => Volatile.Write(ref _busy, 0);
}
