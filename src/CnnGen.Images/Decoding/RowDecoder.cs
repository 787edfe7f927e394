namespace CnnGen.Images.Decoding;

/// <summary>A decoder of this library: it hands its rows on as they come, and its exceptions are <see cref="ImageException"/> alone.</summary>
internal abstract class RowDecoder : IImageDecoder
{
    public abstract string Format { get; }

    public abstract bool Recognizes(ReadOnlySpan<byte> file);

    public Image Decode(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        var sink = new RowSink(options);
        Decode(file, sink);
        return sink.Finish();
    }

    /// <summary>Decodes: <see cref="RowSink.Begin"/> once, then every row from the top.</summary>
    /// <exception cref="ImageException">The file is damaged, or larger than the bounds.</exception>
    protected abstract void Decode(ReadOnlySpan<byte> file, RowSink sink);
}
