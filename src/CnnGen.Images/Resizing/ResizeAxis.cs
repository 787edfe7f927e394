using System.Runtime.Intrinsics;

namespace CnnGen.Images.Resizing;

/// <summary>Which inputs each output is made of along one axis, and how much of each.</summary>
internal sealed class ResizeAxis
{
    /// <summary>Weights of Pillow's filters are whole numbers of 2^-22.</summary>
    private const int Precision = 22;

    /// <summary>What a sum begins with, so that it is rounded to the nearest.</summary>
    public const int Half = 1 << (Precision - 1);

    private readonly int[] _first;
    private readonly int[] _count;
    private readonly float[] _weights;
    private readonly int[] _wholeWeights;
    private readonly int _most;

    public ResizeAxis(int input, int output, ResizeFilter filter)
    {
        _most = MostInputs(input, output, filter);
        _first = new int[output];
        _count = new int[output];
        var isArea = filter == ResizeFilter.Area;
        _weights = isArea ? new float[(long)output * _most] : [];
        _wholeWeights = isArea ? [] : new int[(long)output * _most];
        var exact = isArea ? [] : new double[_most];
        for (var i = 0; i < output; i++)
        {
            if (!isArea)
                Pillow(i, input, output, filter, exact);
            else if (input > output)
                Cover(i, input, output);
            else
                Between(i, input, output);
        }

        // How many outputs are begun before the first of them is complete.
        var first = 0;
        for (var i = 0; i < output; i++)
        {
            while (_first[first] + _count[first] <= _first[i])
                first++;
            MostOpen = Math.Max(MostOpen, i - first + 1);
        }
    }

    /// <summary>The number of outputs.</summary>
    public int Count => _first.Length;

    /// <summary>The most outputs that are made of one input, or of inputs that lie between those of one output.</summary>
    public int MostOpen { get; private set; }

    /// <summary>The bytes that the weights take, and computing them.</summary>
    public static long MemoryFor(int input, int output, ResizeFilter filter) => (4L * output * (MostInputs(input, output, filter) + 2)) + (8L * MostInputs(input, output, filter));

    /// <summary>An upper bound of <see cref="MostOpen"/> that needs no weights.</summary>
    public static long MostOpenFor(int input, int output, ResizeFilter filter) =>
        Math.Min(output, (long)Math.Ceiling(MostInputs(input, output, filter) * ((double)output / input)) + 2);

    public static byte Round(int sum) => (byte)Math.Clamp(sum >> Precision, 0, 255);

    /// <summary>The same for four sums.</summary>
    public static Vector128<int> Round(Vector128<int> sums) => Vector128.Min(Vector128.Max(sums >> Precision, Vector128<int>.Zero), Vector128.Create(255));

    public int First(int index) => _first[index];

    public int Length(int index) => _count[index];

    public float Weight(int index, int i) => _weights[(index * _most) + i];

    public int WholeWeight(int index, int i) => _wholeWeights[(index * _most) + i];

    public ReadOnlySpan<float> Weights(int index) => _weights.AsSpan(index * _most, _count[index]);

    public ReadOnlySpan<int> WholeWeights(int index) => _wholeWeights.AsSpan(index * _most, _count[index]);

    private static int MostInputs(int input, int output, ResizeFilter filter)
    {
        if (filter == ResizeFilter.Area)
            return input > output ? (input / output) + 2 : 2;
        return (int)Math.Min(input, (2 * Math.Ceiling(Support(filter) * Math.Max((double)input / output, 1))) + 1);
    }

    private static double Support(ResizeFilter filter) => filter == ResizeFilter.Bicubic ? 2 : 1;

    private static double Value(ResizeFilter filter, double x)
    {
        x = Math.Abs(x);
        if (filter == ResizeFilter.Bilinear)
            return x < 1 ? 1 - x : 0;
        const double A = -0.5;
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * A
            : 0;
    }

    // As Pillow computes them (Resample.c), in the same order, so that the weights are the same to the bit.
    private void Pillow(int index, int input, int output, ResizeFilter filter, double[] exact)
    {
        var scale = (double)input / output;
        var stretch = Math.Max(scale, 1);
        var support = Support(filter) * stretch;
        var center = (index + 0.5) * scale;
        var reciprocal = 1 / stretch;
        var first = Math.Max(0, (int)(center - support + 0.5));
        var count = Math.Min(input, (int)(center + support + 0.5)) - first;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            exact[i] = Value(filter, (i + first - center + 0.5) * reciprocal);
            sum += exact[i];
        }

        (_first[index], _count[index]) = (first, count);
        for (var i = 0; i < count; i++)
        {
            var weight = (sum != 0 ? exact[i] / sum : exact[i]) * (1 << Precision);
            _wholeWeights[(index * _most) + i] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
        }
    }

    // Output i covers [i * input / output, (i + 1) * input / output): in parts of 1 / output, whole numbers.
    private void Cover(int index, int input, int output)
    {
        var (start, end) = ((long)index * input, ((long)index + 1) * input);
        _first[index] = (int)(start / output);
        for (var position = start; position < end; _count[index]++)
        {
            var next = Math.Min(end, ((position / output) + 1) * output);
            _weights[(index * _most) + _count[index]] = (next - position) / (float)input;
            position = next;
        }
    }

    // The centre of output i lies at (i + 1/2) * input / output - 1/2.
    private void Between(int index, int input, int output)
    {
        var numerator = (((2L * index) + 1) * input) - output;
        var denominator = 2L * output;
        var low = numerator < 0 ? 0 : numerator / denominator;
        var part = numerator < 0 ? 0 : (numerator - (low * denominator)) / (float)denominator;
        if (low >= input - 1)
            (low, part) = (input - 1, 0);
        _first[index] = (int)low;
        _count[index] = part > 0 ? 2 : 1;
        _weights[index * _most] = 1 - part;
        _weights[(index * _most) + 1] = part;
    }
}
