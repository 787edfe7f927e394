using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnGen.Images.Jpeg;

/// <summary>
/// Brings a component's samples to the picture's size. Twice in a row, in rows or both: between neighbours, three parts of the nearer and one of the farther, as every libjpeg does unless
/// told otherwise ("fancy"); else by repeating.
/// </summary>
internal static class JpegUpsampler
{
    /// <summary>Bytes that may be read behind a row's last sample.</summary>
    public const int Padding = 32;

    /// <summary>One row of the picture.</summary>
    /// <param name="component">The component.</param>
    /// <param name="y">The picture's row.</param>
    /// <param name="buffer">Room for the row, with <see cref="Padding"/>.</param>
    /// <param name="sums">Room for a row of the component, with <see cref="Padding"/>.</param>
    /// <returns>The row, at least as many samples as the picture has.</returns>
    public static ReadOnlySpan<byte> Row(JpegComponent component, int y, byte[] buffer, ushort[] sums)
    {
        var width = component.Width;
        switch (component.Expansion)
        {
            case (1, 1):
                return component.Row(y);
            case (2, 1) when width > 2:
                Twice(component.Row(y), width, buffer);
                break;
            case (2, 2) when width > 2:
                Sum(component.Row(y / 2), component.Row((y / 2) + ((y & 1) == 0 ? -1 : 1)), width, sums);
                TwiceOfSums(sums, width, buffer);
                break;
            case (1, 2):
                Between(component.Row(y / 2), component.Row((y / 2) + ((y & 1) == 0 ? -1 : 1)), width, (y & 1) == 0 ? 1 : 2, buffer);
                break;
            default:
                Repeat(component.Row(y / component.Expansion.Vertical), width, component.Expansion.Horizontal, buffer);
                break;
        }

        return buffer;
    }

    private static void Repeat(ReadOnlySpan<byte> row, int width, int times, Span<byte> target)
    {
        for (var i = 0; i < width; i++)
            target.Slice(i * times, times).Fill(row[i]);
    }

    /// <summary>3/4 of the nearer and 1/4 of the farther sample, halves rounded down at the left and up at the right of each.</summary>
    private static void Twice(ReadOnlySpan<byte> row, int width, Span<byte> target)
    {
        row = row[..(width + Padding)];
        target = target[..((2 * width) + Padding)];
        target[0] = row[0];
        target[1] = (byte)(((row[0] * 3) + row[1] + 2) >> 2);
        var i = 1;
        if (Vector128.IsHardwareAccelerated)
        {
            ref var source = ref MemoryMarshal.GetReference(row);
            ref var output = ref MemoryMarshal.GetReference(target);
            for (; i <= width - 9; i += 8)
            {
                var before = Vector128.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)(i - 1)));
                var here = Vector128.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)i)) * 3;
                var after = Vector128.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)(i + 1)));
                var left = (here + before + Vector128<ushort>.One) >>> 2;
                var right = (here + after + Vector128.Create((ushort)2)) >>> 2;
                (left | (right << 8)).AsByte().StoreUnsafe(ref output, (nuint)(2 * i));
            }
        }

        for (; i < width - 1; i++)
        {
            target[2 * i] = (byte)(((row[i] * 3) + row[i - 1] + 1) >> 2);
            target[(2 * i) + 1] = (byte)(((row[i] * 3) + row[i + 1] + 2) >> 2);
        }

        target[2 * i] = (byte)(((row[i] * 3) + row[i - 1] + 1) >> 2);
        target[(2 * i) + 1] = row[i];
    }

    private static void Sum(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int width, Span<ushort> sums)
    {
        near = near[..(width + Padding)];
        far = far[..(width + Padding)];
        sums = sums[..(width + Padding)];
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref var first = ref MemoryMarshal.GetReference(near);
            ref var second = ref MemoryMarshal.GetReference(far);
            ref var output = ref MemoryMarshal.GetReference(sums);
            for (; i < width; i += 16)
            {
                var (nearLow, nearHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref first, (nuint)i));
                var (farLow, farHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref second, (nuint)i));
                ((nearLow * 3) + farLow).StoreUnsafe(ref output, (nuint)i);
                ((nearHigh * 3) + farHigh).StoreUnsafe(ref output, (nuint)(i + 8));
            }
        }

        for (; i < width; i++)
            sums[i] = (ushort)((near[i] * 3) + far[i]);
    }

    private static void TwiceOfSums(ReadOnlySpan<ushort> sums, int width, Span<byte> target)
    {
        sums = sums[..(width + Padding)];
        target = target[..((2 * width) + Padding)];
        target[0] = (byte)(((sums[0] * 4) + 8) >> 4);
        target[1] = (byte)(((sums[0] * 3) + sums[1] + 7) >> 4);
        var i = 1;
        if (Vector128.IsHardwareAccelerated)
        {
            ref var source = ref MemoryMarshal.GetReference(sums);
            ref var output = ref MemoryMarshal.GetReference(target);
            for (; i <= width - 9; i += 8)
            {
                var here = Vector128.LoadUnsafe(ref source, (nuint)i) * 3;
                var left = (here + Vector128.LoadUnsafe(ref source, (nuint)(i - 1)) + Vector128.Create((ushort)8)) >>> 4;
                var right = (here + Vector128.LoadUnsafe(ref source, (nuint)(i + 1)) + Vector128.Create((ushort)7)) >>> 4;
                (left | (right << 8)).AsByte().StoreUnsafe(ref output, (nuint)(2 * i));
            }
        }

        for (; i < width - 1; i++)
        {
            target[2 * i] = (byte)(((sums[i] * 3) + sums[i - 1] + 8) >> 4);
            target[(2 * i) + 1] = (byte)(((sums[i] * 3) + sums[i + 1] + 7) >> 4);
        }

        target[2 * i] = (byte)(((sums[i] * 3) + sums[i - 1] + 8) >> 4);
        target[(2 * i) + 1] = (byte)(((sums[i] * 4) + 7) >> 4);
    }

    private static void Between(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int width, int rounding, Span<byte> target)
    {
        for (var i = 0; i < width; i++)
            target[i] = (byte)(((near[i] * 3) + far[i] + rounding) >> 2);
    }
}
