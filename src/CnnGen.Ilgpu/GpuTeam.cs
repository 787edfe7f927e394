using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen.Ilgpu;

/// <summary>
/// Several devices of one machine that train one model together: each computes the gradients of a part of the batch, and their mean, summed in the order of the devices, is what the first one steps by. Its parameters then go to
/// the others. The sums have a fixed order, so two runs on the same devices give the same bits.
/// </summary>
/// <remarks>
/// Batch normalisation sees the images of its own device alone, and running statistics are the mean of the devices'. Dropout draws other masks than one device does, from the same seed. What goes from device to device goes through
/// the processor's memory: for each further one the gradients to the first, and the parameters back.
/// </remarks>
/// <typeparam name="TModel">The model's class.</typeparam>
/// <example><code>
/// using var team = new GpuTeam&lt;LeNet5&gt;(model.OnGpu(one, batch: 64), model.OnGpu(other, batch: 64));
/// new Trainer&lt;LeNet5&gt;(model, new Adam()) { Device = team }.Fit(training, epochs: 5, batchSize: 128);
/// </code></example>
public sealed class GpuTeam<TModel> : ITrainingDevice<TModel> where TModel : class, ITrainableModel<TModel>
{
    private readonly GpuTrainingSession<TModel>[] _sessions;
    private readonly GpuFloats? _others;
    private readonly float[] _parameters;
    private readonly float[] _gradients;
    private long _spread = -1;

    /// <summary>Makes the team.</summary>
    /// <param name="sessions">A session of the model for each device, which are the team's from now on: they are disposed with it.</param>
    /// <exception cref="ArgumentException">There is none, or they are of several models.</exception>
    public GpuTeam(params GpuTrainingSession<TModel>[] sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        if (sessions.Length == 0)
            throw new ArgumentException("A team has one session or more.", nameof(sessions));
        if (sessions.Any(session => session.Model.Parameters != sessions[0].Model.Parameters))
            throw new ArgumentException($"The sessions are of several {typeof(TModel).Name}. Make all of them by OnGpu of one.", nameof(sessions));
        _sessions = [.. sessions];
        var sizes = First.Updates.Sizes;
        (_parameters, _gradients) = (new float[sizes.Parameters], new float[sizes.Trained]);
        _others = _sessions.Length > 1 ? (GpuFloats)First.Updates.Allocate(hasStatistics: false) : null;
    }

    /// <inheritdoc/>
    public TModel Model => First.Model;

    /// <summary>The most images of a batch: those of all devices together.</summary>
    public int Batch => _sessions.Sum(session => session.Batch);

    UpdateDevice ITrainingDevice<TModel>.Updates => First.Updates;

    private GpuTrainingSession<TModel> First => _sessions[0];

    /// <inheritdoc/>
    public void SendParameters() => First.SendParameters();

    /// <inheritdoc/>
    public void FetchParameters() => First.FetchParameters();

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model takes regions.</exception>
    /// <exception cref="GpuException">A device failed.</exception>
    public void Predict(ReadOnlySpan<float> images, Span<float> scores, int count = 1)
    {
        GpuSession<TModel>.CheckTakesNoRegions();
        Predict(images, [], scores, count);
    }

