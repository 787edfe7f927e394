namespace CnnGen.Generator.Tests.Execution;

/// <summary>
/// Threads that share a loop, without threads: tasks begin in an order that is drawn, each on a worker that is free, and of the tasks under way a drawn one
/// does its next call.
/// What another order would change shows so, and what two tasks under way mustn't share.
/// </summary>
internal sealed class Scheduler(Random random, int workers)
{
    public int Workers => workers;

    /// <summary>Runs tasks, each of which yields between its calls.</summary>
    /// <param name="count">The number of tasks.</param>
    /// <param name="task">The calls of one, made on a worker.</param>
    public void Run(int count, Func<int, int, IEnumerable<bool>> task)
    {
        var waiting = new Stack<int>(Shuffled(count));
        var underWay = new List<(int Worker, IEnumerator<bool> Calls)>();
        var free = new Stack<int>(Shuffled(workers));
        while (waiting.Count > 0 || underWay.Count > 0)
        {
            while (waiting.Count > 0 && free.TryPop(out var worker))
                underWay.Add((worker, task(waiting.Pop(), worker).GetEnumerator()));
            var next = random.Next(underWay.Count);
            if (underWay[next].Calls.MoveNext())
                continue;
            free.Push(underWay[next].Worker);
            underWay.RemoveAt(next);
        }
    }

    /// <summary>Runs tasks of a single call over a range: 0 to a length, cut into at most as many parts as an emitted program would make.</summary>
    public void RunRanges(int length, Action<int, int, int> call)
    {
        const int MostParts = 32;
        var parts = Math.Min(length, random.Next(1, MostParts));
        int Bound(int part) => (int)((long)length * part / parts);
        Run(parts, (part, worker) =>
        {
            call(Bound(part), Bound(part + 1), worker);
            return [];
        });
    }

    private int[] Shuffled(int count)
    {
        var numbers = Enumerable.Range(0, count).ToArray();
        random.Shuffle(numbers);
        return numbers;
    }
}
