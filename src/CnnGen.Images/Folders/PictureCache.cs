namespace CnnGen.Images.Folders;

/// <summary>
/// Decoded pictures: the first of a folder, as many as a number of bytes has room for. Each epoch asks for each picture once, so that any of them are as good as others; these don't depend on which thread was first.
/// </summary>
/// <param name="count">The pictures there are.</param>
/// <param name="length">The bytes of one.</param>
/// <param name="budget">The bytes of all that are kept at most.</param>
internal sealed class PictureCache(int count, int length, long budget)
{
    private readonly byte[]?[] _pictures = new byte[(int)Math.Min(count, budget / length)][];

    /// <summary>A picture that is kept, or null.</summary>
    public byte[]? Find(int index) => index < _pictures.Length ? Volatile.Read(ref _pictures[index]) : null;

    /// <summary>Keeps a picture where it has a place that is free, and says whether it did.</summary>
    public bool Offer(int index, byte[] picture) => index < _pictures.Length && Interlocked.CompareExchange(ref _pictures[index], picture, null) == null;
}
