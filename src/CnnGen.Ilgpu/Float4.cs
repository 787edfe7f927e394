namespace CnnGen.Ilgpu;

/// <summary>Four floats side by side, which a GPU reads at once.</summary>
public struct Float4
{
    /// <summary>The first.</summary>
    public float X;

    /// <summary>The second.</summary>
    public float Y;

    /// <summary>The third.</summary>
    public float Z;

    /// <summary>The fourth.</summary>
    public float W;
}
