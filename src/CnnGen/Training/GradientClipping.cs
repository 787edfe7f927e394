using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Keeps gradients from being too large: their common length (Pascanu, Mikolov, Bengio 2013, algorithm 1; PyTorch's <c>clip_grad_norm_</c>), or each of them
/// (<c>clip_grad_value_</c>).
/// </summary>
public sealed unsafe class GradientClipping
{
    private readonly ConditionalWeakTable<ParameterStore, SegmentSums> _sums = new();

    private GradientClipping(double norm, double value) => (Norm, Value) = (norm, value);

    /// <summary>The greatest length of all gradients together; infinity where it is not bounded.</summary>
    public double Norm { get; }

    /// <summary>The greatest size of each gradient; infinity where it is not bounded.</summary>
    public double Value { get; }

    /// <summary>Scales all gradients by norm / (length + 1e-6), where that is less than 1; their length is the root of the sum of all squares.</summary>
    /// <param name="norm">The greatest length, finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="norm"/> is out of its range.</exception>
    public static GradientClipping ByNorm(double norm) => new(Check(norm, nameof(norm)), double.PositiveInfinity);

    /// <summary>Brings each gradient to [-value, value].</summary>
    /// <param name="value">The greatest size, finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is out of its range.</exception>
    public static GradientClipping ByValue(double value) => new(double.PositiveInfinity, Check(value, nameof(value)));

    /// <summary>Clips the gradients of a batch; for a training loop of one's own, between <c>ComputeGradients</c> and the optimiser's step.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="optimizer">What takes the step: the gradients of parameters that it holds frozen don't count for the length. Null counts all.</param>
    /// <returns>The gradients' length before; NaN where only their size is bounded.</returns>
    public double Apply(ParameterStore parameters, Optimizer? optimizer = null) => Apply(parameters, optimizer, null);

    /// <summary>The same of gradients on a device; null for the store's.</summary>
    internal double Apply(ParameterStore parameters, Optimizer? optimizer, UpdateDevice? device)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            if (double.IsFinite(Value))
            {
                Clip(parameters, device);
                return double.NaN;
            }

            var sums = device != null ? device.SumSquares(device.Gradients) : SquaresOf(parameters);
            var sum = 0.0;
            for (var i = 0; i < sums.Length; i++)
                sum += optimizer == null || optimizer.Trains(parameters, i) ? sums[i] : 0;
            var length = Math.Sqrt(sum);
            if (length + 1e-6 > Norm)
                Scale(parameters, device, (float)(Norm / (length + 1e-6)));
            return length;
        }
    }

    private ReadOnlySpan<double> SquaresOf(ParameterStore parameters) =>
        _sums.GetValue(parameters, static store => new SegmentSums(ParameterSegment.Of(store, [], 0, _ => false))).OfSquares(parameters.Gradients);

    private void Clip(ParameterStore parameters, UpdateDevice? device)
    {
        if (device != null)
            device.ClipGradients((float)Value);
        else
            Run(parameters, &ClipChunk, (float)Value);
    }

    private static void Scale(ParameterStore parameters, UpdateDevice? device, float factor)
    {
        if (device != null)
            device.ScaleGradients(factor);
        else
            Run(parameters, &ScaleChunk, factor);
    }

    private static double Check(double value, string name)
    {
        if (!((float)value > 0 && float.IsFinite((float)value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number above 0, such as 1."));
        return value;
    }

    private static void Run(ParameterStore parameters, delegate*<void*, int, int, int, void> job, float number)
    {
        fixed (float* gradients = parameters.Gradients)
        {
            var work = new Work { Gradients = gradients, Number = number };
            WorkerTeam.Run(job, &work, parameters.TrainedLength, ElementwiseUpdate.Grain);
        }
    }

    private static void ScaleChunk(void* argument, int worker, int from, int to)
    {
        ref readonly var work = ref *(Work*)argument;
        var i = from;
        for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.Load(work.Gradients + i) * work.Number).Store(work.Gradients + i);
        for (; i < to; i++)
            work.Gradients[i] *= work.Number;
    }

    private static void ClipChunk(void* argument, int worker, int from, int to)
    {
        // As comparisons, so that a NaN stays one, in a vector as alone, and shows in the weights.
        ref readonly var work = ref *(Work*)argument;
        var (low, high) = (new Vector<float>(-work.Number), new Vector<float>(work.Number));
        var i = from;
        for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = Vector.Load(work.Gradients + i);
            value = Vector.ConditionalSelect(Vector.GreaterThan(value, high), high, value);
            Vector.ConditionalSelect(Vector.LessThan(value, low), low, value).Store(work.Gradients + i);
        }

        for (; i < to; i++)
        {
            if (work.Gradients[i] > work.Number)
                work.Gradients[i] = work.Number;
            else if (work.Gradients[i] < -work.Number)
                work.Gradients[i] = -work.Number;
        }
    }

    private struct Work
    {
        public float* Gradients;
        public float Number;
    }
}
