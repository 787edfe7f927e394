using CnnGen.Images.Decoding;

namespace CnnGen.Images.Png;

/// <summary>PNG (ISO/IEC 15948): see <see cref="PngReader"/>.</summary>
internal sealed class PngDecoder : RowDecoder
{
    public override string Format => "PNG";

    public override bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith(PngReader.Signature[..4]);

    protected override void Decode(ReadOnlySpan<byte> file, RowSink sink) => PngReader.Read(file, sink);
}
