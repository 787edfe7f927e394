namespace CnnGen.Generator.Tests.Support;

/// <summary>How much of what can be drawn without end a run draws: few in a run by hand, all where <c>CNNGEN_TESTS=all</c>, as <c>.ci/run</c> has it.</summary>
internal static class Extent
{
    public static bool IsWhole => Environment.GetEnvironmentVariable("CNNGEN_TESTS") == "all";

    /// <summary>The number of a run by hand, or of one of all; another where the variable of that name has one.</summary>
    public static int Of(int few, int all, string? variable = null)
    {
        var asked = variable is null ? null : Environment.GetEnvironmentVariable(variable);
        return int.TryParse(asked, out var count) ? count : IsWhole ? all : few;
    }
}
