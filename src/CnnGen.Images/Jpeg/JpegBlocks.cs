using System.Runtime.CompilerServices;

namespace CnnGen.Images.Jpeg;

/// <summary>Decodes single blocks of 8 x 8 coefficients: sequential ones, and the four kinds of a progressive scan (T.81, F.2 and G.2).</summary>
internal static class JpegBlocks
{
    /// <summary>From zigzag order to rows; runs may lead past the end, up to 15 coefficients far, which the caller finds afterwards.</summary>
    public static ReadOnlySpan<byte> ZigZag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];

    /// <summary>A whole block.</summary>
    /// <param name="bits">The scan's bits.</param>
    /// <param name="dc">The table of the DC coefficient.</param>
    /// <param name="ac">The table of the others.</param>
    /// <param name="predictor">The DC coefficient before, and then this block's.</param>
    /// <param name="block">64 coefficients, all 0, in rows.</param>
    /// <returns>Whether there is another coefficient than DC.</returns>
    public static bool Sequential(ref JpegBits bits, JpegHuffmanTable dc, JpegHuffmanTable ac, ref int predictor, scoped Span<short> block)
    {
        predictor += Difference(ref bits, dc);
        block[0] = (short)predictor;

        var entries = ac.Entries;
        var zigZag = ZigZag;
        var (buffer, count) = (bits.Buffer, bits.Count);
        var (k, last) = (1, 1);
        while (k < 64)
        {
            if (count < 32)
            {
                (bits.Buffer, bits.Count) = (buffer, count);
                bits.Refill();
                (buffer, count) = (bits.Buffer, bits.Count);
            }

            var entry = entries[(int)(buffer >> (64 - JpegHuffmanTable.Bits))];
            var taken = entry & 255;
            if (entry >> 16 != 0)
            {
                k += (entry >> 12) & 15;
                buffer <<= taken;
                count -= taken;
                block[zigZag[k]] = (short)(entry >> 16);
                last = ++k;
                continue;
            }

            if (taken == 0)
            {
                entry = ac.Search(buffer);
                taken = entry & 255;
                if (taken == 0)
                    throw NoCode(bits.Position);
            }

            buffer <<= taken;
            count -= taken;
            var size = (entry >> 8) & 15;
            var run = entry >> 12;
            if (size == 0)
            {
                if (run != 15)
                    break;
                k += 16;
                continue;
            }

            k += run;
            block[zigZag[k]] = (short)Extend(buffer, size);
            last = ++k;
            buffer <<= size;
            count -= size;
        }

        (bits.Buffer, bits.Count) = (buffer, count);
        if (k > 64)
            throw TooMany(bits.Position);
        return last > 1;
    }

    /// <summary>The first scan of DC coefficients.</summary>
    public static void FirstDc(ref JpegBits bits, JpegHuffmanTable dc, ref int predictor, scoped Span<short> block, int shift)
    {
        predictor += Difference(ref bits, dc);
        block[0] = (short)(predictor << shift);
    }

    /// <summary>The first scan of a band of other coefficients.</summary>
    /// <param name="bits">The scan's bits.</param>
    /// <param name="ac">The table.</param>
    /// <param name="endRun">How many blocks from here on have no more coefficients in the band.</param>
    /// <param name="block">64 coefficients in rows.</param>
    /// <param name="band">The first coefficient and the last, in zigzag order.</param>
    /// <param name="shift">Bits that later scans bring.</param>
    public static void FirstAc(ref JpegBits bits, JpegHuffmanTable ac, ref int endRun, scoped Span<short> block, (int First, int Last) band, int shift)
    {
        if (endRun > 0)
        {
            endRun--;
            return;
        }

        var entries = ac.Entries;
        var zigZag = ZigZag;
        var (buffer, count) = (bits.Buffer, bits.Count);
        var k = band.First;
        while (k <= band.Last)
        {
            if (count < 32)
            {
                (bits.Buffer, bits.Count) = (buffer, count);
                bits.Refill();
                (buffer, count) = (bits.Buffer, bits.Count);
            }

            var entry = entries[(int)(buffer >> (64 - JpegHuffmanTable.Bits))];
            var taken = entry & 255;
            if (entry >> 16 != 0)
            {
                k += (entry >> 12) & 15;
                buffer <<= taken;
                count -= taken;
                block[zigZag[k++]] = (short)((entry >> 16) << shift);
                continue;
            }

            if (taken == 0)
            {
                entry = ac.Search(buffer);
                taken = entry & 255;
                if (taken == 0)
                    throw NoCode(bits.Position);
            }

            buffer <<= taken;
            count -= taken;
            var size = (entry >> 8) & 15;
            var run = entry >> 12;
            if (size != 0)
            {
                k += run;
                block[zigZag[k++]] = (short)(Extend(buffer, size) << shift);
                buffer <<= size;
                count -= size;
            }
            else if (run == 15)
            {
                k += 16;
            }
            else
            {
                // The run's own bits: at most 14, which the refill above has provided for.
                endRun = (1 << run) - 1;
                if (run > 0)
                {
                    endRun += (int)(buffer >> (64 - run));
                    buffer <<= run;
                    count -= run;
                }

                break;
            }
        }

        (bits.Buffer, bits.Count) = (buffer, count);
        if (k > band.Last + 1)
            throw TooMany(bits.Position);
    }

    /// <summary>A later scan of a band: one more bit of coefficients that are not 0, and new ones.</summary>
    public static void RefineAc(ref JpegBits bits, JpegHuffmanTable ac, ref int endRun, scoped Span<short> block, (int First, int Last) band, int shift)
    {
        var (plus, minus) = ((short)(1 << shift), (short)(-1 << shift));
        var zigZag = ZigZag;
        var k = band.First;
        if (endRun == 0)
        {
            for (; k <= band.Last; k++)
            {
                var symbol = Symbol(ref bits, ac);
                var (run, size) = (symbol >> 4, symbol & 15);
                short value = 0;
                if (size == 0)
                {
                    if (run != 15)
                    {
                        endRun = (1 << run) + bits.Take(run);
                        break;
                    }
                }
                else if (size == 1)
                {
                    value = bits.Bit() == 1 ? plus : minus;
                }
                else
                {
                    throw ImageException.At(bits.Position, $"a refining scan brings one bit of a coefficient, but the code says {size}");
                }

                for (; k <= band.Last; k++)
                {
                    ref var coefficient = ref block[zigZag[k]];
                    if (coefficient != 0)
                        Refine(ref bits, ref coefficient, plus, minus);
                    else if (--run < 0)
                        break;
                }

                if (value == 0)
                    continue;
                if (k > band.Last)
                    throw TooMany(bits.Position);
                block[zigZag[k]] = value;
            }
        }

        if (endRun == 0)
            return;
        endRun--;
        if (k == band.First && IsEmpty(block))
            return;
        for (; k <= band.Last; k++)
        {
            ref var coefficient = ref block[zigZag[k]];
            if (coefficient != 0)
                Refine(ref bits, ref coefficient, plus, minus);
        }
    }

    private static void Refine(ref JpegBits bits, scoped ref short coefficient, short plus, short minus)
    {
        if (bits.Bit() == 1 && (coefficient & plus) == 0)
            coefficient += coefficient >= 0 ? plus : minus;
    }

    /// <summary>Whether all but DC is 0: most blocks, in files of many scans.</summary>
    private static bool IsEmpty(ReadOnlySpan<short> block) => block[1..64].IndexOfAnyExcept((short)0) < 0;

    private static int Difference(ref JpegBits bits, JpegHuffmanTable dc)
    {
        if (bits.Count < 32)
            bits.Refill();
        var entry = dc.Entries[(int)(bits.Buffer >> (64 - JpegHuffmanTable.Bits))];
        if ((entry & 255) == 0)
        {
            entry = dc.Search(bits.Buffer);
            if (entry == 0)
                throw NoCode(bits.Position);
        }

        bits.Buffer <<= entry & 255;
        bits.Count -= entry & 255;
        if (entry >> 16 != 0)
            return entry >> 16;
        var size = (entry >> 8) & 15;
        if (size == 0)
            return 0;
        var value = Extend(bits.Buffer, size);
        bits.Buffer <<= size;
        bits.Count -= size;
        return value;
    }

    /// <summary>A code by itself, without the value that follows it.</summary>
    private static int Symbol(ref JpegBits bits, JpegHuffmanTable table)
    {
        if (bits.Count < 32)
            bits.Refill();
        var entry = table.Entries[(int)(bits.Buffer >> (64 - JpegHuffmanTable.Bits))];
        if ((entry & 255) == 0)
        {
            entry = table.Search(bits.Buffer);
            if (entry == 0)
                throw NoCode(bits.Position);
        }

        var symbol = (entry >> 8) & 255;

        // An entry with a value has the value's bits among those to take.
        var length = (entry & 255) - (entry >> 16 != 0 ? symbol & 15 : 0);
        bits.Buffer <<= length;
        bits.Count -= length;
        return symbol;
    }

    /// <summary>The value of so many bits: those that begin with 0 are negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Extend(ulong buffer, int size)
    {
        var value = (int)(buffer >> (64 - size));
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ImageException NoCode(int position) => ImageException.At(position, "the pixels are damaged: their bits are no code of the Huffman table");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ImageException TooMany(int position) => ImageException.At(position, "the pixels are damaged: a block has more coefficients than fit");
}
