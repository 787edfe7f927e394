using System.Numerics;
using System.Runtime.InteropServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>Whether floats are finite, as fast as memory gives them.</summary>
internal static unsafe class FiniteCheck
{
    /// <summary>Floats that a thread takes at a time; fewer are not worth sharing.</summary>
    private const int Grain = 1 << 18;

    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        // An exponent of all ones is an infinity's or a NaN's.
        var exponent = new Vector<int>(0x7F800000);
        var found = Vector<int>.Zero;
        var bits = MemoryMarshal.Cast<float, int>(values);
        while (bits.Length >= 4 * Vector<int>.Count)
        {
            for (var i = 0; i < 4; i++)
                found |= Vector.Equals(new Vector<int>(bits.Slice(i * Vector<int>.Count)) & exponent, exponent);
            bits = bits[(4 * Vector<int>.Count)..];
        }

        foreach (var one in bits)
        {
            if ((one & 0x7F800000) == 0x7F800000)
                return false;
        }

        return found == Vector<int>.Zero;
    }

    /// <summary>The same over any number of floats at any alignment, on all threads where there are many.</summary>
    public static bool AllFinite(float* values, long length)
    {
        var check = new Check { Values = values, Length = length };
        WorkerTeam.Run(&Run, &check, checked((int)((length + Grain - 1) / Grain)), 1);
        return check.Faults == 0;
    }

    private static void Run(void* argument, int worker, int from, int to)
    {
        var check = (Check*)argument;
        for (var i = from; i < to; i++)
        {
            var start = (long)i * Grain;
            if (!AllFinite(new ReadOnlySpan<float>(check->Values + start, (int)Math.Min(Grain, check->Length - start))))
                Interlocked.Increment(ref check->Faults);
        }
    }

    private struct Check
    {
        public float* Values;
        public long Length;
        public int Faults;
    }
}
