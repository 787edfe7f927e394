using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Runtime;

/// <summary>
/// Threads that help one caller at a time with its chunks.
/// </summary>
/// <remarks>
/// <para>
/// The chunks are cut into as many queues as threads take part. A thread takes the chunks of its own queue, in order, and then those that are left in the others':
/// in calls of the same number of chunks each thread so gets the same part again, whose data lie in its processor's cache.
/// </para>
/// <para>
/// All claims of a queue go through one 64-bit word, its ticket: the epoch (which call of <see cref="Run"/> this is) above, the number of its
/// chunks nobody has claimed below. A claim is a compare-and-swap that takes one off, or half of them where chunks may be taken together. The caller claims too, and at the end waits for claimed
/// chunks to be done, never for a worker to arrive: a worker that the system has put to sleep costs nothing.
/// </para>
/// <para>
/// Why a late worker does no harm. A worker reads a ticket (e, r), then, if r > 0, the job's fields, then swaps (e, r) for (e, r - n). Tickets don't
/// come again (epochs wrap after 2^32 calls), so if the swap succeeds the ticket was (e, r) all the while. As r > 0, a chunk of call e was unclaimed all the
/// while, so call e had not returned; and the fields are written only between calls, before the ticket of the next is published. So what was read is
/// call e's. From then on the claimed chunk, not yet counted as done, keeps call e from returning until its worker has finished. If the swap fails, what was read
/// is thrown away. This is why the ticket counts down to 0: with a count up to a limit kept in the fields, a worker that holds the last ticket of
/// an old call would compare it with the limit of a new one, half published, and its swap could succeed.
/// </para>
/// </remarks>
internal sealed unsafe class Team
{
    private const int SpinsBeforePark = 20_000;
    private const int SpinsBeforeYield = 2_000;

    /// <summary>
    /// A spinning worker offers its processor to others that often: it may have been woken on the caller's, and would keep it for a whole time slice.
    /// </summary>
    private const int SpinsBetweenYields = 256;

    /// <summary>Numbers of 64 bits from one ticket to the next: two cache lines, since processors fetch lines in pairs.</summary>
    private const int TicketStride = 16;

    private readonly long[] _tickets;
    private readonly SemaphoreSlim _permits = new(0);
    private readonly int _spins;
    private Shared _shared;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts <paramref name="threads"/> - 1 workers.</summary>
    public Team(int threads)
    {
        Threads = threads;
        _tickets = new long[(threads + 1) * TicketStride];

        // With more threads than processors a spinning worker would keep a working one from its processor.
        _spins = threads <= Environment.ProcessorCount ? SpinsBeforePark : 0;
        try
        {
            for (var worker = 1; worker < threads; worker++)
            {
                var thread = new Thread(static state => Work(((Team, int))state!))
                {
                    IsBackground = true,
                    Name = string.Create(CultureInfo.InvariantCulture, $"CnnGen worker {worker}"),
                };
                thread.UnsafeStart((this, worker));
            }
        }
        catch
        {
            Dismiss();
            throw;
        }
    }

    /// <summary>The threads of the team, the caller among them.</summary>
    public int Threads { get; }

    /// <summary>Runs every chunk. One thread at a time may be in here. There are at least two chunks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(delegate*<void*, int, int, int, void> job, void* argument, int count, int grain, int workers, int together)
    {
        var chunks = (int)(((uint)count + (uint)grain - 1) / (uint)grain);
        _shared.Job = job;
        _shared.Argument = argument;
        _shared.Count = count;
        _shared.Grain = grain;
        _shared.Chunks = chunks;
        var queues = Math.Min(workers, Threads);
        _shared.Queues = queues;

        // Groups that are fewer than queues are not kept together.
        var group = together > 1 && chunks / together >= queues ? together : Math.Min(together, 1);
        _shared.Group = group;
        Volatile.Write(ref _shared.Done, 0);

        // Workers look at the first ticket for a new epoch, so it comes last, with a full fence: the fields before it are seen by whoever sees it, and Wake reads Parked after it.
        // The tickets of queues that this call doesn't have stay at their old epochs.
        var epoch = Epoch(Ticket(0)) + 1;
        for (var queue = queues - 1; queue > 0; queue--)
            Volatile.Write(ref Ticket(queue), ((long)epoch << 32) | (uint)(FirstOf(queue + 1, chunks, queues, group) - FirstOf(queue, chunks, queues, group)));
        Interlocked.Exchange(ref Ticket(0), ((long)epoch << 32) | (uint)FirstOf(1, chunks, queues, group));

        // To wake a thread takes about 20 microseconds of the waker's time: the caller wakes one, who wakes two, and so on.
        Wake(1);
        Help(0, epoch);
        for (var spins = 0; Volatile.Read(ref _shared.Done) != chunks; spins++)
        {
            if (spins < SpinsBeforeYield)
                Pause();
            else
                Thread.Yield();
        }

        if (_failure != null)
            ThrowFailure();
    }

