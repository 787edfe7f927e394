using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CnnGen.Images.Jpeg;

/// <summary>What the components of a JPEG mean.</summary>
internal enum JpegColorSpace
{
    Grey,
    Rgb,
    YCbCr,
    Cmyk,
    Ycck,
}

/// <summary>From rows of components to rows of RGB, in whole numbers of 2^-16 as every libjpeg has them (JFIF 1.02: BT.601 over the full range).</summary>
internal static class JpegColor
{
    private const int RedOfCr = 91881; // 1.402
    private const int BlueOfCb = 116130; // 1.772
    private const int GreenOfCb = -22554; // -0.34414
    private const int GreenOfCr = -46802; // -0.71414
    private const int Half = 1 << 15;

    /// <summary>Luma and chroma to RGB.</summary>
    /// <param name="luma">At least as many samples as there are pixels; the others too.</param>
    /// <param name="blue">Cb.</param>
    /// <param name="red">Cr.</param>
    /// <param name="target">Receives three bytes a pixel.</param>
    public static void FromYCbCr(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> target)
    {
        var width = target.Length / 3;
        luma = luma[..width];
        blue = blue[..width];
        red = red[..width];
        if (Avx2.IsSupported && width >= 16)
        {
            // The last step goes over pixels again where they are no multiple of 16.
            for (var i = 0; i < width; i += 16)
                SixteenPixels(luma, blue, red, target, Math.Min(i, width - 16));
            return;
        }

        for (var i = 0; i < width; i++)
            Pixel(luma[i], blue[i], red[i], target.Slice(3 * i, 3));
    }

    /// <summary>Three components one after the other.</summary>
    public static void FromRgb(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> target)
    {
        for (var i = 0; i < target.Length / 3; i++)
        {
            var pixel = target.Slice(3 * i, 3);
            (pixel[0], pixel[1], pixel[2]) = (red[i], green[i], blue[i]);
        }
    }

    /// <summary>Inks as Adobe writes them, 255 for none: each is darkened by black.</summary>
    public static void FromCmyk(ReadOnlySpan<byte> cyan, ReadOnlySpan<byte> magenta, ReadOnlySpan<byte> yellow, ReadOnlySpan<byte> black, Span<byte> target)
    {
        for (var i = 0; i < target.Length / 3; i++)
        {
            var pixel = target.Slice(3 * i, 3);
            int k = black[i];
            pixel[0] = Darken(cyan[i], k);
            pixel[1] = Darken(magenta[i], k);
            pixel[2] = Darken(yellow[i], k);
        }
    }

    /// <summary>Inks whose first three are coded as luma and chroma of their complements.</summary>
    public static void FromYcck(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, ReadOnlySpan<byte> black, Span<byte> target)
    {
        for (var i = 0; i < target.Length / 3; i++)
        {
            var pixel = target.Slice(3 * i, 3);
            Pixel(luma[i], blue[i], red[i], pixel);
            int k = black[i];
            for (var c = 0; c < 3; c++)
                pixel[c] = Darken(255 - pixel[c], k);
        }
    }

    private static byte Darken(int ink, int black) => (byte)(((ink * black) + 127) / 255);

    private static void Pixel(int luma, int blue, int red, Span<byte> pixel)
    {
        blue -= 128;
        red -= 128;
        pixel[0] = (byte)Math.Clamp(luma + (((RedOfCr * red) + Half) >> 16), 0, 255);
        pixel[1] = (byte)Math.Clamp(luma + (((GreenOfCb * blue) + (GreenOfCr * red) + Half) >> 16), 0, 255);
        pixel[2] = (byte)Math.Clamp(luma + (((BlueOfCb * blue) + Half) >> 16), 0, 255);
    }

    private static void SixteenPixels(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, Span<byte> target, int position)
    {
        var y = Avx2.ConvertToVector256Int16(Vector128.Create(luma.Slice(position, 16)));
        var cb = Avx2.ConvertToVector256Int16(Vector128.Create(blue.Slice(position, 16))) - Vector256.Create((short)128);
        var cr = Avx2.ConvertToVector256Int16(Vector128.Create(red.Slice(position, 16))) - Vector256.Create((short)128);

        // Whole multiples of a chroma apart, so that the rest of each constant has 16 bits; and twice the high half, rounded, is the high half of twice.
        var one = Vector256<short>.One;
        var r = y + cr + ((Avx2.MultiplyHigh(cr + cr, Vector256.Create((short)(RedOfCr - 65536))) + one) >> 1);
        var b = y + cb + cb + ((Avx2.MultiplyHigh(cb + cb, Vector256.Create((short)(BlueOfCb - (2 * 65536)))) + one) >> 1);
        var factors = Vector256.Create(((GreenOfCr + 65536) << 16) | (GreenOfCb & 0xFFFF)).AsInt16();
        var half = Vector256.Create(Half);
        var low = (Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(cb, cr), factors) + half) >> 16;
        var high = (Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(cb, cr), factors) + half) >> 16;
        var g = y - cr + Avx2.PackSignedSaturate(low, high);

        Interleave(Pack(r), Pack(g), Pack(b), target.Slice(3 * position, 48));
    }

    private static Vector128<byte> Pack(Vector256<short> values) => Sse2.PackUnsignedSaturate(values.GetLower(), values.GetUpper());

    private static void Interleave(Vector128<byte> r, Vector128<byte> g, Vector128<byte> b, Span<byte> target)
    {
        const byte None = 255;
        ref var output = ref MemoryMarshal.GetReference(target[..48]);
        (Ssse3.Shuffle(r, Vector128.Create(0, None, None, 1, None, None, 2, None, None, 3, None, None, 4, None, None, (byte)5))
            | Ssse3.Shuffle(g, Vector128.Create(None, 0, None, None, 1, None, None, 2, None, None, 3, None, None, 4, None, None))
            | Ssse3.Shuffle(b, Vector128.Create(None, None, 0, None, None, 1, None, None, 2, None, None, 3, None, None, 4, None))).StoreUnsafe(ref output);
        (Ssse3.Shuffle(r, Vector128.Create(None, None, 6, None, None, 7, None, None, 8, None, None, 9, None, None, 10, None))
            | Ssse3.Shuffle(g, Vector128.Create(5, None, None, 6, None, None, 7, None, None, 8, None, None, 9, None, None, (byte)10))
            | Ssse3.Shuffle(b, Vector128.Create(None, 5, None, None, 6, None, None, 7, None, None, 8, None, None, 9, None, None))).StoreUnsafe(ref output, 16);
        (Ssse3.Shuffle(r, Vector128.Create(None, 11, None, None, 12, None, None, 13, None, None, 14, None, None, 15, None, None))
            | Ssse3.Shuffle(g, Vector128.Create(None, None, 11, None, None, 12, None, None, 13, None, None, 14, None, None, 15, None))
            | Ssse3.Shuffle(b, Vector128.Create(10, None, None, 11, None, None, 12, None, None, 13, None, None, 14, None, None, (byte)15))).StoreUnsafe(ref output, 32);
    }
}
