using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace CnnGen.Generator.Emitting;

/// <summary>An interpolated string that prints its numbers the same in every culture: what <see cref="CodeWriter"/> takes.</summary>
[InterpolatedStringHandler]
internal readonly struct InvariantText(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (8 * formattedCount));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(string? text) => _text.Append(text);

    public void AppendFormatted<T>(T value) => _text.Append(
        value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text.ToString();
}
