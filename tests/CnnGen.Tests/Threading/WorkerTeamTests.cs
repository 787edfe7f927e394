using System.Diagnostics;
using CnnGen.Runtime;
using CnnGen.Tests.Memory;

namespace CnnGen.Tests.Threading;

[Collection(ThreadsCollection.Name)]
public unsafe class WorkerTeamTests
{
    /// <summary>What the jobs below get: counters for each item, and what is to be checked.</summary>
    private struct Visits
    {
        public int* Items;
        public int Count;
        public int Grain;
        public int Workers;
        public int Misshapen;
        public int Highest;
        public int Spin;
        public long Others;
        public int Deep;
        public int ThrowAt;
        public fixed int Inside[64];
    }

    private static void Visit(void* argument, int worker, int from, int to)
    {
        var visits = (Visits*)argument;
        var right = from % visits->Grain == 0 && to == Math.Min((long)visits->Count, (long)from + visits->Grain)
            && worker >= 0 && worker < visits->Workers;
        if (!right)
            Interlocked.Increment(ref visits->Misshapen);

        // Nobody else may be inside with the same number.
        if (right && Interlocked.Increment(ref visits->Inside[worker]) != 1)
            Interlocked.Increment(ref visits->Misshapen);
        for (var i = from; i < to; i++)
            Interlocked.Increment(ref visits->Items[i]);
        if (visits->Spin > 0)
            Thread.SpinWait(visits->Spin);
        if (worker != 0)
            Interlocked.Increment(ref visits->Others);
        if (right)
            Interlocked.Decrement(ref visits->Inside[worker]);
    }

