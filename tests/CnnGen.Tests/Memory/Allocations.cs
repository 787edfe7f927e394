namespace CnnGen.Tests.Memory;

/// <summary>What calls allocate on the thread that makes them.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// The bytes of the round of calls that allocated least: what calls allocate each time is in every round, and what the system allocates once (for a thread's first wait for another one,
    /// which comes late where the machine is busy) is not.
    /// </summary>
    public static long Least(int calls, Action call)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < calls; i++)
                call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
