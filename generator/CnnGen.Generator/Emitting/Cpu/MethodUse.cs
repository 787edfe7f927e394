namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Which passes call a method.</summary>
[Flags]
internal enum MethodUse
{
    None = 0,
    Prediction = 1,
    Training = 2,
    Explanation = 4,
    Features = 8,
}
