using ILGPU;

namespace CnnGen.Ilgpu;

/// <summary>What is done to all gradients or parameters between two batches beside optimisers' steps: clipping, accumulation, averages, sums of squares. A thread for each number, unless it says otherwise.</summary>
internal static class GpuVectorKernels
{
    /// <summary>The sums of a parameter that follow one another, each of every so manieth unit.</summary>
    public const int Strands = 64;

    private const int Threads = GpuUpdateKernels.Threads;
    private const int Unit = GpuUpdateKernels.Unit;

    public static void Scale(ArrayView<float> numbers, float factor, int length)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i < length)
            numbers[i] = numbers[i] * factor;
    }

    /// <summary>What is not a number stays one.</summary>
    public static void Clip(ArrayView<float> numbers, float bound, int length)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i >= length)
            return;
        float number = numbers[i];
        numbers[i] = number > bound ? bound : number < -bound ? -bound : number;
    }

    public static void Add(ArrayView<float> sums, ArrayView<float> numbers, float part, int isFirst, int length)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i < length)
            sums[i] = part * numbers[i] + (isFirst != 0 ? 0f : sums[i]);
    }

    public static void Average(ArrayView<float> average, ArrayView<float> numbers, float part, int length)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i < length)
            average[i] = part * (numbers[i] - average[i]) + average[i];
    }

    public static void Copy(ArrayView<float> target, ArrayView<float> source, int length)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i < length)
            target[i] = source[i];
    }

    /// <summary>The sums of squares of units, a thread each.</summary>
    public static void Squares(ArrayView<float> numbers, ArrayView<float> sums, int units)
    {
        int unit = Grid.IdxX * Threads + Group.IdxX;
        if (unit >= units)
            return;
        float sum = 0f;
        for (int i = 0; i < Unit; i++)
        {
            float number = numbers[unit * Unit + i];
            sum += number * number;
        }

        sums[unit] = sum;
    }

    /// <summary>The sums of the units' sums, <see cref="Strands"/> for each parameter, a thread each.</summary>
    /// <param name="sums">The units' sums.</param>
    /// <param name="bounds">The first unit of each parameter, and at last the number of units.</param>
    /// <param name="strands">Receives the sums.</param>
    /// <param name="count">All strands of all parameters.</param>
    public static void SumStrands(ArrayView<float> sums, ArrayView<float> bounds, ArrayView<float> strands, int count)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i >= count)
            return;
        int segment = i / Strands;
        int end = (int)bounds[segment + 1];
        float sum = 0f;
        for (int unit = (int)bounds[segment] + i % Strands; unit < end; unit += Strands)
            sum += sums[unit];
        strands[i] = sum;
    }
}
