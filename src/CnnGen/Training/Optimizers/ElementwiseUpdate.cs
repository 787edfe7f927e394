using System.Numerics;
using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

/// <summary>
/// What an optimiser does to one vector of weights. Every operation rounds alike in every lane (products and sums are fused where the rule says so), so that the
/// result is the same bits wherever a weight lies, on any number of threads and on every machine.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>Which one it is, for devices that have kernels of their own.</summary>
    UpdateKind Kind { get; }

    /// <summary>Takes a parameter's rate and weight decay.</summary>
    void Set(float rate, float weightDecay);

    /// <summary>Says all numbers of the formula, in the order that a device's kernel reads them in: fewer than <see cref="UpdateDevice.Numbers"/>.</summary>
    void Write(Span<float> numbers);

    /// <summary>Changes a vector of weights and what is kept for them.</summary>
    /// <param name="value">The weights.</param>
    /// <param name="gradient">Their gradients.</param>
    /// <param name="first">The first number that is kept for each; zeros where none is.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third);
}

/// <summary>One pass over weights, gradients and an optimiser's state, on all threads.</summary>
internal static unsafe class ElementwiseUpdate
{
    /// <summary>Floats to a chunk, 5 microseconds of work or more: less is not worth another thread.</summary>
    internal const int Grain = 64 * 1024;

    /// <param name="rule">What is done to each.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="state">What is kept beside them.</param>
    /// <param name="from">Which of what is kept is the rule's first number; the next ones follow it.</param>
    public static void Run<TRule>(TRule rule, ParameterStore parameters, OptimizerState state, int from = 0)
        where TRule : unmanaged, IUpdateRule
    {
        if (state.Device is { } device)
            device.Update(rule.Kind, NumbersOf(rule, state.Segments), state.OnDevice(from), state.OnDevice(from + 1), state.OnDevice(from + 2));
        else
            Run(rule, parameters, state, state[from], state[from + 1], state[from + 2]);
    }

    /// <summary>What a device's kernel has to know of each parameter.</summary>
    private static float[] NumbersOf<TRule>(TRule rule, ParameterSegment[] segments)
        where TRule : unmanaged, IUpdateRule
    {
        var numbers = new float[segments.Length * UpdateDevice.Numbers];
        for (var i = 0; i < segments.Length; i++)
        {
            var own = numbers.AsSpan(i * UpdateDevice.Numbers, UpdateDevice.Numbers);
            rule.Set(segments[i].Rate, segments[i].WeightDecay);
            rule.Write(own);
            own[UpdateDevice.Frozen] = segments[i].IsFrozen ? 1 : 0;
        }

        return numbers;
    }

    private static void Run<TRule>(TRule rule, ParameterStore parameters, OptimizerState state, Span<float> firsts, Span<float> seconds, Span<float> thirds)
        where TRule : unmanaged, IUpdateRule
    {
        fixed (float* values = parameters.Values, gradients = parameters.Gradients)
        fixed (float* first = firsts, second = seconds, third = thirds)
        fixed (ParameterSegment* segments = state.Segments)
        {
            var work = new Work<TRule>
            {
                Rule = rule,
                Values = values,
                Gradients = gradients,
                First = first,
                Second = second,
                Third = third,
                Segments = segments,
                SegmentCount = state.Segments.Length,
            };
            WorkerTeam.Run(&Chunk<TRule>, &work, parameters.TrainedLength, Grain);
        }
    }

    private static void Chunk<TRule>(void* argument, int worker, int from, int to)
        where TRule : unmanaged, IUpdateRule
    {
        ref readonly var work = ref *(Work<TRule>*)argument;
        for (var i = 0; i < work.SegmentCount; i++)
        {
            var segment = work.Segments[i];
            var start = Math.Max(from, segment.Start);
            var end = Math.Min(to, segment.End);
            if (start >= end || segment.IsFrozen)
                continue;
            var rule = work.Rule;
            rule.Set(segment.Rate, segment.WeightDecay);
            Range(in work, rule, start, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Range<TRule>(in Work<TRule> work, TRule rule, int from, int to)
        where TRule : unmanaged, IUpdateRule
    {
        float* values = work.Values, gradients = work.Gradients, firsts = work.First, seconds = work.Second, thirds = work.Third;
        Vector<float> first = default, second = default, third = default;
        var i = from;
        for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = Vector.Load(values + i);
            if (firsts != null)
                first = Vector.Load(firsts + i);
            if (seconds != null)
                second = Vector.Load(seconds + i);
            if (thirds != null)
                third = Vector.Load(thirds + i);
            rule.Apply(ref value, Vector.Load(gradients + i), ref first, ref second, ref third);
            value.Store(values + i);
            if (firsts != null)
                first.Store(firsts + i);
            if (seconds != null)
                second.Store(seconds + i);
            if (thirds != null)
                third.Store(thirds + i);
        }

        if (i < to)
            Rest(in work, rule, i, to - i);
    }

    /// <summary>The last weights of a range, fewer than a vector, by the same operations.</summary>
    private static void Rest<TRule>(in Work<TRule> work, TRule rule, int from, int count)
        where TRule : unmanaged, IUpdateRule
    {
        var value = LoadPart(work.Values + from, count);
        var first = work.First == null ? default : LoadPart(work.First + from, count);
        var second = work.Second == null ? default : LoadPart(work.Second + from, count);
        var third = work.Third == null ? default : LoadPart(work.Third + from, count);
        rule.Apply(ref value, LoadPart(work.Gradients + from, count), ref first, ref second, ref third);
        StorePart(value, work.Values + from, count);
        if (work.First != null)
            StorePart(first, work.First + from, count);
        if (work.Second != null)
            StorePart(second, work.Second + from, count);
        if (work.Third != null)
            StorePart(third, work.Third + from, count);
    }

    private static Vector<float> LoadPart(float* source, int count)
    {
        Vector<float> vector = default;
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(&vector, Vector<float>.Count));
        return vector;
    }

    private static void StorePart(Vector<float> vector, float* target, int count) => new ReadOnlySpan<float>(&vector, count).CopyTo(new Span<float>(target, count));

    private struct Work<TRule>
        where TRule : unmanaged
    {
        public TRule Rule;
        public float* Values;
        public float* Gradients;
        public float* First;
        public float* Second;
        public float* Third;
        public ParameterSegment* Segments;
        public int SegmentCount;
    }
}
