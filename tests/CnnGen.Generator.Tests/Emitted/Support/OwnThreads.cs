using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// <see cref="Threads.Count"/>, which the whole process has in common, in the hands of one test until it is disposed, and then as it was. Others that want it wait; those that don't care how many
/// threads there are go on meanwhile.
/// </summary>
internal sealed class OwnThreads : IDisposable
{
    private static readonly Lock s_turn = new();

    private readonly int _before;

    public OwnThreads()
    {
        s_turn.Enter();
        _before = Threads.Count;
    }

    public void Dispose()
    {
        Threads.Count = _before;
        s_turn.Exit();
    }
}
