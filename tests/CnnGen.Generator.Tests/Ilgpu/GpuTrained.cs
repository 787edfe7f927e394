using CnnGen.Ilgpu;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>A model of an emitted class in training on the test double of a GPU.</summary>
internal abstract class GpuTrained : IDisposable
{
    /// <summary>The steps of an epoch.</summary>
    public const int Steps = 3;

    public static GpuTrained Create(Type type, GpuDevice device, Optimizer optimizer) =>
        (GpuTrained)Activator.CreateInstance(typeof(Adapter<>).MakeGenericType(type), device, optimizer, GpuModel.OnGpu(type))!;

    /// <summary>Trains, and returns the parameters.</summary>
    public float[] Fit(int epochs)
    {
        var parameters = Fit(epochs, null, 0, null, out var failure);
        Assert.Null(failure);
        return parameters;
    }

    /// <summary>Trains with something that happens behind an epoch.</summary>
    public abstract float[] Fit(int epochs, string? checkpoint, int afterEpoch, Action? happens, out Exception? failure);

    public abstract void SaveState();

    public abstract void Dispose();

    private sealed class Adapter<T>(GpuDevice device, Optimizer optimizer, Func<T, GpuDevice, int, GpuTrainingSession<T>> onGpu) : GpuTrained, ITrainingCallback
        where T : class, ITrainableModel<T>
    {
        private readonly GpuTrainingSession<T> _session = onGpu(T.Create(1), device, 4);
        private Trainer<T>? _trainer;
        private (int Epoch, Action? Happens) _event;

        public override float[] Fit(int epochs, string? checkpoint, int afterEpoch, Action? happens, out Exception? failure)
        {
            _event = (afterEpoch, happens);
            _trainer ??= new Trainer<T>(_session.Model, optimizer, seed: 1) { Device = _session, Callbacks = [this] };
            failure = Record.Exception(() => _trainer.Fit(Images(), epochs, 4, checkpoint: checkpoint));
            return [.. _session.Model.Parameters.All.SelectMany(parameter => parameter.ToArray())];
        }

        public override void SaveState()
        {
            var folder = Directory.CreateTempSubdirectory("cnngen-gpu");
            _trainer!.SaveState(Path.Combine(folder.FullName, "state.safetensors"));
            folder.Delete(recursive: true);
        }

        public void OnBatch(ITraining training, TrainingProgress progress)
        {
            // In the next epoch: the checkpoint of the one before has been written.
            if (progress.Epoch == _event.Epoch + 1 && progress.Batch == 1)
                _event.Happens?.Invoke();
        }

        public override void Dispose()
        {
            _session.Dispose();
            device.Dispose();
        }

        private static FloatImageDataset Images()
        {
            var random = new Random(1);
            var images = Enumerable.Range(0, 12 * T.InputShape.Length).Select(_ => random.NextSingle() - 0.5f).ToArray();
            return new FloatImageDataset(T.InputShape, images, Enumerable.Range(0, 12).Select(i => i % T.OutputLength).ToArray(), T.OutputLength);
        }
    }
}
