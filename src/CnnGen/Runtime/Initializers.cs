using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnGen.Runtime;

/// <summary>
/// The starts of parameters, each from a random stream of its own, so that a new layer leaves the others' starts as they were. Every number is a function of
/// (seed, parameter, logical index), computed by single multiplications and additions that no instruction set fuses: the same bits everywhere, on any number of threads.
/// </summary>
internal static class Initializers
{
    public static void Fill(IReadOnlyList<Parameter> parameters, int seed)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var definition = parameters[i].Definition;
            var key = CounterRandom.Key((ulong)(uint)seed, (ulong)i);
            switch (definition.Initialization)
            {
                case Initialization.Zeros:
                    parameters[i].Set(new Constant(0));
                    break;
                case Initialization.Ones:
                    parameters[i].Set(new Constant(1));
                    break;
                case Initialization.Quarter:
                    parameters[i].Set(new Constant(0.25f));
                    break;
                case Initialization.Half:
                    parameters[i].Set(new Constant(0.5f));
                    break;
                case Initialization.He:
                    parameters[i].Set(new Random(key, true, (float)Math.Sqrt(2.0 / definition.FanIn)));
                    break;
                case Initialization.Glorot:
                    parameters[i].Set(new Random(key, false, (float)Math.Sqrt(6.0 / (definition.FanIn + definition.FanOut))));
                    break;
                default:
                    throw new InvalidOperationException($"Unknown initialisation {definition.Initialization}.");
            }
        }
    }

    private readonly struct Constant(float value) : IParameterSource
    {
        public void Fill(int start, Span<float> values) => values.Fill(value);
    }

    /// <summary>
    /// Normal numbers of variance 1 (Box, Muller 1958: two at a time, a point in polar coordinates) or uniform ones in [-1, 1), times a scale. They come in
    /// groups of 16: each group has eight 64-bit words of the stream, of which the low halves' upper 24 bits give numbers 0 to 7 of the group (radii) and
    /// the high halves' give numbers 8 to 15 (angles). With 24 bits no normal number is further out than sqrt(48 ln 2) = 5.77.
    /// </summary>
    private readonly struct Random(ulong key, bool isNormal, float scale) : IParameterSource
    {
        private const int Group = 16;

        [SkipLocalsInit]
        public void Fill(int start, Span<float> values)
        {
            Span<float> group = stackalloc float[Group];
            while (!values.IsEmpty)
            {
                var within = start % Group;
                if (within == 0 && values.Length >= Group)
                {
                    Make(start / Group, ref MemoryMarshal.GetReference(values));
                    start += Group;
                    values = values[Group..];
                    continue;
                }

                Make(start / Group, ref MemoryMarshal.GetReference(group));
                var count = Math.Min(values.Length, Group - within);
                group.Slice(within, count).CopyTo(values);
                start += count;
                values = values[count..];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Make(int group, ref float values)
        {
            var counter = (ulong)group * (Group / 2);
            var low = Vector256.Create(
                CounterRandom.At(key, counter), CounterRandom.At(key, counter + 1), CounterRandom.At(key, counter + 2), CounterRandom.At(key, counter + 3));
            var high = Vector256.Create(
                CounterRandom.At(key, counter + 4), CounterRandom.At(key, counter + 5), CounterRandom.At(key, counter + 6), CounterRandom.At(key, counter + 7));
            var mask = Vector256.Create(0xFFFFFFFFUL);
            var first = Vector256.Narrow(low & mask, high & mask).AsInt32() >>> 8;
            var second = Vector256.Narrow(low >> 32, high >> 32).AsInt32() >>> 8;
            var (x, y) = isNormal ? Normal(first, second) : (Uniform(first), Uniform(second));
            (x * scale).StoreUnsafe(ref values);
            (y * scale).StoreUnsafe(ref values, 8);
        }

        /// <summary>[-1, 1) from 24 bits, exactly.</summary>
        private static Vector256<float> Uniform(Vector256<int> bits) => Vector256.ConvertToSingle(bits - Vector256.Create(1 << 23)) * (1f / (1 << 23));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static (Vector256<float> X, Vector256<float> Y) Normal(Vector256<int> radius, Vector256<int> angle)
        {
            var length = Vector256.Sqrt(Logarithm(Vector256.ConvertToSingle(radius + Vector256<int>.One) * (1f / (1 << 24))) * -2f);

            // The upper two bits choose a quarter, the others an angle of -pi/4 to pi/4 within it.
            var quarter = angle >> 22;
            var a = Vector256.ConvertToSingle((angle & Vector256.Create((1 << 22) - 1)) - Vector256.Create(1 << 21)) * (float)(Math.PI / 2 / (1 << 22));
            var square = a * a;
            var sine = a * ((((((square * (1f / 362880)) - Vector256.Create(1f / 5040)) * square) + Vector256.Create(1f / 120)) * square
                - Vector256.Create(1f / 6)) * square + Vector256.Create(1f));
            var cosine = ((((((square * (1f / 40320)) - Vector256.Create(1f / 720)) * square) + Vector256.Create(1f / 24)) * square
                - Vector256.Create(0.5f)) * square) + Vector256.Create(1f);
            var isTurned = Vector256.Equals(quarter & Vector256<int>.One, Vector256<int>.One).AsSingle();
            var sign = (quarter >> 1 << 31).AsSingle();
            var x = Vector256.ConditionalSelect(isTurned, sine, cosine) ^ sign;
            var y = Vector256.ConditionalSelect(isTurned, cosine, sine) ^ sign;
            return (length * x, length * y);
        }

        /// <summary>
        /// The natural logarithm of numbers in (0, 1]: exponent x ln 2 + 2 artanh((m - 1) / (m + 1)) of the mantissa m in [sqrt(1/2), sqrt(2)), by the series to the ninth power.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<float> Logarithm(Vector256<float> value)
        {
            // 0x3F3504F3 is sqrt(1/2): taken off the bits, what is above the mantissa's 23 is the exponent of a mantissa from there on.
            var bits = value.AsInt32() - Vector256.Create(0x3F3504F3);
            var exponent = Vector256.ConvertToSingle(bits >> 23);
            var mantissa = ((bits & Vector256.Create(0x007FFFFF)) + Vector256.Create(0x3F3504F3)).AsSingle();
            var one = Vector256.Create(1f);
            var s = (mantissa - one) / (mantissa + one);
            var square = s * s;
            var series = ((((((square * (1f / 9)) + Vector256.Create(1f / 7)) * square) + Vector256.Create(1f / 5)) * square + Vector256.Create(1f / 3)) * square) + one;
            return (exponent * 0.6931472f) + (2f * s * series);
        }
    }
}
