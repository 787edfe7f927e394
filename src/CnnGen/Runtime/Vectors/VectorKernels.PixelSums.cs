using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>Adds a map's pixels to a sum for each channel, in their order: the gradient by a bias.</summary>
    /// <param name="map">The first pixel of a map whose channels are neighbours.</param>
    /// <param name="sums">channels floats, to which is added.</param>
    /// <param name="channels">The number of channels: a multiple of <see cref="IVectorUnit{TVector,TInts,TWide}.Lanes"/>.</param>
    /// <param name="rows">The map's height.</param>
    /// <param name="columns">The map's width.</param>
    /// <param name="rowStride">Floats from one row to the next.</param>
    /// <param name="pixelStride">Floats from one pixel of a row to the next.</param>
    [MethodImpl(Kernel)]
    public static void AddPixels(float* map, float* sums, int channels, int rows, nint columns, nint rowStride, nint pixelStride)
    {
        for (nint channel = 0; channel < channels; channel += TUnit.Lanes)
        {
            var sum = TUnit.Load(sums + channel);
            for (nint row = 0; row < rows; row++)
            {
                var pixel = map + (row * rowStride) + channel;
                for (var column = columns; column > 0; column--, pixel += pixelStride)
                    sum = TUnit.Add(sum, TUnit.Load(pixel));
            }

            TUnit.Store(sums + channel, sum);
        }
    }

    /// <summary>Adds the elements of each plane to a sum of its own: the gradient by a bias.</summary>
    /// <param name="map">The first plane's first element. Rows have room up to a multiple of 16 columns, with zeros past the width.</param>
    /// <param name="sums">channels floats, to which is added.</param>
    /// <param name="channels">The number of planes.</param>
    /// <param name="rows">A plane's height.</param>
    /// <param name="columns">A plane's width.</param>
    /// <param name="rowStride">Floats from one row to the next.</param>
    /// <param name="channelStride">Floats from one plane to the next.</param>
    [MethodImpl(Kernel)]
    public static void AddPlanes(float* map, float* sums, int channels, int rows, int columns, nint rowStride, nint channelStride)
    {
        var lanes = stackalloc float[TUnit.Lanes];
        for (nint channel = 0; channel < channels; channel++)
        {
            var sum = TUnit.Broadcast(0);
            for (nint row = 0; row < rows; row++)
            {
                var element = map + (channel * channelStride) + (row * rowStride);
                for (nint column = 0; column < columns; column += TUnit.Lanes)
                    sum = TUnit.Add(sum, TUnit.Load(element + column));
            }

            TUnit.Store(lanes, sum);
            for (var half = TUnit.Lanes / 2; half > 0; half /= 2)
            {
                for (var lane = 0; lane < half; lane++)
                    lanes[lane] += lanes[lane + half];
            }

            sums[channel] += lanes[0];
        }
    }
}