    /// <summary>Ends the workers, each after the chunk it is at. Nothing may be run afterwards.</summary>
    public void Dismiss()
    {
        Volatile.Write(ref _shared.Dismissed, true);
        Interlocked.MemoryBarrier();
        Wake(int.MaxValue);
    }

    private ref long Ticket(int queue) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tickets), (queue + 1) * TicketStride);

    /// <summary>The first chunk of a queue, which is where the one before it ends: the first of a group, where groups are kept together.</summary>
    private static int FirstOf(int queue, int chunks, int queues, int group) => group <= 1 || queue == queues
        ? (int)((long)chunks * queue / queues)
        : (int)((long)(chunks / group) * queue / queues) * group;

    /// <summary>
    /// How many chunks a claim takes: one, or, where chunks may be taken together, half of what is left, in whole groups. The last of several groups is taken in parts.
    /// </summary>
    private static int ClaimOf(int left, int length, int group)
    {
        if (group == 0)
            return 1;
        var half = (left + 1) / 2;
        return left > group ? Math.Min(left, (half + group - 1) / group * group) : length > group ? half : left;
    }

    private static uint Epoch(long ticket) => (uint)(ticket >> 32);

    private static uint Unclaimed(long ticket) => (uint)ticket;

    private static void Work((Team Team, int Worker) start) => start.Team.Work(start.Worker);

    private void Work(int worker)
    {
        // The team starts at epoch 0, which nobody runs (until the epochs wrap, when the call is only missed by late starters).
        for (uint epoch = 0; WaitForEpochAfter(epoch, out epoch);)
            Help(worker, epoch);
    }

    /// <summary>Claims and runs chunks of this epoch for as long as there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Help(int worker, uint epoch)
    {
        // Should that be a later call's number of queues: this epoch has nothing left then, and the worker looks at the later call anew.
        var done = 0;
        var queues = Volatile.Read(ref _shared.Queues);
        for (var i = 0; i < queues && worker < queues; i++)
        {
            var queue = worker + i < queues ? worker + i : worker + i - queues;
            done += Drain(queue, worker, epoch);
        }

        if (done != 0)
            Interlocked.Add(ref _shared.Done, done);
    }

    /// <summary>Claims and runs chunks of one queue for as long as it has any, and gives their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Drain(int queue, int worker, uint epoch)
    {
        var done = 0;
        ref var shared = ref Ticket(queue);
        var ticket = Volatile.Read(ref shared);
        while (Epoch(ticket) == epoch && Unclaimed(ticket) != 0)
        {
            var job = _shared.Job;
            var argument = _shared.Argument;
            var count = _shared.Count;
            var grain = _shared.Grain;
            var group = _shared.Group;
            var end = FirstOf(queue + 1, _shared.Chunks, _shared.Queues, group);
            var left = (int)Unclaimed(ticket);
            var taken = ClaimOf(left, end - FirstOf(queue, _shared.Chunks, _shared.Queues, group), group);
            var current = Interlocked.CompareExchange(ref shared, ticket - taken, ticket);
            if (current != ticket)
            {
                ticket = current;
                continue;
            }

            // From here on all that was read is known to be this epoch's.
            var from = (end - left) * grain;
            var to = count - from > (long)taken * grain ? from + (taken * grain) : count;
            Call(job, argument, worker, from, to, epoch);
            done += taken;
            ticket = Volatile.Read(ref shared);
        }

        return done;
    }

    private void Call(delegate*<void*, int, int, int, void> job, void* argument, int worker, int from, int to, uint epoch)
    {
        try
        {
            job(argument, worker, from, to);
        }
        catch (Exception exception)
        {
            // Thrown on by Run. The chunks that nobody has claimed count as done.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            for (var queue = 0; queue < Threads; queue++)
                Abandon(ref Ticket(queue), epoch);
        }
    }

    private void Abandon(ref long shared, uint epoch)
    {
        var ticket = Volatile.Read(ref shared);
        while (Epoch(ticket) == epoch && Unclaimed(ticket) != 0)
        {
            var current = Interlocked.CompareExchange(ref shared, (long)epoch << 32, ticket);
            if (current == ticket)
                Interlocked.Add(ref _shared.Done, (int)Unclaimed(ticket));
            ticket = current == ticket ? (long)epoch << 32 : current;
        }
    }

    private void ThrowFailure()
    {
        var failure = _failure!;
        _failure = null;
        failure.Throw();
    }

    /// <summary>Waits for another epoch: spins a while (about a millisecond), then parks. False if the team is dismissed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool WaitForEpochAfter(uint seen, out uint epoch)
    {
        var spins = 0;
        while (!IsNews(seen, out epoch))
        {
            if (spins++ < _spins)
            {
                if (spins % SpinsBetweenYields == 0)
                    Thread.Yield();
                else
                    Pause();
                continue;
            }

            spins = 0;

            // Count oneself in, then look again: either this sees the new ticket, or its publisher, who looks at the count afterwards, sees this.
            Interlocked.Increment(ref _shared.Parked);
            if (!IsNews(seen, out epoch) || !TryUncount())
            {
                _permits.Wait();
                if (HasUnclaimed())
                    Wake(2);
            }
        }

        return !Volatile.Read(ref _shared.Dismissed);
    }

    private bool IsNews(uint seen, out uint epoch)
    {
        epoch = Epoch(Volatile.Read(ref Ticket(0)));
        return epoch != seen || Volatile.Read(ref _shared.Dismissed);
    }

    private bool HasUnclaimed()
    {
        var epoch = Epoch(Volatile.Read(ref Ticket(0)));
        for (var queue = 0; queue < Threads; queue++)
        {
            var ticket = Volatile.Read(ref Ticket(queue));
            if (Epoch(ticket) == epoch && Unclaimed(ticket) != 0)
                return true;
        }

        return false;
    }

    /// <summary>Takes one off the parked. If none is left, somebody has taken this one off and owes it a permit, which must be fetched.</summary>
    private bool TryUncount() => Uncount(1) == 1;

    /// <summary>Takes up to that many off the parked, and hands each a permit.</summary>
    private void Wake(int most)
    {
        if (Volatile.Read(ref _shared.Parked) == 0)
            return;
        var woken = Uncount(most);
        if (woken == 0)
            return;

        // Release takes a lock, where Thread.Interrupt could strike; but Run must not end early, nor the permits be lost.
        for (var interrupted = false; ;)
        {
            try
            {
                _permits.Release(woken);
                if (interrupted)
                    Thread.CurrentThread.Interrupt();
                return;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }
    }

    private int Uncount(int most)
    {
        var parked = Volatile.Read(ref _shared.Parked);
        while (parked > 0)
        {
            var taken = Math.Min(parked, most);
            var current = Interlocked.CompareExchange(ref _shared.Parked, parked - taken, parked);
            if (current == parked)
                return taken;
            parked = current;
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pause()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
    }

    /// <summary>
    /// What the threads share beside the tickets, each part two cache lines from the next (processors fetch lines in pairs), so that
    /// counting the done does not slow down claiming.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 640)]
    private struct Shared
    {
        [FieldOffset(128)]
        public int Done;

        [FieldOffset(256)]
        public int Parked;

        [FieldOffset(384)]
        public delegate*<void*, int, int, int, void> Job;

        [FieldOffset(392)]
        public void* Argument;

        [FieldOffset(400)]
        public int Count;

        [FieldOffset(404)]
        public int Grain;

        [FieldOffset(408)]
        public int Chunks;

        [FieldOffset(412)]
        public int Queues;

        /// <summary>Chunks that are taken together, 1 or more; 0 where each is taken by itself.</summary>
        [FieldOffset(416)]
        public int Group;

        [FieldOffset(420)]
        public bool Dismissed;
    }
}
