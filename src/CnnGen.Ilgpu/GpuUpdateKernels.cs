using ILGPU;

namespace CnnGen.Ilgpu;

/// <summary>
/// The optimisers' steps, a thread for each trained parameter: the formulas that the CPU's have, whose classes document them, by products and sums that are rounded one by one. Each reads the numbers of its parameter,
/// <c>numbers[at...]</c>, in the order in which the CPU's rule writes them.
/// </summary>
internal static class GpuUpdateKernels
{
    public const int Threads = 128;

    /// <summary>Parameters begin at multiples of so many floats: what tells which parameter a float is of.</summary>
    public const int Unit = 32;

    private const int Numbers = 12;
    private const int Frozen = Numbers - 1;

    /// <summary>The thread's place among all trained parameters, and perhaps behind them.</summary>
    private static int Index => Grid.IdxX * Threads + Group.IdxX;

    /// <summary>Where the numbers of a thread's parameter begin; below 0 where it is frozen, or there is none.</summary>
    private static int NumbersOf(int i, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        if (i >= length)
            return -1;
        int at = (int)segments[i / Unit] * Numbers;
        return numbers[at + Frozen] != 0f ? -1 : at;
    }

    public static void Sgd(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float value = values[i];
        float gradient = numbers[at + 1] * value + gradients[i];
        values[i] = numbers[at] * gradient + value;
    }

    public static void SgdMomentum(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float value = values[i];
        float momentum = numbers[at + 2];
        float gradient = numbers[at + 1] * value + gradients[i];
        float velocity = momentum * first[i] + gradient;
        first[i] = velocity;
        float direction = numbers[at + 3] != 0f ? momentum * velocity + gradient : velocity;
        values[i] = numbers[at] * direction + value;
    }

    public static void Adagrad(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float value = values[i];
        float gradient = numbers[at + 1] * value + gradients[i];
        float sum = gradient * gradient + first[i];
        first[i] = sum;
        values[i] = numbers[at] * (gradient / (MathF.Sqrt(sum) + numbers[at + 2])) + value;
    }

    public static void RmsProp(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float value = values[i];
        float alpha = numbers[at + 2];
        float beta = numbers[at + 3];
        bool isCentered = numbers[at + 6] != 0f;
        float gradient = numbers[at + 1] * value + gradients[i];
        float square = alpha * first[i] + beta * gradient * gradient;
        first[i] = square;
        if (isCentered)
        {
            float mean = alpha * second[i] + beta * gradient;
            second[i] = mean;
            square -= mean * mean;
            if (square < 0f)
                square = 0f;
        }

        float direction = gradient / (MathF.Sqrt(square) + numbers[at + 4]);
        if (numbers[at + 7] != 0f)
        {
            float velocity = numbers[at + 5] * (isCentered ? third[i] : second[i]) + direction;
            if (isCentered)
                third[i] = velocity;
            else
                second[i] = velocity;
            direction = velocity;
        }

        values[i] = numbers[at] * direction + value;
    }

    public static void Adam(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float value = values[i];
        float gradient = numbers[at + 1] * value + gradients[i];
        float moment = numbers[at + 3] * first[i] + numbers[at + 4] * gradient;
        first[i] = moment;
        float square = numbers[at + 5] * second[i] + numbers[at + 6] * gradient * gradient;
        second[i] = square;
        if (numbers[at + 9] != 0f)
        {
            square = GpuMath.Larger(third[i], square);
            third[i] = square;
        }

        float divisor = MathF.Sqrt(square) * numbers[at + 8] + numbers[at + 7];
        values[i] = numbers[at] * (moment / divisor) + value * numbers[at + 2];
    }

    public static void Nadam(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float value = values[i];
        float gradient = numbers[at + 1] * value + gradients[i];
        float moment = numbers[at + 3] * first[i] + numbers[at + 4] * gradient;
        first[i] = moment;
        float square = numbers[at + 5] * second[i] + numbers[at + 6] * gradient * gradient;
        second[i] = square;
        float divisor = MathF.Sqrt(square) * numbers[at + 8] + numbers[at + 7];
        values[i] = value - (numbers[at] * gradient + numbers[at + 2] * moment) / divisor;
    }

    public static void Lion(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float gradient = gradients[i];
        float direction = numbers[at + 2] * first[i] + numbers[at + 3] * gradient;

        // What is not a number has no sign, and is to show in the weight.
        float rate = numbers[at];
        float move = direction > 0f ? rate : direction < 0f ? -rate : direction;
        values[i] = values[i] * numbers[at + 1] - move;
        first[i] = numbers[at + 4] * first[i] + numbers[at + 5] * gradient;
    }

    public static void Lookahead(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float slow = first[i];
        float value = numbers[at] * (values[i] - slow) + slow;
        first[i] = value;
        values[i] = value;
    }

    public static void Lars(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float value = values[i];
        float gradient = numbers[at + 1] * value + gradients[i];
        float velocity = numbers[at + 2] * first[i] + numbers[at] * gradient;
        first[i] = velocity;
        values[i] = value - velocity;
    }

    public static void LambDirection(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        float gradient = gradients[i];
        float moment = numbers[at + 1] * first[i] + numbers[at + 2] * gradient;
        first[i] = moment;
        float square = numbers[at + 3] * second[i] + numbers[at + 4] * gradient * gradient;
        second[i] = square;
        float divisor = MathF.Sqrt(square) * numbers[at + 7] + numbers[at + 5];
        third[i] = numbers[at] * values[i] + moment * numbers[at + 6] / divisor;
    }

    public static void LambStep(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        values[i] = numbers[at] * first[i] + values[i];
    }

    public static void MuonMomentum(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> first, ArrayView<float> second, ArrayView<float> third, ArrayView<float> segments, ArrayView<float> numbers, int length)
    {
        int i = Index;
        int at = NumbersOf(i, segments, numbers, length);
        if (at < 0)
            return;
        first[i] = numbers[at] * first[i] + numbers[at + 1] * gradients[i];
    }
}
