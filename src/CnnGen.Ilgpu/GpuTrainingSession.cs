using CnnGen.Runtime;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>
/// A model on a GPU that can be trained there: step by step, or by a trainer whose <see cref="Trainer{TModel}.Device"/> it is.
/// </summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed class GpuTrainingSession<TModel> : GpuSession<TModel>, ITrainingDevice<TModel> where TModel : class, ITrainableModel<TModel>
{
    private float[] _losses = [];
    private bool _isDisposed;

    /// <inheritdoc cref="GpuSession{TModel}(TModel, GpuDevice, Func{Accelerator, GpuProgram}, int)"/>
    public GpuTrainingSession(TModel model, GpuDevice device, Func<Accelerator, GpuProgram> program, int batch)
        : base(model, device, program, batch)
    {
        Updates = new GpuUpdates(Memory, Program, model.Parameters, ParametersChanged);
        ParametersSent();
    }

    UpdateDevice ITrainingDevice<TModel>.Updates => Updates;

    internal GpuUpdates Updates { get; }

    /// <summary>The forward pass as training runs it, the loss and the backward pass: leaves the mean gradient over the batch on the device.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats: the wanted outputs.</param>
    /// <param name="count">The number of images, from <see cref="IModel{TSelf}.MinimumBatch"/> to <see cref="GpuSession{TModel}.Batch"/>.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros: the same as on the CPU.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats, or is empty.</param>
    /// <param name="imageGradients">Receives count x C x H x W floats, the loss's gradient by the images, or is empty.</param>
    /// <returns>The mean loss over the batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    /// <exception cref="ArgumentException">A span has another length, or one that is written overlaps another.</exception>
    /// <exception cref="InvalidOperationException">The model takes regions.</exception>
    /// <exception cref="GpuException">The device failed.</exception>
    public double ComputeGradients(
        ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores = default, Span<float> imageGradients = default)
    {
        CheckTakesNoRegions();
        return ComputeGradients(images, [], targets, count, dropoutSeed, scores, imageGradients);
    }

    /// <summary>The same of images with their regions, by a model that takes these; by any other model without, where none are given.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="regions">count x <see cref="IModel{TSelf}.RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image. A region with x2 &lt;= x1 or y2 &lt;= y1 is empty.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats. Where the loss compares classes, an empty region's are all 0, and it adds nothing to the loss.</param>
    /// <param name="count">The number of images, from <see cref="IModel{TSelf}.MinimumBatch"/> to <see cref="GpuSession{TModel}.Batch"/>.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros: the same as on the CPU.</param>
    /// <param name="scores">Receives count x <see cref="IModel{TSelf}.OutputLength"/> floats, or is empty.</param>
    /// <param name="imageGradients">Receives count x C x H x W floats, the loss's gradient by the images, or is empty.</param>
    /// <returns>The mean loss over the batch.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of its range.</exception>
    /// <exception cref="ArgumentException">A span has another length, or one that is written overlaps another; an empty region has targets that are not 0.</exception>
    /// <exception cref="GpuException">The device failed.</exception>
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
        CheckEmptyRegions(regions, targets);
        return Train(images, regions, targets, count, dropoutSeed, scores, imageGradients, isPrefetched: false, null);
    }

    double ITrainingDevice<TModel>.Train(
        ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets, int count, ulong seed, Span<float> scores, bool isPrefetched, Action meanwhile)
    {
        CheckEmptyRegions(regions, targets);
        return Train(images, regions, targets, count, seed, scores, [], isPrefetched, meanwhile);
    }

    void ITrainingDevice<TModel>.Prefetch(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets) => Memory.Prefetch(images, regions, targets);

    /// <summary>Sees that nothing is wanted of empty regions.</summary>
    internal void CheckEmptyRegions(ReadOnlySpan<float> regions, ReadOnlySpan<float> targets)
    {
        if (Program.ComparesRegions)
            ModelChecks.EmptyRegions(typeof(TModel).Name, TModel.RegionCount, regions, targets);
    }

    private double Train(
        ReadOnlySpan<float> images,
        ReadOnlySpan<float> regions,
        ReadOnlySpan<float> targets,
        int count,
        ulong dropoutSeed,
        Span<float> scores,
        Span<float> imageGradients,
        bool isPrefetched,
        Action? meanwhile)
    {
        Memory.Take(images, regions, targets, isPrefetched);
        (Memory.WantsScores, Memory.WantsImageGradients) = (scores.Length > 0, imageGradients.Length > 0);
        Memory.Launch(() => Program.Train(Memory, count, dropoutSeed));

        // Running statistics have moved.
        Updates.IsAhead = true;
        ParametersChanged();
        meanwhile?.Invoke();
        Memory.Download(Memory.Scores, scores);
        Memory.Download(Memory.ImageGradients, imageGradients);
        return MeanLoss(count);
    }

    /// <summary>A step by the gradients that are on the device.</summary>
    /// <param name="optimizer">One of the library's, of which a model that is trained on the CPU has one of its own. What it keeps between steps lies on the device until somebody else asks for it.</param>
    /// <param name="learningRate">The rate of this step, finite, 0 or more; null for the optimiser's.</param>
    /// <exception cref="NotSupportedException">The optimiser is none of the library's.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is out of its range.</exception>
    /// <exception cref="GpuException">The device failed, or has no room for what the optimiser keeps.</exception>
    public void Step(Optimizer optimizer, float? learningRate = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Updates.Step(optimizer, Model.Parameters, learningRate ?? optimizer.LearningRate);
    }

    /// <summary><see cref="ComputeGradients(ReadOnlySpan{float}, ReadOnlySpan{float}, int, ulong, Span{float}, Span{float})"/> and <see cref="Step"/>.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros.</param>
    /// <param name="optimizer">How the parameters change.</param>
    /// <returns>The mean loss over the batch, before the step.</returns>
    public double TrainStep(ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Optimizer optimizer)
    {
        CheckTakesNoRegions();
        return TrainStep(images, [], targets, count, dropoutSeed, optimizer);
    }

    /// <summary>The same of images with their regions.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="regions">count x <see cref="IModel{TSelf}.RegionCount"/> x 4 floats: x1, y1, x2, y2 in pixels of the image.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros.</param>
    /// <param name="optimizer">How the parameters change.</param>
    /// <returns>The mean loss over the batch, before the step.</returns>
    public double TrainStep(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Optimizer optimizer)
    {
        var loss = ComputeGradients(images, regions, targets, count, dropoutSeed);
        Step(optimizer);
        return loss;
    }

    /// <summary>The last batch's gradient by a parameter, in the order of a weights file.</summary>
    /// <param name="name">PyTorch's name: <c>conv1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">The model has no such parameter that trains.</exception>
    public float[] GradientOf(string name)
    {
        foreach (var parameter in Program.Parameters)
        {
            if (parameter.Name != name || parameter.Offset >= Program.Sizes.Trained)
                continue;
            var gradient = new float[parameter.Length];
            Memory.Download(Memory.Gradient(parameter.Offset, parameter.Length), gradient);
            return gradient;
        }

        throw new KeyNotFoundException($"{typeof(TModel).Name} has no parameter '{name}' that trains; it has {string.Join(", ", Model.Parameters.All.Where(one => one.IsTrained).Select(one => one.Name))}.");
    }

    /// <summary>Brings what optimisers keep back to them, and frees the session's memory; the device stays.</summary>
    public override void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        using (Model.Parameters.Hold())
            Updates.BringHome();
        Updates.Dispose();
        base.Dispose();
    }

    private protected override void ParametersSent()
    {
        // Not before the session is made.
        if (Updates is not null)
            (Updates.Version, Updates.IsAhead) = (Model.Parameters.Version, false);
    }

    /// <summary>Summed in double precision, in the images' order.</summary>
    private double MeanLoss(int count)
    {
        var length = checked((int)(Program.Sizes.Losses * count));
        if (_losses.Length < length)
            _losses = new float[length];
        Memory.Download(Memory.Losses, _losses.AsSpan(0, length));
        var sum = 0.0;
        foreach (var loss in _losses.AsSpan(0, length))
            sum += loss;
        return sum / count;
    }
}
