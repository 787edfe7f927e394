using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

// Element (c, i, j) of a region is feature (c * parts.Height + i) * parts.Width + j of its row of the output. Vectors run over the channels of a map that has them side by side; of planes, each
// number by itself.
public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>Samples that are looked up together, for all channels.</summary>
    private const int MostTaps = 16;

    /// <summary>The largest element of each part of some regions (Girshick 2015, section 2.1); not a number where one of a part's elements is none.</summary>
    /// <param name="map">The first element.</param>
    /// <param name="regions">Four numbers each.</param>
    /// <param name="output">The first element of the result.</param>
    /// <param name="channels">The map's channels.</param>
    /// <param name="parts">The parts of a region.</param>
    /// <param name="from">Where the map's elements lie.</param>
    /// <param name="to">Where the output's lie: a row a region.</param>
    /// <param name="first">The first region.</param>
    /// <param name="end">The one after the last.</param>
    [MethodImpl(Kernel)]
    public static void RegionPool(float* map, float* regions, float* output, int channels, RegionParts parts, MapStrides from, MapStrides to, int first, int end)
    {
        if (TUnit.Lanes > 1 && from.Channel != 1)
        {
            ScalarKernels.RegionPool(map, regions, output, channels, parts, from, to, first, end);
            return;
        }

        var each = stackalloc float[TUnit.Lanes];
        for (var region = first; region < end; region++)
        {
            var y = output + (region * to.Row);
            if (!TryRead(regions, region, out var box))
            {
                ClearRow(y, channels * parts.Count, to.Channel);
                continue;
            }

            var cells = RegionCells.Of(box, parts.Scale);
            for (var part = 0; part < parts.Count; part++)
            {
                var place = cells.Part(parts, part, from);
                for (nint c = 0; c < channels; c += TUnit.Lanes)
                {
                    var count = (int)Math.Min(TUnit.Lanes, channels - c);
                    var largest = LargestIn(map + (c * from.Channel), place, from, count);
                    Scatter(largest, y + (((c * parts.Count) + part) * to.Channel), parts.Count * to.Channel, each, count);
                }
            }
        }
    }

    /// <summary>The gradient through <see cref="RegionPool"/>: to the first of each part's largest elements, row by row; what several parts give is added, region by region.</summary>
    /// <param name="map">The first element that was read.</param>
    /// <param name="regions">Four numbers each.</param>
    /// <param name="gradient">The gradient by the output.</param>
    /// <param name="mapGradient">Receives the gradient by the map, laid out as it.</param>
    /// <param name="channels">The map's channels.</param>
    /// <param name="parts">The parts of a region.</param>
    /// <param name="from">Where the map's elements lie.</param>
    /// <param name="to">Where the output gradient's lie.</param>
    [MethodImpl(Kernel)]
    public static void RegionPoolBackward(float* map, float* regions, float* gradient, float* mapGradient, int channels, RegionParts parts, MapStrides from, MapStrides to)
    {
        if (TUnit.Lanes > 1 && from.Channel != 1)
        {
            ScalarKernels.RegionPoolBackward(map, regions, gradient, mapGradient, channels, parts, from, to);
            return;
        }

        ClearMap(mapGradient, channels, from);
        var each = stackalloc float[TUnit.Lanes];
        for (var region = 0; region < to.Height; region++)
        {
            if (!TryRead(regions, region, out var box))
                continue;
            var cells = RegionCells.Of(box, parts.Scale);
            var dy = gradient + (region * to.Row);
            for (var part = 0; part < parts.Count; part++)
            {
                var place = cells.Part(parts, part, from);
                for (nint c = 0; c < channels; c += TUnit.Lanes)
                {
                    var count = (int)Math.Min(TUnit.Lanes, channels - c);
                    var x = map + (c * from.Channel);
                    var dx = mapGradient + (c * from.Channel);
                    var largest = LargestIn(x, place, from, count);
                    var rest = Gather(dy + (((c * parts.Count) + part) * to.Channel), parts.Count * to.Channel, each, count);
                    for (nint row = place.Top; row < place.Bottom; row++)
                    {
                        for (nint column = place.Left; column < place.Right; column++)
                        {
                            var at = (row * from.Row) + (column * from.Pixel);
                            rest = PassOn(LoadCount(x + at, count), largest, rest, out var share);
                            StoreCount(dx + at, TUnit.Add(LoadCount(dx + at, count), share), count);
                        }
                    }
                }
            }
        }
    }

    /// <summary>The mean of bilinear samples of each part of some regions (He et al. 2017, section 3).</summary>
    /// <param name="map">The first element.</param>
    /// <param name="regions">Four numbers each.</param>
    /// <param name="output">The first element of the result.</param>
    /// <param name="channels">The map's channels.</param>
    /// <param name="parts">The parts of a region.</param>
    /// <param name="sampling">Where the samples lie.</param>
    /// <param name="from">Where the map's elements lie.</param>
    /// <param name="to">Where the output's lie: a row a region.</param>
    /// <param name="first">The first region.</param>
    /// <param name="end">The one after the last.</param>
    [MethodImpl(Kernel)]
    public static void RegionAlign(
        float* map, float* regions, float* output, int channels, RegionParts parts, RegionSampling sampling, MapStrides from, MapStrides to, int first, int end)
    {
        if (TUnit.Lanes > 1 && from.Channel != 1)
        {
            ScalarKernels.RegionAlign(map, regions, output, channels, parts, sampling, from, to, first, end);
            return;
        }

        var each = stackalloc float[TUnit.Lanes];
        var taps = stackalloc RegionTaps[MostTaps];
        for (var region = first; region < end; region++)
        {
            var y = output + (region * to.Row);
            if (!TryRead(regions, region, out var box))
            {
                ClearRow(y, channels * parts.Count, to.Channel);
                continue;
            }

            var grid = RegionGrid.Of(box, parts, sampling, from);
            for (var part = 0; part < parts.Count; part++)
            {
                for (var sample = 0; sample < grid.Count; sample += MostTaps)
                {
                    var found = grid.Read(parts, part, sample, from, new Span<RegionTaps>(taps, MostTaps));
                    for (nint c = 0; c < channels; c += TUnit.Lanes)
                    {
                        var count = (int)Math.Min(TUnit.Lanes, channels - c);
                        var x = map + (c * from.Channel);
                        var feature = y + (((c * parts.Count) + part) * to.Channel);
                        var sum = sample == 0 ? TUnit.Broadcast(0f) : Gather(feature, parts.Count * to.Channel, each, count);
                        for (var i = 0; i < found; i++)
                        {
                            sum = TUnit.MultiplyAdd(TUnit.Broadcast(taps[i].Weight0), LoadCount(x + taps[i].At0, count), sum);
                            sum = TUnit.MultiplyAdd(TUnit.Broadcast(taps[i].Weight1), LoadCount(x + taps[i].At1, count), sum);
                            sum = TUnit.MultiplyAdd(TUnit.Broadcast(taps[i].Weight2), LoadCount(x + taps[i].At2, count), sum);
                            sum = TUnit.MultiplyAdd(TUnit.Broadcast(taps[i].Weight3), LoadCount(x + taps[i].At3, count), sum);
                        }

                        Scatter(sum, feature, parts.Count * to.Channel, each, count);
                    }
                }
            }
        }
    }

    /// <summary>The gradient through <see cref="RegionAlign"/>: to the elements around each sample; what several samples give is added, region by region.</summary>
    /// <param name="regions">Four numbers each.</param>
    /// <param name="gradient">The gradient by the output.</param>
    /// <param name="mapGradient">Receives the gradient by the map, laid out as it.</param>
    /// <param name="channels">The map's channels.</param>
    /// <param name="parts">The parts of a region.</param>
    /// <param name="sampling">Where the samples lie.</param>
    /// <param name="from">Where the map's elements lie.</param>
    /// <param name="to">Where the output gradient's lie.</param>
    [MethodImpl(Kernel)]
    public static void RegionAlignBackward(
        float* regions, float* gradient, float* mapGradient, int channels, RegionParts parts, RegionSampling sampling, MapStrides from, MapStrides to)
    {
        if (TUnit.Lanes > 1 && from.Channel != 1)
        {
            ScalarKernels.RegionAlignBackward(regions, gradient, mapGradient, channels, parts, sampling, from, to);
            return;
        }

        ClearMap(mapGradient, channels, from);
        var each = stackalloc float[TUnit.Lanes];
        var taps = stackalloc RegionTaps[MostTaps];
        for (var region = 0; region < to.Height; region++)
        {
            if (!TryRead(regions, region, out var box))
                continue;
            var grid = RegionGrid.Of(box, parts, sampling, from);
            var dy = gradient + (region * to.Row);
            for (var part = 0; part < parts.Count; part++)
            {
                for (var sample = 0; sample < grid.Count; sample += MostTaps)
                {
                    var found = grid.Read(parts, part, sample, from, new Span<RegionTaps>(taps, MostTaps));
                    for (nint c = 0; c < channels; c += TUnit.Lanes)
                    {
                        var count = (int)Math.Min(TUnit.Lanes, channels - c);
                        var dx = mapGradient + (c * from.Channel);
                        var g = Gather(dy + (((c * parts.Count) + part) * to.Channel), parts.Count * to.Channel, each, count);
                        for (var i = 0; i < found; i++)
                        {
                            AddTo(dx + taps[i].At0, taps[i].Weight0, g, count);
                            AddTo(dx + taps[i].At1, taps[i].Weight1, g, count);
                            AddTo(dx + taps[i].At2, taps[i].Weight2, g, count);
                            AddTo(dx + taps[i].At3, taps[i].Weight3, g, count);
                        }
                    }
                }
            }
        }
    }

    /// <summary>One feature of some channels, which lie a stride apart.</summary>
    [MethodImpl(Inline)]
    private static TVector Gather(float* features, nint stride, float* each, int count)
    {
        for (nint lane = 0; lane < count; lane++)
            each[lane] = features[lane * stride];
        return LoadCount(each, count);
    }

    [MethodImpl(Inline)]
    private static void Scatter(TVector values, float* features, nint stride, float* each, int count)
    {
        StoreCount(each, values, count);
        for (nint lane = 0; lane < count; lane++)
            features[lane * stride] = each[lane];
    }

    [MethodImpl(Inline)]
    private static void AddTo(float* sum, float weight, TVector gradient, int count) =>
        StoreCount(sum, TUnit.MultiplyAdd(TUnit.Broadcast(weight), gradient, LoadCount(sum, count)), count);

    /// <summary>The largest elements of some rows and columns; 0 where there are none.</summary>
    [MethodImpl(Inline)]
    private static TVector LargestIn(float* x, RegionCells place, MapStrides from, int count)
    {
        if (place.Top >= place.Bottom || place.Left >= place.Right)
            return TUnit.Broadcast(0f);
        var largest = TUnit.Broadcast(float.NegativeInfinity);
        for (nint row = place.Top; row < place.Bottom; row++)
        {
            for (nint column = place.Left; column < place.Right; column++)
                largest = Larger(largest, LoadCount(x + (row * from.Row) + (column * from.Pixel), count));
        }

        return largest;
    }

    /// <summary>A region; false where it is empty.</summary>
    private static bool TryRead(float* regions, int region, out RegionBox box)
    {
        box = RegionBox.At(new ReadOnlySpan<float>(regions + ((nint)region * RegionBox.Length), RegionBox.Length));
        return !box.IsEmpty;
    }

    private static void ClearRow(float* y, int features, nint stride)
    {
        for (nint i = 0; i < features; i++)
            y[i * stride] = 0;
    }

    private static void ClearMap(float* gradient, int channels, MapStrides from)
    {
        for (nint c = 0; c < channels; c++)
        {
            for (nint row = 0; row < from.Height; row++)
            {
                for (nint column = 0; column < from.Width; column++)
                    gradient[(c * from.Channel) + (row * from.Row) + (column * from.Pixel)] = 0;
            }
        }
    }
}
