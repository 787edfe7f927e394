namespace CnnGen.Generator.Planning.Cpu.Kernels;

/// <summary>The tiles that a part of a call of <see cref="WinogradKernel"/> is of.</summary>
internal enum WinogradPart
{
    /// <summary>A block of one image's tiles, which the part transforms.</summary>
    Block,

    /// <summary>Some of the tiles of all images, which the part transforms in equal blocks.</summary>
    OfImages,

    /// <summary>Some of one image's tiles, which were transformed in the phase before.</summary>
    Transformed,
}

/// <summary>The filters that a unit computes.</summary>
internal enum WinogradLanes
{
    All,

    /// <summary>One of the groups that the filters are cut into.</summary>
    OneGroup,

    /// <summary>The groups that the call is for: there is one part, so that groups are the units.</summary>
    OfCall,
}

/// <summary>Which tiles and which filters the units of a call are: unit u is group u % <see cref="Groups"/> of the filters, of part u / <see cref="Groups"/> of the tiles.</summary>
/// <param name="Part">What a part is.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="Lanes">Which filters a unit computes.</param>
/// <param name="Groups">Groups of filters.</param>
internal sealed record WinogradUnits(WinogradPart Part, int Parts, WinogradLanes Lanes, int Groups)
{
    public int Count => Parts * Groups;
}
