using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>y = max(x, 0); NaN stays NaN.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void ReLU(float* x, float* y, int n) => Map(x, y, n, default(ReLUMap));

    /// <summary>y = x where x is positive, else slope * x; NaN stays NaN.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="slope">The slope below 0.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void LeakyReLU(float* x, float* y, float slope, int n) => Map(x, y, n, new LeakyReLUMap(slope));

    /// <summary>y = x where x is positive, else alpha * (e^x - 1) (Clevert et al. 2016, equation 15), to 1e-6 relative; NaN stays NaN.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="alpha">The negated limit towards minus infinity.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void ELU(float* x, float* y, float alpha, int n) => Map(x, y, n, new ELUMap(alpha));

    /// <summary>y = 1 / (1 + e^-x) to 1e-6 relative (0 where the result would be below 3e-39); NaN stays NaN.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void Sigmoid(float* x, float* y, int n) => Map(x, y, n, default(SigmoidMap));

    /// <summary>y = tanh(x) to 1e-6 relative, near 0 too; NaN stays NaN.</summary>
    /// <param name="x">n floats.</param>
    /// <param name="y">Receives n floats; may be <paramref name="x"/>.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void Tanh(float* x, float* y, int n) => Map(x, y, n, default(TanhMap));

    /// <summary>The gradient through <see cref="ReLU"/>, in place: g where y is positive, else 0.</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="g">n gradients by the outputs; receives those by the inputs.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void ReLUBackward(float* y, float* g, int n) => Zip(y, g, g, n, default(ReLUGradient));

    /// <summary>The gradient through <see cref="LeakyReLU"/> for a positive slope, in place: g where y is positive, else slope * g.</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="g">n gradients by the outputs; receives those by the inputs.</param>
    /// <param name="slope">The slope below 0.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void LeakyReLUBackward(float* y, float* g, float slope, int n) => Zip(y, g, g, n, new LeakyReLUGradient(slope));

    /// <summary>The gradient through <see cref="ELU"/> for a positive alpha, in place: g where y is positive, else g * (y + alpha).</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="g">n gradients by the outputs; receives those by the inputs.</param>
    /// <param name="alpha">The negated limit towards minus infinity.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void ELUBackward(float* y, float* g, float alpha, int n) => Zip(y, g, g, n, new ELUGradient(alpha));

    /// <summary>The gradient through <see cref="Sigmoid(float*, float*, int)"/>, in place: g * y * (1 - y).</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="g">n gradients by the outputs; receives those by the inputs.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void SigmoidBackward(float* y, float* g, int n) => Zip(y, g, g, n, default(SigmoidGradient));

    /// <summary>The gradient through <see cref="Tanh(float*, float*, int)"/>, in place: g * (1 - y^2).</summary>
    /// <param name="y">n outputs.</param>
    /// <param name="g">n gradients by the outputs; receives those by the inputs.</param>
    /// <param name="n">The number of elements.</param>
    [MethodImpl(Kernel)]
    public static void TanhBackward(float* y, float* g, int n) => Zip(y, g, g, n, default(TanhGradient));

    private readonly struct ReLUMap : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => TUnit.Max(TUnit.Broadcast(0f), x);
    }

    private readonly struct LeakyReLUMap(float slope) : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => TUnit.SelectGreater(x, TUnit.Broadcast(0f), x, TUnit.Multiply(TUnit.Broadcast(slope), x));
    }

    private readonly struct ELUMap(float alpha) : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x)
        {
            var negative = TUnit.Multiply(TUnit.Broadcast(alpha), ExpM1OfNegative(x));
            return TUnit.SelectGreater(x, TUnit.Broadcast(0f), x, negative);
        }
    }

    private readonly struct SigmoidMap : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => Sigmoid(x);
    }

    private readonly struct TanhMap : IMap
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector x) => Tanh(x);
    }

    private readonly struct ReLUGradient : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector g) => TUnit.SelectGreater(y, TUnit.Broadcast(0f), g, TUnit.Broadcast(0f));
    }

    private readonly struct LeakyReLUGradient(float slope) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector g) => TUnit.SelectGreater(y, TUnit.Broadcast(0f), g, TUnit.Multiply(TUnit.Broadcast(slope), g));
    }

    private readonly struct ELUGradient(float alpha) : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector g) =>
            TUnit.SelectGreater(y, TUnit.Broadcast(0f), g, TUnit.Multiply(g, TUnit.Add(y, TUnit.Broadcast(alpha))));
    }

    private readonly struct SigmoidGradient : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector g) => TUnit.Multiply(TUnit.Multiply(g, y), TUnit.Subtract(TUnit.Broadcast(1f), y));
    }

    private readonly struct TanhGradient : IZip
    {
        [MethodImpl(Inline)]
        public TVector Apply(TVector y, TVector g) => TUnit.Multiply(g, TUnit.MultiplySubtractFrom(y, y, TUnit.Broadcast(1f)));
    }
}
