using CnnGen.Ilgpu;

namespace CnnGen.Gpu.Tests;

internal sealed partial class TrainingChecks<T>
{
    /// <summary>Epochs of a stream, the last one shorter; stopped in the middle, a training reads the stream again and goes on with the same bits.</summary>
    public override void A_stream_trains_as_on_the_CPU_and_goes_on_where_it_stopped()
    {
        var folder = Directory.CreateTempSubdirectory("cnngen-gpu").FullName;
        try
        {
            using var device = open();
            var (cpu, whole) = (T.Create(1), T.Create(1));
            Fit(cpu, null, null, []);
            Run(whole, null, []);
            AssertClose(cpu, whole);
            if (isShort)
                return;

            var stopped = new StopAt(1);
            Run(T.Create(1), folder, [stopped]);
            Assert.Equal(1, stopped.Batches);
            var resumed = T.Create(1);
            Run(resumed, folder, []);
            Assert.Equal(whole.Parameters.All.SelectMany(parameter => parameter.ToArray()), resumed.Parameters.All.SelectMany(parameter => parameter.ToArray()));

            void Run(T model, string? checkpoint, ITrainingCallback[] callbacks)
            {
                using var session = onGpu(model, device, BatchSize);
                Fit(model, session, checkpoint, callbacks);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Fit(T model, GpuTrainingSession<T>? device, string? checkpoint, ITrainingCallback[] callbacks) =>
            new Trainer<T>(model, new Adam(0.01), seed: 1) { Device = device, Callbacks = callbacks }
                .FitStream(Stream(Images(14, 1)), isShort ? 2 : 3, isShort ? 2 : BatchSize, isShort ? 1 : 2, isShort ? null : Images(3, 2), checkpoint: checkpoint);
    }

    private static IEnumerable<StreamedImage> Stream(FloatImageDataset images)
    {
        for (var i = 0; i < images.Count; i++)
        {
            var image = new float[images.Shape.Length];
            images.CopyImage(i, image, T.Normalization);
            yield return StreamedImage.Of(image.AsMemory(), images.GetLabel(i));
        }
    }
}
