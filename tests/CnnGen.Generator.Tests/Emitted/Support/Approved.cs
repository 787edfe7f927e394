using System.Runtime.CompilerServices;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Texts that a person has read and approved: <c>Class.Name.verified.cs</c> beside the test. Where what is emitted differs, it is written
/// to <c>Class.Name.received.cs</c>; who approves of it renames that file.
/// </summary>
internal static class Approved
{
    public static void Verify(string name, string text, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, Path.GetFileNameWithoutExtension(testFile) + "." + name);
        var (verified, received) = (path + ".verified.cs", path + ".received.cs");
        var approved = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : null;
        if (text == approved)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail(approved is null
            ? $"Nobody has approved {Path.GetFileName(verified)} yet. Read {received}, and rename it if it is right."
            : $"{Path.GetFileName(verified)} differs from what is emitted, first in line {FirstDifference(approved, text)}. Compare it with {received}, and rename that one if it is right.");
    }

    private static int FirstDifference(string a, string b) =>
        1 + a.Split('\n').Zip(b.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();
}
