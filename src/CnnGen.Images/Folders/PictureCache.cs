namespace CnnGen.Images.Folders;

/// <summary>
/// Decoded pictures, as many as a number of bytes has room for. Those that came first stay: each epoch asks for each picture once, and whatever is thrown out would be asked for before what replaces it is again.
/// </summary>
/// <param name="count">The pictures there are.</param>
/// <param name="length">The bytes of one.</param>
/// <param name="budget">The bytes of all that are kept at most.</param>
internal sealed class PictureCache(int count, int length, long budget)
{
    private readonly byte[]?[] _pictures = new byte[count][];
    private long _room = budget / length;

    /// <summary>A picture that is kept, or null.</summary>
    public byte[]? Find(int index) => Volatile.Read(ref _pictures[index]);

    /// <summary>Keeps a picture where there is room, and says whether it did.</summary>
    public bool Offer(int index, byte[] picture)
    {
        if (Volatile.Read(ref _room) <= 0)
            return false;
        if (Interlocked.Decrement(ref _room) >= 0 && Interlocked.CompareExchange(ref _pictures[index], picture, null) == null)
            return true;
        Interlocked.Increment(ref _room);
        return false;
    }
}
