using System.Globalization;

namespace CnnGen.Tests.Training;

/// <summary>Comma decimals, U+2212 as minus, and dots between thousands, on this thread until disposed.</summary>
public sealed class HostileCulture : IDisposable
{
    private readonly CultureInfo _earlier = CultureInfo.CurrentCulture;

    public HostileCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NaNSymbol = "no number";
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _earlier;
}
