namespace ClassifySample.Tests.Published;

/// <summary>Publishes the command and the folder for all processors, once for all tests.</summary>
public sealed class PublishedFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PublishedFixture()
    {
        if (Toolchain.Missing is not null)
            return;
        Log = Toolchain.Run("dotnet", ["publish", "-c", "Release", Repository.Sample, "-o", _folder.Path("command"), "--nologo"]).Checked()
            + Toolchain.Run("bash", [Path.Combine(Repository.Sample, "publish-folder.sh"), Folder]).Checked();
    }

    /// <summary>What publishing said.</summary>
    public string Log { get; } = "";

    /// <summary>The published command.</summary>
    public string Command => _folder.Path("command/classify");

    /// <summary>The folder that <c>publish-folder.sh</c> made.</summary>
    public string Folder => _folder.Path("folder");

    /// <summary>A file that a test may make.</summary>
    public string NewFile(string name) => _folder.Path(name);

    public void Dispose() => _folder.Dispose();
}
