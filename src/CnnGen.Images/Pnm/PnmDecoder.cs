using CnnGen.Images.Decoding;

namespace CnnGen.Images.Pnm;

/// <summary>PBM, PGM and PPM: see <see cref="PnmReader"/>.</summary>
internal sealed class PnmDecoder : RowDecoder
{
    public override string Format => "PNM";

    public override bool Recognizes(ReadOnlySpan<byte> file) => file.Length > 0 && file[0] == 'P' && (file.Length == 1 || file[1] is >= (byte)'1' and <= (byte)'7');

    protected override void Decode(ReadOnlySpan<byte> file, RowSink sink) => PnmReader.Read(file, sink);
}
