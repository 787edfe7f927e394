namespace ClassifySample;

/// <summary>What the user asked for.</summary>
/// <param name="Files">The images, in order; <c>-</c> is standard input.</param>
/// <param name="WeightsPath">A safetensors file; null for the program's own weights.</param>
/// <param name="Top">The number of classes to print.</param>
/// <param name="IsJson">One JSON object a line instead of text.</param>
/// <param name="Invert">Dark ink on light paper: light and dark are exchanged.</param>
internal sealed record Settings(IReadOnlyList<string> Files, string? WeightsPath, int Top, bool IsJson, bool Invert);
