using System.Diagnostics;
using CnnGen.Runtime;

namespace CnnGen.Tests.Threading;

[Collection(ThreadsCollection.Name)]
public unsafe class WorkerTeamShareTests
{
    private const int MostCalls = 4096;

    /// <summary>What the jobs below get: how often each item was computed, and the ranges of all calls.</summary>
    private struct Log
    {
        public int* Items;
        public (int From, int To)* Ranges;
        public int Calls;
        public int Misplaced;
        public int Workers;
        public int ThrowAt;
        public fixed int Inside[64];
    }

    private static void Note(void* argument, int worker, int from, int to)
    {
        var log = (Log*)argument;
        if (worker < 0 || worker >= log->Workers || Interlocked.Increment(ref log->Inside[worker]) != 1)
            Interlocked.Increment(ref log->Misplaced);
        log->Ranges[Interlocked.Increment(ref log->Calls) - 1] = (from, to);
        if (from <= log->ThrowAt && log->ThrowAt < to)
            throw new FormatException("a chunk fell over");
        for (var i = from; i < to; i++)
            Interlocked.Increment(ref log->Items[i]);
        Interlocked.Decrement(ref log->Inside[worker]);
    }

    /// <summary>Shares the items, checks that each was computed once, and gives the ranges.</summary>
    private static (int From, int To)[] Share(int count, int grain, int threads, int together, int workers = int.MaxValue)
    {
        var items = new int[count];
        var ranges = new (int From, int To)[MostCalls];
        fixed (int* pointer = items)
        fixed ((int, int)* firstRange = ranges)
        {
            var log = new Log { Items = pointer, Ranges = firstRange, Workers = Math.Min(threads, workers), ThrowAt = -1 };
            WorkerTeam.Share(&Note, &log, count, grain, workers, together);
            Assert.Equal(0, log.Misplaced);
            Assert.All(items, times => Assert.Equal(1, times));
            return ranges[..log.Calls];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Every_item_is_in_one_range_of_whole_chunks(int threads)
    {
        using var with = new WithThreads(threads);
        foreach (var count in new[] { 0, 1, 2, 3, 7, 8, 64, 100, 1000 })
        {
            foreach (var grain in new[] { 1, 2, 3, 7, 999, 1000, 1001, int.MaxValue })
            {
                foreach (var together in new[] { 1, 2, 3, 8, int.MaxValue })
                {
                    Assert.All(Share(count, grain, threads, together), range =>
                    {
                        Assert.Equal(0, range.From % grain);
                        Assert.True(range.To % grain == 0 || range.To == count, $"[{range.From}, {range.To}) of {count} in chunks of {grain}");
                    });
                }
            }
        }
    }

    [Fact]
    public void One_thread_takes_all_in_one_call()
    {
        using var with = new WithThreads(1);
        Assert.Equal([(0, 100)], Share(100, 3, 1, 1));
    }

    [Fact]
    public void A_share_is_taken_in_halves()
    {
        using var with = new WithThreads(2);
        for (var repeat = 0; repeat < 200; repeat++)
        {
            var ranges = Share(64, 1, 2, 1).OrderBy(range => range.From).ToArray();

            // 32 chunks are taken by 16, 8, 4, 2, 1 and 1, whoever takes them.
            Assert.Equal([0, 16, 24, 28, 30, 31, 32, 48, 56, 60, 62, 63], ranges.Select(range => range.From));
        }
    }

    [Theory]
    [InlineData(14, 2, 2)] // Shares of 3 and 4 groups.
    [InlineData(8, 4, 2)] // Of one group each, which stays whole.
    [InlineData(24, 3, 3)]
    public void Groups_stay_whole_but_for_the_last_of_several(int count, int together, int threads)
    {
        using var with = new WithThreads(threads);
        for (var repeat = 0; repeat < 200; repeat++)
        {
            var starts = Share(count, 1, threads, together).Select(range => range.From).ToHashSet();
            var groups = count / together;
            for (var thread = 0; thread < threads; thread++)
            {
                var (first, end) = (groups * thread / threads, groups * (thread + 1) / threads);
                var last = end - first > 1 ? end - 1 : end;
                Assert.DoesNotContain(starts, start => start > first * together && start < last * together && start % together != 0);
                if (last < end)
                    Assert.Contains((last * together) + ((together + 1) / 2), starts);
            }
        }
    }

    [Fact]
    public void Groups_that_are_fewer_than_threads_are_cut()
    {
        using var with = new WithThreads(3);
        Assert.True(Share(8, 1, 3, 4).Length >= 3);
    }

    [Fact]
    public void Only_so_many_workers_take_part()
    {
        using var with = new WithThreads(4);
        for (var repeat = 0; repeat < 100; repeat++)
            Share(64, 1, 4, 2, workers: 2);
    }

    private static void Sum(void* argument, int worker, int from, int to) => Interlocked.Add(ref *(long*)argument, to - from);

    [Fact]
    public void Every_stack_frame_stays_its_own_under_stress()
    {
        // Short calls back to back, in ranges and in chunks by turns: a late worker that mixed the fields of two calls would hit the wrong sum.
        using var with = new WithThreads(4);
        var clock = Stopwatch.StartNew();
        for (var call = 0; clock.ElapsedMilliseconds < 1500; call++)
        {
            var sum = 0L;
            var count = 2 + (call % 37);
            if (call % 3 == 0)
                WorkerTeam.Run(&Sum, &sum, count, 1 + (call % 2));
            else
                WorkerTeam.Share(&Sum, &sum, count, 1 + (call % 2), together: 1 + (call % 4));
            if (sum != count)
                Assert.Fail($"Call {call}: {sum} items of {count}.");
        }
    }

    [Fact]
    public void Counts_up_to_the_largest_do_not_overflow()
    {
        using var with = new WithThreads(4);
        foreach (var grain in new[] { 1, 3, 1 << 20, (1 << 30) + 1, int.MaxValue })
        {
            var sum = 0L;
            WorkerTeam.Share(&Sum, &sum, int.MaxValue, grain, together: 5);
            Assert.Equal(int.MaxValue, sum);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_reaches_the_caller_and_the_team_stays_usable(int threads)
    {
        using var with = new WithThreads(threads);
        var items = new int[50];
        var ranges = new (int From, int To)[MostCalls];
        fixed (int* pointer = items)
        fixed ((int, int)* firstRange = ranges)
        {
            for (var repeat = 0; repeat < 50; repeat++)
            {
                var log = new Log { Items = pointer, Ranges = firstRange, Workers = threads, ThrowAt = repeat };
                var address = (IntPtr)(&log);
                Assert.Throws<FormatException>(() => WorkerTeam.Share(&Note, (void*)address, 50, 1));
                Share(100, 3, threads, 2);
            }
        }
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => WorkerTeam.Share(null, null, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => WorkerTeam.Share(&Sum, null, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("grain", () => WorkerTeam.Share(&Sum, null, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("workers", () => WorkerTeam.Share(&Sum, null, 1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("together", () => WorkerTeam.Share(&Sum, null, 1, 1, 1, 0));
    }
}
