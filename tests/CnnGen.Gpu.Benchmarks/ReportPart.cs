namespace CnnGen.Gpu.Benchmarks;

/// <summary>A table of a <see cref="Report"/>.</summary>
internal enum ReportPart
{
    /// <summary>Single layers.</summary>
    Convolutions,

    /// <summary>Training steps.</summary>
    Training,

    /// <summary>One image at a time.</summary>
    Prediction,
}
