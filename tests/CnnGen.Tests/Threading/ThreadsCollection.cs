namespace CnnGen.Tests.Threading;

/// <summary>Tests that set <see cref="Threads.Count"/>, which is the whole process's, run one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ThreadsCollection
{
    public const string Name = "Threads";
}

/// <summary>Sets the number of threads until disposed.</summary>
public sealed class WithThreads : IDisposable
{
    private readonly int _earlier = Threads.Count;

    public WithThreads(int count) => Threads.Count = count;

    public void Dispose() => Threads.Count = _earlier;
}
