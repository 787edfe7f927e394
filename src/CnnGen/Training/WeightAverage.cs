using System.Globalization;
using System.Numerics;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// An exponential moving average of a model's weights (Polyak, Juditsky 1992), running statistics included, which often predicts better than the weights of the last step:
/// <code>
/// average = average + (1 - d) * (weights - average)        d = min(decay, (1 + n) / (10 + n)) at the update n, or decay without warm-up
/// </code>
/// The first update takes the weights as they are.
/// </summary>
/// <example><code>
/// var trainer = new Trainer&lt;Net&gt;(model, new AdamW()) { Averaging = new WeightAverage(0.999) };
/// trainer.Fit(training, 10, 64);
/// using (trainer.Averaging.Use())
///     model.Save("averaged.safetensors");
/// </code></example>
public sealed unsafe class WeightAverage
{
    private ParameterStore? _parameters;
    private MovableFloats? _values;
    private bool _isInUse;

    /// <summary>Makes an average of nothing yet.</summary>
    /// <param name="decay">The part of the average that is left after an update, in [0, 1).</param>
    /// <param name="warmUp">Whether the first updates count for more, so that the start is forgotten soon.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is outside [0, 1).</exception>
    public WeightAverage(double decay = 0.999, bool warmUp = true)
    {
        if (!((float)decay is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(decay), string.Create(CultureInfo.InvariantCulture, $"decay is {decay}, but must be at least 0 and less than 1, such as 0.999."));
        Decay = decay;
        WarmUp = warmUp;
    }

    /// <summary>The part of the average that is left after an update.</summary>
    public double Decay { get; }

    /// <summary>Whether the first updates count for more.</summary>
    public bool WarmUp { get; }

    /// <summary>The updates so far.</summary>
    public long Updates { get; private set; }

    /// <summary>The numbers, in the kernels' order; only once there are updates.</summary>
    internal Span<float> Values => _values!.Span;

    /// <summary>The numbers as the last <see cref="Refresh"/> found them.</summary>
    internal Span<float> Copied => _values!.Copy;

    internal bool IsInUse => _isInUse;

    /// <summary>Takes the weights as they are now into the average.</summary>
    /// <param name="parameters">The parameters: the same in all updates.</param>
    /// <exception cref="ArgumentException">The average is that of another model's.</exception>
    /// <exception cref="InvalidOperationException">The average is in use in the weights' place.</exception>
    public void Update(ParameterStore parameters) => Update(parameters, null);

    /// <summary>The same with the weights of a device, where the average then lies.</summary>
    internal void Update(ParameterStore parameters, UpdateDevice? device)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using (parameters.Hold())
        {
            CheckFree(parameters);
            Bind(parameters);
            var updates = Updates++;
            var decay = WarmUp ? Math.Min(Decay, (1.0 + updates) / (10.0 + updates)) : Decay;
            if (device != null)
            {
                Update(_values!.On(device), device, updates, (float)(1 - decay));
                return;
            }

            if (updates == 0)
            {
                parameters.ValuesAndStatistics.CopyTo(Values);
                return;
            }

            fixed (float* values = parameters.ValuesAndStatistics, average = Values)
            {
                var work = new Work { Values = values, Average = average, Part = (float)(1 - decay) };
                WorkerTeam.Run(&Chunk, &work, Values.Length, ElementwiseUpdate.Grain);
            }
        }
    }

    /// <summary>Puts the average into the model's place of weights until the result is disposed, which puts the weights back to the bit: to predict, to measure, to save.</summary>
    /// <returns>What ends the use.</returns>
    /// <exception cref="InvalidOperationException">There is no update yet, or the average is in use already.</exception>
    public IDisposable Use()
    {
        if (_parameters == null || Updates == 0)
            throw new InvalidOperationException("There is no average yet: train at least one step first.");
        using (_parameters.Hold())
        {
            if (_isInUse)
                throw new InvalidOperationException("The averaged weights are in the model already. Dispose what Use() returned first.");
            Swap();
            _isInUse = true;
        }

        return new InUse(this);
    }

