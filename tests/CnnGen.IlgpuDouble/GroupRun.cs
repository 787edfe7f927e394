using System.Reflection;
using System.Collections.Concurrent;

namespace ILGPU;

/// <summary>
/// How the test double executes a launch. Threads that share nothing run one after the other. Those of a kernel that shares memory are real threads, of which one runs at a time: each from barrier to barrier, the first before the
/// second. So a barrier that is missing shows in every run: the first thread goes on with what the others haven't fetched, or fetches what they still need. Shared memory begins as not-a-numbers.
/// Emitted kernels are rewritten by the tests, and run by <see cref="TurnRun"/> in the same order without threads.
/// </summary>
internal sealed class GroupRun
{
    private const int StackSize = 1 << 18;

    private static readonly ConcurrentDictionary<MethodInfo, bool> s_needsThreads = [];

    [ThreadStatic]
    private static GroupRun? s_current;

    [ThreadStatic]
    private static int s_thread;

    private readonly Action _kernel;
    private readonly KernelConfig _config;
    private readonly Turn[] _turns;
    private readonly List<float[]> _shared = [];
    private readonly int[] _nextShared;
    private readonly bool[] _isDone;
    private readonly bool _isSequential;
    private int _group;
    private volatile Exception? _failure;

    private GroupRun(KernelConfig config, Action kernel, bool isSequential)
    {
        (_config, _kernel, _isSequential) = (config, kernel, isSequential);
        _turns = isSequential ? [] : [.. Enumerable.Range(0, config.Threads).Select(_ => new Turn())];
        _nextShared = new int[config.Threads];
        _isDone = new bool[config.Threads];
    }

    /// <summary>The barriers that all groups of all launches have passed: for tests of the double.</summary>
    public static long Barriers;

    public static int Thread => s_thread;

    public static int GroupX => Current._group % Current._config.GroupsX;

    public static int GroupY => Current._group / Current._config.GroupsX;

    /// <summary>A launch whose threads are enumerators, which <see cref="TurnRun"/> has take turns.</summary>
    public static GroupRun ByTurns(KernelConfig config) => new(config, () => { }, isSequential: false);

    private static GroupRun Current => s_current ?? throw new InvalidOperationException("Outside a launch there is no group.");

    public static void Launch(KernelConfig config, MethodInfo method, Action kernel)
    {
        if (!s_needsThreads.GetValueOrDefault(method))
        {
            try
            {
                new GroupRun(config, kernel, isSequential: true).RunAll();
                return;
            }
            catch (NeedsThreads)
            {
                // A kernel shares memory before it does anything else: nothing has happened yet.
                s_needsThreads[method] = true;
            }
        }

        new GroupRun(config, kernel, isSequential: false).RunThreads();
    }

    /// <summary>The group's next piece of shared memory.</summary>
    public static ArrayView<float> Share(int length)
    {
        var run = Current;
        if (run._isSequential)
            throw new NeedsThreads();
        var piece = run._nextShared[s_thread]++;
        if (piece == run._shared.Count)
        {
            run._shared.Add(new float[length]);
            run._shared[piece].AsSpan().Fill(float.NaN);
        }

        return new(run._shared[piece], 0, length);
    }

    /// <summary>Waits until all threads of the group are here.</summary>
    public static void Barrier()
    {
        var run = Current;
        if (run._isSequential)
            throw new InvalidOperationException("A barrier in a kernel that shares no memory.");
        run.NextThread(isDone: false);
    }

    /// <summary>Runs something as this launch.</summary>
    public void Within(Action action)
    {
        var (before, thread) = (s_current, s_thread);
        try
        {
            s_current = this;
            action();
        }
        finally
        {
            (s_current, s_thread) = (before, thread);
        }
    }

    /// <summary>What follows is that thread's.</summary>
    public void BeThread(int thread) => s_thread = thread;

    public void CountBarrier() => Interlocked.Increment(ref Barriers);

    private void RunAll() => Within(() =>
    {
        for (_group = 0; _group < _config.Groups; _group++)
        {
            for (s_thread = 0; s_thread < _config.Threads; s_thread++)
                _kernel();
        }
    });

    private void RunThreads()
    {
        var threads = Enumerable.Range(0, _config.Threads).Select(index => new Thread(() => RunThread(index), StackSize)).ToList();
        foreach (var thread in threads)
            thread.Start();
        _turns[0].Release();
        foreach (var thread in threads)
            thread.Join();
        if (_failure is { } failure)
            throw new InvalidOperationException($"In group ({GroupOf(_group)}): {failure.Message}", failure);
    }

    private string GroupOf(int group) => $"{group % _config.GroupsX}, {group / _config.GroupsX}";

    private void RunThread(int index)
    {
        (s_current, s_thread) = (this, index);
        try
        {
            _turns[index].Wait();
            for (var group = 0; group < _config.Groups && _failure is null; group++)
            {
                _kernel();
                NextThread(isDone: true);
            }

            // All groups are done: each thread wakes the next one up to end too.
            if (index + 1 < _config.Threads)
                _turns[index + 1].Release();
        }
        catch (Exception exception)
        {
            _failure ??= exception;
            foreach (var turn in _turns)
                turn.Release();
        }
    }

    /// <summary>Lets the next thread run to the same place, and goes on when all have been there.</summary>
    private void NextThread(bool isDone)
    {
        var index = s_thread;
        _isDone[index] = isDone;
        if (index == _config.Threads - 1)
        {
            if (_isDone.Contains(true) && _isDone.Contains(false))
                throw new InvalidOperationException("Some threads wait at a barrier that others never reach.");
            Interlocked.Increment(ref Barriers);
            if (isDone)
                NextGroup();
        }

        _turns[(index + 1) % _config.Threads].Release();
        _turns[index].Wait();
        if (_failure is not null)
            throw new OperationCanceledException("Another thread failed.");
    }

    /// <summary>The next group begins with shared memory of its own.</summary>
    public void NextGroup()
    {
        _group++;
        Array.Clear(_nextShared);
        foreach (var piece in _shared)
            piece.AsSpan().Fill(float.NaN);
    }

    private sealed class NeedsThreads : Exception;

    /// <summary>What a thread waits for. It doesn't spin: of many threads one runs.</summary>
    private sealed class Turn
    {
        private bool _isGiven;

        public void Wait()
        {
            lock (this)
            {
                while (!_isGiven)
                    Monitor.Wait(this);
                _isGiven = false;
            }
        }

        public void Release()
        {
            lock (this)
            {
                _isGiven = true;
                Monitor.Pulse(this);
            }
        }
    }
}

/// <summary>Test double.</summary>
public static class Group
{
    public static int IdxX => GroupRun.Thread;

    public static void Barrier() => GroupRun.Barrier();
}

/// <summary>Test double.</summary>
public static class Grid
{
    public static int IdxX => GroupRun.GroupX;

    public static int IdxY => GroupRun.GroupY;
}

/// <summary>Test double.</summary>
public static class SharedMemory
{
    public static ArrayView<T> Allocate<T>(int extent) where T : unmanaged => GroupRun.Share(extent * System.Runtime.CompilerServices.Unsafe.SizeOf<T>() / sizeof(float)).Cast<T>();
}
