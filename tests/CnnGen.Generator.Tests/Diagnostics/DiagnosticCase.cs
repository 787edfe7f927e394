namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>One fault.</summary>
/// <param name="Label">Names the test.</param>
/// <param name="Id">The one diagnostic that is expected.</param>
/// <param name="Source">The declaration; a line of layers alone stands on a 3x8x8 model.</param>
/// <param name="Marked">The text that is squiggled.</param>
/// <param name="Message">The whole message.</param>
/// <param name="Mends">Each a replacement in the source, after which nothing is wrong: <c>old => new</c>.</param>
public sealed record DiagnosticCase(string Label, string Id, string Source, string Marked, string Message, params string[] Mends)
{
    public string Declaration => Declare(Source);

    public IEnumerable<string> Mended()
    {
        foreach (var mend in Mends)
        {
            var parts = mend.Split(" => ");
            Assert.Contains(parts[0], Source, StringComparison.Ordinal);
            yield return Declare(Source.Replace(parts[0], parts[1], StringComparison.Ordinal));
        }
    }

    public override string ToString() => Id + " " + Label;

    private static string Declare(string source) => source.Contains("class", StringComparison.Ordinal) || source.Contains("record", StringComparison.Ordinal) || source.Contains("struct", StringComparison.Ordinal)
        ? source
        : (source.Contains("[Model", StringComparison.Ordinal) ? "" : "[Model(3, 8, 8)]\n") + source + "\npublic partial class Net;";
}
