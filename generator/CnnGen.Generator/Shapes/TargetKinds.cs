namespace CnnGen.Generator.Shapes;

/// <summary>What a model is emitted for.</summary>
[Flags]
internal enum TargetKinds
{
    /// <summary>The processor.</summary>
    Cpu = 1,

    /// <summary>GPUs as well, by ILGPU.</summary>
    Ilgpu = 2,
}
