namespace CnnGen.Benchmarks;

/// <summary>What the user chose.</summary>
/// <param name="Filters">Parts of cases' names, of which a case must have one; none: all cases.</param>
/// <param name="Rounds">How often everyone has a turn.</param>
/// <param name="Seconds">How long a turn lasts.</param>
/// <param name="ThreadCount">What a case on all threads runs on.</param>
/// <param name="Python">A Python that has torch; null: PyTorch is not measured.</param>
/// <param name="OnnxRuntime">ONNX Runtime's shared library; null: it is not measured.</param>
/// <param name="Before">Another build of this program, or null: only this one is measured.</param>
/// <param name="Priority">Whether those who are measured go before all other processes of the machine.</param>
/// <param name="OutPath">The file for the tables, or null: they are printed only.</param>
internal sealed record Settings(
    IReadOnlyList<string> Filters, int Rounds, double Seconds, int ThreadCount, string? Python, string? OnnxRuntime, string? Before, bool Priority, string? OutPath);
