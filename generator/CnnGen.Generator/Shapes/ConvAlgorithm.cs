namespace CnnGen.Generator.Shapes;

/// <summary>How a convolution is computed.</summary>
internal enum ConvAlgorithm
{
    /// <summary>The planner chooses.</summary>
    Auto,

    /// <summary>The direct form, which reads its input where it lies.</summary>
    Direct,

    /// <summary>The input is unrolled into a matrix, which a packed product multiplies.</summary>
    Im2Col,

    /// <summary>Winograd's F(2x2, 3x3) or F(2x2, 5x5).</summary>
    Winograd2x2,

    /// <summary>Winograd's F(4x4, 3x3).</summary>
    Winograd4x4,
}
