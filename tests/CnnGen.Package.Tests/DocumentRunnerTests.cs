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
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".ci"));
        File.Copy(Path.Combine(Repository.Root, ".ci", "documents"), Path.Combine(_folder.FullName, ".ci", "documents"));
        Dotnet.Start(_folder.FullName, "git", "init -q .");
        Dotnet.Start(_folder.FullName, "git", "add -A");
        Dotnet.Start(_folder.FullName, "git", "-c user.name=test -c user.email=test@localhost commit -q -m documents");

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

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text + "\n");
}
