using CnnGen.Images.Decoding;

namespace CnnGen.Images.Jpeg;

/// <summary>JPEG (ITU-T T.81, JFIF, Adobe's marker, EXIF's orientation): see <see cref="JpegReader"/>.</summary>
internal sealed class JpegDecoder : RowDecoder
{
    public override string Format => "JPEG";

    public override bool Recognizes(ReadOnlySpan<byte> file) => file.Length >= 3 ? file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF : file.Length == 2 && file[0] == 0xFF && file[1] == 0xD8;

    protected override void Decode(ReadOnlySpan<byte> file, RowSink sink) => new JpegReader(file, sink).Read();
}
