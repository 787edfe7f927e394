using ILGPU;

namespace CnnGen.Ilgpu;

/// <summary>Kernels that are the same for every network.</summary>
internal static class GpuKernels
{
    public const int Threads = 128;

    /// <summary>A step of <see cref="GpuSgd"/>, a thread for each parameter.</summary>
    public static void Sgd(
        ArrayView<float> values, ArrayView<float> gradients, ArrayView<float> velocities, float rate, float momentum, int isNesterov, float decay, int length)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        if (i >= length)
            return;
        float value = values[i];
        float gradient = decay * value + gradients[i];
        float velocity = momentum * velocities[i] + gradient;
        velocities[i] = velocity;
        float direction = isNesterov != 0 ? momentum * velocity + gradient : velocity;
        values[i] = value - rate * direction;
    }
}
