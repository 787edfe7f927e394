// Compiled beside a network: gives what is timed as delegates, so that a build's library is its own.
#nullable enable
namespace CnnGen.Profiling.Emitted;

public static class Driver
{
    /// <summary>A prediction of so many images.</summary>
    public static global::System.Action Prediction<TModel>(int batch, int threads)
        where TModel : class, global::CnnGen.IModel<TModel>
    {
        global::CnnGen.Threads.Count = threads;
        var model = TModel.Create(1);
        var images = Noise(batch * Length<TModel>());
        var scores = new float[batch * TModel.OutputLength];
        return () => model.Predict(images, scores, batch);
    }

    /// <summary>Forward, loss and backward of so many images, without an update.</summary>
    public static global::System.Action Training<TModel>(int batch, int threads)
        where TModel : class, global::CnnGen.ITrainableModel<TModel>
    {
        global::CnnGen.Threads.Count = threads;
        var model = TModel.Create(1);
        var images = Noise(batch * Length<TModel>());
        var targets = new float[batch * TModel.OutputLength];
        for (var i = 0; i < batch; i++)
            targets[i * TModel.OutputLength] = 1;
        return () => model.ComputeGradients(images, targets, batch, dropoutSeed: 1);
    }

    private static int Length<TModel>()
        where TModel : class, global::CnnGen.IModel<TModel> =>
        TModel.InputShape.Channels * TModel.InputShape.Height * TModel.InputShape.Width;

    private static float[] Noise(int length)
    {
        var random = new global::System.Random(1);
        var numbers = new float[length];
        for (var i = 0; i < length; i++)
            numbers[i] = random.NextSingle() - 0.5f;
        return numbers;
    }
}
