using CnnGen.Generator.Planning.Cpu.Costs;

namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>Output pixels that are computed side by side: some rows of the map, or a part of the one long row.</summary>
internal readonly record struct PixelStrip(int Rows, int Columns);

/// <summary>
/// How the output of a <see cref="ConvPixelsKernel"/> is cut into strips, all alike but for the last one, and the distances between what they read and store. A 1x1 convolution of gapless maps is seen as
/// one long row. Where a pooling is fused, a pixel stands for its window.
/// </summary>
internal sealed class PixelGrid
{
    /// <param name="kernel">The convolution.</param>
    /// <param name="lanes">Floats of a vector.</param>
    public PixelGrid(ConvPixelsKernel kernel, int lanes)
    {
        var (input, output, taps, window) = (kernel.Input, kernel.Output, kernel.Taps, kernel.After.Pool?.Size ?? Size2.One);
        (Height, Width) = (output.Height, output.Width);
        (InputStart, OutputStart) = (taps.Start(input), output.Origin);
        (InputColumnStep, InputRowStep) = (taps.Stride.Width * input.PixelStride * window.Width, taps.Stride.Height * input.RowStride * window.Height);
        (OutputColumnStep, OutputRowStep) = (output.PixelStride, output.RowStride);
        BlockLength = taps.Count * kernel.Blocks.RunChannels * kernel.Blocks.BlockLanes;
        var isFlat = InputRowStep == Width * InputColumnStep && OutputRowStep == Width * OutputColumnStep;
        if (isFlat)
            (Width, Height) = (Width * Height, 1);
        Tile = Tiling.ForPixels(Height, Width, kernel.Blocks.BlockLanes, lanes, window.Height * window.Width);
        if (isFlat)
        {
            (Full, Rest) = (new PixelStrip(1, Tile.Columns), new PixelStrip(1, Width % Tile.Columns));
            FullStrips = Width / Tile.Columns;
            HasRest = Rest.Columns > 0;
            (InputUnitStep, OutputUnitStep) = (Tile.Columns * InputColumnStep, Tile.Columns * OutputColumnStep);
        }
        else
        {
            (Full, Rest) = (new PixelStrip(Tile.Rows, Width), new PixelStrip(Height % Tile.Rows, Width));
            FullStrips = Height / Tile.Rows;
            HasRest = Rest.Rows > 0;
            (InputUnitStep, OutputUnitStep) = (Tile.Rows * InputRowStep, Tile.Rows * OutputRowStep);
        }
    }

    /// <summary>What is kept in registers at a time.</summary>
    public Tile Tile { get; }

    /// <summary>Every strip but the last.</summary>
    public PixelStrip Full { get; }

    /// <summary>The last strip, where there is less left than a full one.</summary>
    public PixelStrip Rest { get; }

    public int FullStrips { get; }

    public bool HasRest { get; }

    public int Strips => FullStrips + (HasRest ? 1 : 0);

    /// <summary>Floats of the input from one strip to the next.</summary>
    public int InputUnitStep { get; }

    /// <summary>Floats of the output from one strip to the next.</summary>
    public int OutputUnitStep { get; }

    public int InputStart { get; }

    public int OutputStart { get; }

    public int InputColumnStep { get; }

    public int InputRowStep { get; }

    public int OutputColumnStep { get; }

    public int OutputRowStep { get; }

    /// <summary>Floats of the weights of one block of filters.</summary>
    public int BlockLength { get; }

    private int Height { get; }

    private int Width { get; }
}