    private static void CheckEachOnce(int count, int grain, int threads, int workers = int.MaxValue, int spin = 0)
    {
        var items = new int[count];
        fixed (int* pointer = items)
        {
            var visits = new Visits { Items = pointer, Count = count, Grain = grain, Workers = Math.Min(threads, workers), Spin = spin };
            WorkerTeam.Run(&Visit, &visits, count, grain, workers);
            Assert.Equal(0, visits.Misshapen);
        }

        Assert.All(items, visited => Assert.Equal(1, visited));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    public void Every_item_is_visited_once_in_chunks_that_start_at_multiples_of_the_grain(int threads)
    {
        using var with = new WithThreads(threads);
        foreach (var count in new[] { 0, 1, 2, 3, 7, 8, 64, 100, 1000 })
        {
            foreach (var grain in new[] { 1, 2, 3, 7, 64, 999, 1000, 1001, int.MaxValue })
            {
                for (var repeat = 0; repeat < 20; repeat++)
                    CheckEachOnce(count, grain, threads);
            }
        }
    }

    private static void CountChunks(void* argument, int worker, int from, int to)
    {
        var sums = (long*)argument;
        Interlocked.Add(ref sums[0], to - (long)from);
        Interlocked.Increment(ref sums[1]);
        if (from < 0 || to <= from)
            Interlocked.Increment(ref sums[2]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Counts_up_to_the_largest_do_not_overflow(int threads)
    {
        using var with = new WithThreads(threads);
        var sums = stackalloc long[3];
        foreach (var grain in new[] { 1 << 20, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue })
        {
            sums[0] = sums[1] = sums[2] = 0;
            WorkerTeam.Run(&CountChunks, sums, int.MaxValue, grain);
            Assert.Equal(int.MaxValue, sums[0]);
            Assert.Equal(((long)int.MaxValue + grain - 1) / grain, sums[1]);
            Assert.Equal(0, sums[2]);
        }
    }

    [Fact]
    public void Workers_help()
    {
        using var with = new WithThreads(2);
        var items = new int[64];
        fixed (int* pointer = items)
        {
            var visits = new Visits { Items = pointer, Count = 64, Grain = 1, Workers = 2, Spin = 20_000 };

            // Chance decides who gets what, so as often as it takes, within ten seconds.
            var clock = Stopwatch.StartNew();
            while (visits.Others == 0 && clock.Elapsed.TotalSeconds < 10)
                WorkerTeam.Run(&Visit, &visits, 64, 1);
            Assert.NotEqual(0, visits.Others);
        }
    }

    [Fact]
    public void Parked_workers_come_back()
    {
        using var with = new WithThreads(2);
        var items = new int[16];
        fixed (int* pointer = items)
        {
            for (var round = 0; round < 5; round++)
            {
                Thread.Sleep(30); // Spinning takes about a millisecond.
                var visits = new Visits { Items = pointer, Count = 16, Grain = 1, Workers = 2, Spin = 50_000 };
                var clock = Stopwatch.StartNew();
                while (visits.Others == 0 && clock.Elapsed.TotalSeconds < 10)
                    WorkerTeam.Run(&Visit, &visits, 16, 1);
                Assert.NotEqual(0, visits.Others);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Only_as_many_workers_take_part_as_the_caller_has_room_for(int workers)
    {
        using var with = new WithThreads(4);
        for (var repeat = 0; repeat < 500; repeat++)
            CheckEachOnce(40, 1, 4, workers, spin: 50);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => WorkerTeam.Run(null, null, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => WorkerTeam.Run(&CountChunks, null, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("grain", () => WorkerTeam.Run(&CountChunks, null, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("workers", () => WorkerTeam.Run(&CountChunks, null, 1, 1, 0));
    }

    [Fact]
    public void Callers_on_several_threads_all_go_on()
    {
        using var with = new WithThreads(3);
        OnThreads(4, _ =>
        {
            for (var repeat = 0; repeat < 2000; repeat++)
                CheckEachOnce(1 + (repeat % 50), 1 + (repeat % 3), 3);
        });
    }

    [Fact]
    public void Every_stack_frame_stays_its_own_under_stress()
    {
        // Short jobs back to back, each with its argument on the stack: a late worker that used an old or a half-written job would hit the wrong counters.
        using var with = new WithThreads(4);
        var clock = Stopwatch.StartNew();
        var sums = stackalloc long[3];
        for (var call = 0; clock.ElapsedMilliseconds < 1500; call++)
        {
            sums[0] = sums[1] = sums[2] = 0;
            var count = 2 + (call % 37);
            var grain = 1 + (call % 2);
            WorkerTeam.Run(&CountChunks, sums, count, grain);
            if (sums[0] != count || sums[1] != (count + grain - 1) / grain || sums[2] != 0)
                Assert.Fail($"Call {call}: {sums[0]} items of {count} in {sums[1]} chunks.");
        }
    }

    private static void Nested(void* argument, int worker, int from, int to)
    {
        var visits = (Visits*)argument;
        var items = stackalloc int[20];
        new Span<int>(items, 20).Clear();
        var inner = new Visits { Items = items, Count = 20, Grain = 3, Workers = 1 };
        WorkerTeam.Run(&Visit, &inner, 20, 3);
        for (var i = 0; i < 20; i++)
        {
            if (items[i] != 1)
                inner.Misshapen++;
        }

        Interlocked.Add(ref visits->Misshapen, inner.Misshapen);
        Interlocked.Add(ref visits->Deep, to - from);
    }

    [Fact]
    public void A_job_may_call_again_and_is_then_alone_as_worker_zero()
    {
        using var with = new WithThreads(4);
        for (var repeat = 0; repeat < 500; repeat++)
        {
            var visits = default(Visits);
            WorkerTeam.Run(&Nested, &visits, 30, 1);
            Assert.Equal(30, visits.Deep);
            Assert.Equal(0, visits.Misshapen);
        }
    }

    [Fact]
    public void The_number_of_threads_may_change_under_load()
    {
        using var with = new WithThreads(4);
        var clock = Stopwatch.StartNew();
        OnThreads(3, thread =>
        {
            for (var repeat = 0; clock.ElapsedMilliseconds < 1500; repeat++)
            {
                if (thread == 0)
                    Threads.Count = 1 + (repeat % 6);
                else
                    CheckEachOnce(2 + (repeat % 60), 1 + (repeat % 3), 6);
            }
        });
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        using var with = new WithThreads(4);
        var sums = stackalloc long[3];
        for (var i = 0; i < 100; i++)
            WorkerTeam.Run(&CountChunks, sums, 64, 1);
        Assert.Equal(0, Allocations.Least(1000, () => WorkerTeam.Run(&CountChunks, sums, 64, 1)));
    }

    private static void Throw(void* argument, int worker, int from, int to)
    {
        var visits = (Visits*)argument;
        if (from == visits->ThrowAt)
            throw new FormatException("the chunk at " + from.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Interlocked.Increment(ref visits->Deep);
        Thread.SpinWait(200);
        Interlocked.Decrement(ref visits->Deep);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_in_a_job_reaches_the_caller_when_no_other_chunk_is_running(int threads)
    {
        using var with = new WithThreads(threads);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var visits = new Visits { ThrowAt = repeat };
            var pointer = (IntPtr)(&visits);
            var exception = Assert.Throws<FormatException>(() => WorkerTeam.Run(&Throw, (void*)pointer, 50, 1));
            Assert.Equal(0, Volatile.Read(ref visits.Deep));
            Assert.Contains(nameof(Throw), exception.StackTrace, StringComparison.Ordinal);
            CheckEachOnce(100, 3, threads);
        }
    }

    /// <summary>Runs the action on so many threads at once, and throws what one of them threw.</summary>
    private static void OnThreads(int count, Action<int> action)
    {
        Exception? failure = null;
        var threads = Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            try
            {
                action(index);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
    }
}
