using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <summary>
/// Whether a call is using a model object's working memory: one call at a time may. A generated class has one as a field, and each of its methods that computes does so
/// between <see cref="Enter"/> and, in a <c>finally</c>, <see cref="Exit"/>. As the field is the object's, the object is reachable until then, and with it all memory that
/// the call has pointers into.
/// </summary>
/// <remarks>
/// A call pays one interlocked operation. Disposing while another thread is in a call waits for nothing and frees nothing under it: that call frees the memory when it is
/// done. (It may miss a disposal at its very end, since it looks without a fence; the memory then is freed when the object is collected.)
/// </remarks>
public struct ModelUse
{
    private int _isInUse;
    private bool _isDisposed;

    /// <summary>Begins a call.</summary>
    /// <param name="model">The model class's name, for the messages.</param>
    /// <exception cref="InvalidOperationException">Another call is using the object.</exception>
    /// <exception cref="ObjectDisposedException">The object was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(string model)
    {
        if (Interlocked.Exchange(ref _isInUse, 1) != 0)
            Refuse(model);
        if (_isDisposed)
            RefuseDisposed(model);
    }

    /// <summary>Ends a call that <see cref="Enter"/> let begin.</summary>
    /// <returns>Whether the object was disposed meanwhile, and its working memory is the caller's to free.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Exit()
    {
        Volatile.Write(ref _isInUse, 0);
        return Volatile.Read(ref _isDisposed) && Interlocked.Exchange(ref _isInUse, 1) == 0;
    }

    /// <summary>Says that the object is disposed: no call begins any more. May be called on any thread, and more than once.</summary>
    /// <returns>Whether no call is using the object, and its working memory is the caller's to free.</returns>
    public bool Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        return Interlocked.Exchange(ref _isInUse, 1) == 0;
    }

    [DoesNotReturn]
    private readonly void Refuse(string model)
    {
        if (Volatile.Read(in _isDisposed))
            RefuseDisposed(model);
        throw new InvalidOperationException(
            $"This {model} is in use: another call has not returned yet. An object is for one call at a time; give each thread an object of its own, made by Share(), "
                + "which has the same parameters and working memory of its own.");
    }

    [DoesNotReturn]
    private static void RefuseDisposed(string model) => throw new ObjectDisposedException(
        model, $"This {model} was disposed: it has no working memory any more. Share() makes another object with the same parameters.");
}
