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
/// All claims go through one 64-bit word, the ticket: the epoch (which call of <see cref="Run"/> this is) above, the number of
/// chunks nobody has claimed below. A claim is a compare-and-swap that takes one off. The caller claims too, and at the end waits for claimed
/// chunks to be done, never for a worker to arrive: a worker that the system has put to sleep costs nothing.
/// </para>
/// <para>
/// Why a late worker does no harm. A worker reads the ticket (e, r), then, if r > 0, the job's fields, then swaps (e, r) for (e, r - 1). Tickets don't
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

    private readonly SemaphoreSlim _permits = new(0);
    private readonly int _spins;
    private Shared _shared;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts <paramref name="threads"/> - 1 workers.</summary>
    public Team(int threads)
    {
        Threads = threads;

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
    public void Run(delegate*<void*, int, int, int, void> job, void* argument, int count, int grain, int workers)
    {
        var chunks = (int)(((uint)count + (uint)grain - 1) / (uint)grain);
        _shared.Job = job;
        _shared.Argument = argument;
        _shared.Count = count;
        _shared.Grain = grain;
        _shared.Chunks = chunks;
        _shared.Workers = workers;
        Volatile.Write(ref _shared.Done, 0);

        // A full fence: the fields before it are seen by whoever sees the ticket, and Wake reads Parked after it.
        var epoch = Epoch(_shared.Ticket) + 1;
        Interlocked.Exchange(ref _shared.Ticket, ((long)epoch << 32) | (uint)chunks);

        // Who gets a permit is left to chance: where only some may take part, all are woken.
        Wake(workers < Threads ? int.MaxValue : chunks - 1);
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
    private void Help(int worker, uint epoch)
    {
        var done = 0;
        var ticket = Volatile.Read(ref _shared.Ticket);
        while (Epoch(ticket) == epoch && Unclaimed(ticket) != 0)
        {
            var job = _shared.Job;
            var argument = _shared.Argument;
            var count = _shared.Count;
            var grain = _shared.Grain;
            var chunks = _shared.Chunks;
            if (worker >= _shared.Workers)
                break; // Right too if that was a later call's number: nobody waits for this worker, and it looks at the later call anew.

            var current = Interlocked.CompareExchange(ref _shared.Ticket, ticket - 1, ticket);
            if (current != ticket)
            {
                ticket = current;
                continue;
            }

            // From here on all that was read is known to be this epoch's.
            var from = (chunks - (int)Unclaimed(ticket)) * grain;
            var to = count - from > grain ? from + grain : count;
            Call(job, argument, worker, from, to, epoch);
            done++;
            ticket = Volatile.Read(ref _shared.Ticket);
        }

        if (done != 0)
            Interlocked.Add(ref _shared.Done, done);
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
            var ticket = Volatile.Read(ref _shared.Ticket);
            while (Epoch(ticket) == epoch && Unclaimed(ticket) != 0)
            {
                var current = Interlocked.CompareExchange(ref _shared.Ticket, (long)epoch << 32, ticket);
                if (current == ticket)
                    Interlocked.Add(ref _shared.Done, (int)Unclaimed(ticket));
                ticket = current == ticket ? (long)epoch << 32 : current;
            }
        }
    }

    private void ThrowFailure()
    {
        var failure = _failure!;
        _failure = null;
        failure.Throw();
    }

    /// <summary>Waits for another epoch: spins a while (about a millisecond), then parks. False if the team is dismissed.</summary>
    private bool WaitForEpochAfter(uint seen, out uint epoch)
    {
        var spins = 0;
        while (!IsNews(seen, out epoch))
        {
            if (spins++ < _spins)
            {
                Pause();
                continue;
            }

            spins = 0;

            // Count oneself in, then look again: either this sees the new ticket, or its publisher, who looks at the count afterwards, sees this.
            Interlocked.Increment(ref _shared.Parked);
            if (!IsNews(seen, out epoch) || !TryUncount())
                _permits.Wait();
        }

        return !Volatile.Read(ref _shared.Dismissed);
    }

    private bool IsNews(uint seen, out uint epoch)
    {
        epoch = Epoch(Volatile.Read(ref _shared.Ticket));
        return epoch != seen || Volatile.Read(ref _shared.Dismissed);
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
    /// What the threads share, each part two cache lines from the next (processors fetch lines in pairs), so that
    /// counting the done does not slow down claiming.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 768)]
    private struct Shared
    {
        [FieldOffset(128)]
        public long Ticket;

        [FieldOffset(256)]
        public int Done;

        [FieldOffset(384)]
        public int Parked;

        [FieldOffset(512)]
        public delegate*<void*, int, int, int, void> Job;

        [FieldOffset(520)]
        public void* Argument;

        [FieldOffset(528)]
        public int Count;

        [FieldOffset(532)]
        public int Grain;

        [FieldOffset(536)]
        public int Chunks;

        [FieldOffset(540)]
        public int Workers;

        [FieldOffset(544)]
        public bool Dismissed;
    }
}
