using CnnGen.Runtime;
using ILGPU;
using ILGPU.Runtime;

namespace CnnGen.Ilgpu;

/// <summary>A model on a GPU that can be trained there.</summary>
/// <typeparam name="TModel">The model's class.</typeparam>
public sealed class GpuTrainingSession<TModel> : GpuSession<TModel> where TModel : class, ITrainableModel<TModel>
{
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, float, float, int, float, int> _sgd;
    private float[] _losses = [];

    /// <inheritdoc cref="GpuSession{TModel}(TModel, GpuDevice, Func{Accelerator, GpuProgram}, int)"/>
    public GpuTrainingSession(TModel model, GpuDevice device, Func<Accelerator, GpuProgram> program, int batch)
        : base(model, device, program, batch)
    {
        _sgd = device.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, float, float, int, float, int>(GpuKernels.Sgd);
    }

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
    public double ComputeGradients(
        ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, Span<float> scores = default, Span<float> imageGradients = default)
    {
        ModelChecks.Training(typeof(TModel).Name, TModel.InputShape, TModel.OutputLength, images, targets, scores, imageGradients, count);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, TModel.MinimumBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Batch);
        Memory.Upload(images, Memory.Images);
        Memory.Upload(targets, Memory.Targets);
        (Memory.WantsScores, Memory.WantsImageGradients) = (scores.Length > 0, imageGradients.Length > 0);
        Program.Train(Memory, count, dropoutSeed);

        // Running statistics have moved.
        ParametersChanged();
        Memory.Download(Memory.Scores, scores);
        Memory.Download(Memory.ImageGradients, imageGradients);
        return MeanLoss(count);
    }

    /// <summary>A step of gradient descent with the gradients that are on the device.</summary>
    /// <param name="rule">Its numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of the rule is out of its range.</exception>
    public void Step(GpuSgd rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rule.Check();
        var length = (int)Program.Sizes.Trained;
        var config = new KernelConfig((length + GpuKernels.Threads - 1) / GpuKernels.Threads, 1, 1, GpuKernels.Threads, 1, 1);
        if (length > 0)
            _sgd(config, Memory.Parameters, Memory.Gradients, Memory.Velocities, (float)rule.LearningRate, (float)rule.Momentum, rule.Nesterov ? 1 : 0, (float)rule.WeightDecay, length);
        ParametersChanged();
    }

    /// <summary><see cref="ComputeGradients"/> and <see cref="Step"/>.</summary>
    /// <param name="images">count x C x H x W floats.</param>
    /// <param name="targets">count x <see cref="IModel{TSelf}.OutputLength"/> floats.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="dropoutSeed">Decides which elements dropout zeros.</param>
    /// <param name="rule">How the parameters change.</param>
    /// <returns>The mean loss over the batch, before the step.</returns>
    public double TrainStep(ReadOnlySpan<float> images, ReadOnlySpan<float> targets, int count, ulong dropoutSeed, GpuSgd rule)
    {
        var loss = ComputeGradients(images, targets, count, dropoutSeed);
        Step(rule);
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
