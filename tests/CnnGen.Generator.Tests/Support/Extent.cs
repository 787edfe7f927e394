namespace CnnGen.Generator.Tests.Support;

/// <summary>How much of what can be drawn without end a run draws: few in a run by hand, all where <c>CNNGEN_TESTS=all</c>, as <c>.ci/run</c> has it; or as many as a variable says.</summary>
internal static class Extent
{
    /// <summary>The first graph that is drawn, for a long run in parts.</summary>
    public static int FirstGraph => Setting("CNNGEN_FIRST_GRAPH", 0);

    /// <summary>Whether all is drawn.</summary>
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("CNNGEN_TESTS") == "all";

    /// <summary>The number of a run by hand, or of one of all.</summary>
    public static int Of(int few, int all) => IsWhole ? all : few;

    /// <summary>What a variable says; the usual number where it says none.</summary>
    public static int Setting(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : usual;
}