    /// <summary>Copies the average into another model, whose parameters have the same names and shapes.</summary>
    /// <param name="parameters">That model's parameters.</param>
    /// <exception cref="ArgumentException">They are of another network.</exception>
    /// <exception cref="InvalidOperationException">There is no update yet, or the average is in use in the weights' place.</exception>
    public void CopyTo(ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (_parameters == null || Updates == 0)
            throw new InvalidOperationException("There is no average yet: train at least one step first.");
        if (!parameters.All.Select(p => p.ToString()).SequenceEqual(_parameters.All.Select(p => p.ToString())))
            throw new ArgumentException("These are the parameters of another network than the averaged ones.", nameof(parameters));

        // In logical order: another class of the same network may lay its numbers out otherwise. One after the other, since two that copy to each other would wait for each other for ever.
        var values = new float[_parameters.All.Count][];
        using (_parameters.Hold())
        {
            if (_isInUse)
                throw new InvalidOperationException("The averaged weights are in the model: copy them from there.");
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = new float[_parameters.All[i].Length];
                _parameters.All[i].Gather(Values, values[i]);
            }
        }

        using (parameters.Hold())
        {
            for (var i = 0; i < values.Length; i++)
                parameters.All[i].Set(values[i]);
        }
    }

    /// <summary>Copies the numbers from where they lie to memory.</summary>
    internal void Refresh() => _values?.Refresh();

    /// <summary>Makes the average that of a store, as so many updates left it.</summary>
    internal void Restore(ParameterStore parameters, long updates)
    {
        Bind(parameters);
        Updates = updates;
    }

    /// <summary>Sees that these parameters can be trained and taken into the average, or replaced.</summary>
    /// <exception cref="ArgumentException">The average is that of another model's.</exception>
    /// <exception cref="InvalidOperationException">The average is in use in the weights' place.</exception>
    internal void CheckFree(ParameterStore parameters)
    {
        if (_parameters != null && _parameters != parameters)
            throw new ArgumentException("This average is that of another model's weights. Make one for each model.", nameof(parameters));
        if (_isInUse)
            throw new InvalidOperationException("The averaged weights are in the model, by Use(), and can't be trained on or replaced. Dispose what Use() returned first.");
    }

    private void Bind(ParameterStore parameters)
    {
        _parameters = parameters;
        _values ??= new MovableFloats(parameters.ValuesAndStatistics.Length, hasStatistics: true);
    }

    private static void Update(DeviceFloats average, UpdateDevice device, long updates, float part)
    {
        if (updates == 0)
            average.CopyFrom(device.Values);
        else
            device.Average(average, part);
    }

    private void Swap()
    {
        var values = _parameters!.ValuesAndStatistics;
        var average = Values;
        for (var i = 0; i < values.Length; i++)
            (values[i], average[i]) = (average[i], values[i]);
        _parameters.MarkChanged();
    }

    private void EndUse()
    {
        using (_parameters!.Hold())
        {
            if (!_isInUse)
                return;
            Swap();
            _isInUse = false;
        }
    }

    private static void Chunk(void* argument, int worker, int from, int to)
    {
        ref readonly var work = ref *(Work*)argument;
        var part = new Vector<float>(work.Part);
        var i = from;
        for (; i <= to - Vector<float>.Count; i += Vector<float>.Count)
        {
            var average = Vector.Load(work.Average + i);
            Vector.FusedMultiplyAdd(part, Vector.Load(work.Values + i) - average, average).Store(work.Average + i);
        }

        for (; i < to; i++)
            work.Average[i] = MathF.FusedMultiplyAdd(work.Part, work.Values[i] - work.Average[i], work.Average[i]);
    }

    private struct Work
    {
        public float* Values;
        public float* Average;
        public float Part;
    }

    private sealed class InUse(WeightAverage average) : IDisposable
    {
        private WeightAverage? _average = average;

        public void Dispose() => Interlocked.Exchange(ref _average, null)?.EndUse();
    }
}
