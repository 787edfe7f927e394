using System.Diagnostics;

namespace CnnGen.Package.Tests;

/// <summary>What <c>.ci/documents</c> makes of documents: here of small ones, in a repository of their own.</summary>
public sealed class DocumentRunnerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnngen-documents-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Blocks_run_in_order_in_one_shell_and_a_failing_one_is_told()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Write("good.md", """
            ```bash
            mkdir inner
            cd inner
            name=written
            ```

            ```c note.c
            it's `here`, $name
            ```

            ```bash
            test "$(cat note.c)" = 'it'"'"'s `here`, $name'
            test "$name" = written
            test -z "$(ls "$HOME")"
            ```

            ```bash slow
            false
            ```
            """);
        Write("bad.md", """
            ```bash
            cat missing | head -1
            ```

            ```bash
            echo never
            ```
            """);
        Commit();

        var (exit, said) = Dotnet.Try(_folder.FullName, "bash", ".ci/documents");

        Assert.Equal(1, exit);
        Assert.Contains("bad.md: FAILED with 1", said, StringComparison.Ordinal);
        Assert.DoesNotContain("never", said, StringComparison.Ordinal);
        Assert.Contains("(2 blocks, 1 left out)", said, StringComparison.Ordinal);
        Assert.EndsWith("2 documents, 2 blocks run, 1 left out, 1 failed\n", said, StringComparison.Ordinal);
        Assert.Equal(0, Dotnet.Try(_folder.FullName, "bash", ".ci/documents good.md").ExitCode);
        Assert.Equal(1, Dotnet.Try(_folder.FullName, "bash", ".ci/documents --with slow good.md").ExitCode);
        Assert.Equal(2, Dotnet.Try(_folder.FullName, "bash", ".ci/documents other.md").ExitCode);
    }

    /// <summary>No server outlives its block: neither one that nobody can reach nor one whose run is ended.</summary>
    [Theory]
    [InlineData("echo http://localhost:1", false, 1)]
    [InlineData("true", true, 143)]
    public async Task A_server_is_ended_in_every_case(string says, bool isEnded, int exit)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var number = Path.Combine(_folder.FullName, "number");
        Write("page.md", $"""
            ```bash server
            echo $$ > {number}.new
            mv {number}.new {number}
            {says}
            sleep 300
            ```
            """);
        Commit();
        using var documents = Process.Start(new ProcessStartInfo("bash", ".ci/documents --with server page.md") { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true })!;
        var said = documents.StandardOutput.ReadToEndAsync();
        for (var i = 0; i < 600 && !File.Exists(number); i++)
            await Task.Delay(100);
        var server = (await File.ReadAllTextAsync(number)).Trim();
        if (isEnded)
            Dotnet.Start(_folder.FullName, "bash", FormattableString.Invariant($"-c \"kill -TERM {documents.Id}\""));
        await documents.WaitForExitAsync();

        Assert.Equal(exit, documents.ExitCode);
        Assert.Equal(!isEnded, (await said).Contains("page.md: FAILED with 1", StringComparison.Ordinal));
        for (var i = 0; i < 100 && Directory.Exists("/proc/" + server); i++)
            await Task.Delay(100);
        Assert.False(Directory.Exists("/proc/" + server), "The server runs on.");
    }

    private void Commit()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".ci"));
        File.Copy(Path.Combine(Repository.Root, ".ci", "documents"), Path.Combine(_folder.FullName, ".ci", "documents"));
        Dotnet.Start(_folder.FullName, "git", "init -q .");
        Dotnet.Start(_folder.FullName, "git", "add -A");
        Dotnet.Start(_folder.FullName, "git", "-c user.name=test -c user.email=test@localhost commit -q -m documents");
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text + "\n");
}
