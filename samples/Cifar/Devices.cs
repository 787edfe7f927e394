using CnnGen;
#if ILGPU
using CnnGen.Ilgpu;
#endif

namespace CifarSample;

/// <summary>The networks on a GPU, in a program that was built with ILGPU.</summary>
internal static class Devices
{
#if ILGPU
    private static GpuDevice? s_device;

    /// <summary>The first that there is; open until the program ends.</summary>
    private static GpuDevice Device => s_device ??= GpuDevice.Open();

    /// <summary>A session of a network, for batches of up to some number of images.</summary>
    public static ITrainingDevice<LargeNet> Of(LargeNet model, int batch) => model.OnGpu(Device, batch);

    /// <inheritdoc cref="Of(LargeNet, int)"/>
    public static ITrainingDevice<SmallNet> Of(SmallNet model, int batch) => model.OnGpu(Device, batch);
#else
    /// <summary>There is none.</summary>
    public static ITrainingDevice<TModel> Of<TModel>(TModel model, int batch) where TModel : class, ITrainableModel<TModel> =>
        throw new InvalidOperationException("This program was built without ILGPU.");
#endif
}
