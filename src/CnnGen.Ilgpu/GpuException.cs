namespace CnnGen.Ilgpu;

/// <summary>Something that a GPU can't do or doesn't have: the message says what, and what can be done.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What the driver said of it; null where it said nothing.</param>
public sealed class GpuException(string message, Exception? inner = null) : Exception(message, inner);