    /// <inheritdoc/>
    /// <exception cref="GpuException">A device failed.</exception>
    public void Predict(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count = 1)
    {
        ModelChecks.Prediction(typeof(TModel).Name, TModel.InputShape, TModel.OutputLength, images, scores, count);
        ModelChecks.Regions(typeof(TModel).Name, TModel.RegionCount, regions, count, scores);
        Spread();
        var parts = Parts(count, 1, images, regions, []);
        Run(parts, part => part.Session.Predict(part.Images, part.Regions, part.Scores, part.Count));
        foreach (var part in parts)
            part.Scores.CopyTo(scores[(part.Start * TModel.OutputLength)..]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    /// <exception cref="ArgumentException">A span has another length, or one that is written overlaps another.</exception>
    /// <exception cref="InvalidOperationException">The model takes regions.</exception>
    /// <exception cref="GpuException">A device failed.</exception>
    public double ComputeGradients(
        ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores = default, Span<float> imageGradients = default)
    {
        GpuSession<TModel>.CheckTakesNoRegions();
        return ComputeGradients(images, [], targets, count, dropoutSeed, scores, imageGradients);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    /// <exception cref="ArgumentException">A span has another length, or one that is written overlaps another; an empty region has targets that are not 0.</exception>
    /// <exception cref="GpuException">A device failed.</exception>
    public double ComputeGradients(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> regions,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores = default,
        Span<float> imageGradients = default)
    {
        ModelChecks.Training(typeof(TModel).Name, TModel.InputShape, TModel.OutputLength, images, targets, scores, imageGradients, count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, TModel.MinimumBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Batch);
        ModelChecks.Regions(typeof(TModel).Name, TModel.RegionCount, regions, count, scores);
        ModelChecks.Regions(typeof(TModel).Name, TModel.RegionCount, regions, count, imageGradients);
        return Train(images, regions, targets, count, dropoutSeed, scores, imageGradients, null);
    }

    double ITrainingDevice<TModel>.Train(
        ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets, int count, ulong seed, Span<float> scores, bool isPrefetched, Action meanwhile) =>
        Train(images, regions, targets, count, seed, scores, [], meanwhile);

    /// <summary>Nothing: the devices' parts are uploaded when they are wanted.</summary>
    void ITrainingDevice<TModel>.Prefetch(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets)
    {
    }

    private double Train(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> regions,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores,
        Span<float> imageGradients,
        Action? meanwhile)
    {
        First.CheckEmptyRegions(regions, targets);
        Spread();
        var parts = Parts(count, TModel.MinimumBatch, images, regions, targets);
        var wantsGradients = imageGradients.Length > 0;
        Run(parts, part =>
        {
            part.ImageGradients = wantsGradients ? new float[part.Images.Length] : [];
            part.Loss = part.Session.ComputeGradients(part.Images, part.Regions, part.Targets, part.Count, SeedOf(dropoutSeed, part.Index), part.Scores, part.ImageGradients);
        }, meanwhile);
        foreach (var part in parts)
        {
            if (scores.Length > 0)
                part.Scores.CopyTo(scores[(part.Start * TModel.OutputLength)..]);
            for (var i = 0; i < part.ImageGradients.Length; i++)
                imageGradients[(part.Start * TModel.InputShape.Length) + i] = part.ImageGradients[i] * part.Count / count;
        }

        AddGradients(parts, count);
        MixStatistics(parts, count);
        return parts.Sum(part => part.Loss * part.Count) / count;
    }

    /// <summary>Frees the sessions.</summary>
    public void Dispose()
    {
        _others?.Dispose();
        foreach (var session in _sessions)
            session.Dispose();
    }

    /// <summary>Each device's images: as many for each as its session takes, in the proportion of these; fewer devices where there would be too few images for each.</summary>
    private List<Part> Parts(int count, int fewest, ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets)
    {
        var sessions = _sessions.AsSpan(0, Math.Clamp(count / fewest, 1, _sessions.Length)).ToArray();
        var parts = new List<Part>();
        var (start, room, all) = (0, 0L, sessions.Sum(session => (long)session.Batch));
        for (var i = 0; i < sessions.Length; i++)
        {
            room += sessions[i].Batch;
            var left = sessions.Length - 1 - i;
            var end = left == 0 ? count : (int)Math.Clamp(count * room / all, start + fewest, count - ((long)left * fewest));
            parts.Add(new Part(i, sessions[i], start, end - start)
            {
                Images = images.Slice(start * TModel.InputShape.Length, (end - start) * TModel.InputShape.Length).ToArray(),
                Regions = regions.Slice(start * GpuSession<TModel>.RegionLength, (end - start) * GpuSession<TModel>.RegionLength).ToArray(),
                Targets = targets.Length == 0 ? [] : targets.Slice(start * TModel.OutputLength, (end - start) * TModel.OutputLength).ToArray(),
                Scores = new float[(end - start) * TModel.OutputLength],
            });
            start = end;
        }

        return parts;
    }

    /// <summary>Runs all parts at once. What fails is the failure of the first device that failed, in their order.</summary>
    private static void Run(List<Part> parts, Action<Part> work, Action? meanwhile = null)
    {
        var tasks = parts.ConvertAll(part => Task.Factory.StartNew(() => work(part), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        meanwhile?.Invoke();
        Task.WhenAll(tasks).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        foreach (var task in tasks)
            task.GetAwaiter().GetResult();
    }

    /// <summary>The first device's as it is, each other one's drawn from it.</summary>
    private static ulong SeedOf(ulong seed, int device) => device == 0 ? seed : CounterRandom.At(seed, (ulong)device);

    /// <summary>Gives the other devices the first one's parameters, where it has changed them.</summary>
    private void Spread()
    {
        if (_spread == First.Changes || _sessions.Length == 1)
            return;
        First.Updates.Memory.Download(First.Updates.Memory.Parameters, _parameters);
        foreach (var session in _sessions.AsSpan(1))
            session.TakeParameters(_parameters);
        _spread = First.Changes;
    }

    /// <summary>The first device gets the mean of all gradients, summed in the devices' order.</summary>
    private void AddGradients(List<Part> parts, int count)
    {
        if (parts.Count == 1)
            return;
        First.Updates.ScaleGradients(parts[0].Count / (float)count);
        foreach (var part in parts.Skip(1))
        {
            part.Session.Updates.Memory.Download(part.Session.Updates.Memory.Gradients, _gradients);
            First.Updates.AddToGradients(_others!, _gradients, part.Count / (float)count);
        }
    }

    /// <summary>Running statistics become the mean of the devices', in their order.</summary>
    private void MixStatistics(List<Part> parts, int count)
    {
        var sizes = First.Updates.Sizes;
        if (parts.Count == 1 || sizes.Parameters == sizes.Trained)
            return;
        var length = (int)(sizes.Parameters - sizes.Trained);
        var (own, sums) = (new float[length], new float[length]);
        foreach (var part in parts)
        {
            var memory = part.Session.Updates.Memory;
            memory.Download(memory.Parameters.SubView(sizes.Trained, length), own);
            for (var i = 0; i < length; i++)
                sums[i] += own[i] * part.Count / count;
        }

        First.Updates.Memory.Upload(sums, First.Updates.Memory.Parameters.SubView(sizes.Trained, length));
    }

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{_sessions.Length} devices: {string.Join("; ", _sessions.Select(session => session.Device))}");

    /// <summary>The images of a batch that one device has.</summary>
    private sealed class Part(int index, GpuTrainingSession<TModel> session, int start, int count)
    {
        public int Index => index;

        public GpuTrainingSession<TModel> Session => session;

        public int Start => start;

        public int Count => count;

        public required float[] Images { get; init; }

        public required float[] Regions { get; init; }

        public required float[] Targets { get; init; }

        public required float[] Scores { get; init; }

        public float[] ImageGradients { get; set; } = [];

        public double Loss { get; set; }
    }
}
