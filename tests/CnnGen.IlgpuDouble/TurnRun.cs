namespace ILGPU;

/// <summary>
/// How the test double executes a kernel whose barriers tests have rewritten to <c>yield return</c>: each thread of a group is an enumerator, and they take turns as the threads of <see cref="GroupRun"/> do, each from barrier to
/// barrier, the first before the second. To hand over is a call, where between threads it is a switch of the processor's: the same numbers in a small part of the time.
/// </summary>
internal static class TurnRun
{
    public static void Launch(KernelConfig config, Func<IEnumerable<int>> kernel)
    {
        var run = GroupRun.ByTurns(config);
        var threads = new IEnumerator<int>[config.Threads];
        run.Within(() =>
        {
            for (var group = 0; group < config.Groups; group++)
            {
                for (var thread = 0; thread < threads.Length; thread++)
                    threads[thread] = kernel().GetEnumerator();
                try
                {
                    while (Turn(run, threads))
                        run.CountBarrier();
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    throw new InvalidOperationException($"In group ({GroupRun.GroupX}, {GroupRun.GroupY}): {failure.Message}", failure);
                }

                run.NextGroup();
            }
        });
    }

    /// <summary>Runs each thread to its next barrier, or to its end.</summary>
    /// <returns>Whether they are at a barrier.</returns>
    private static bool Turn(GroupRun run, IEnumerator<int>[] threads)
    {
        var waiting = 0;
        for (var thread = 0; thread < threads.Length; thread++)
        {
            run.BeThread(thread);
            waiting += threads[thread].MoveNext() ? 1 : 0;
        }

        return waiting == 0 || waiting == threads.Length ? waiting > 0 : throw new InvalidOperationException("Some threads wait at a barrier that others never reach.");
    }
}
