using CnnGen.Tests.Data;

namespace CnnGen.Tests.Weights;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "weights.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failure_while_writing_leaves_the_old_file_whole_and_no_other()
    {
        SafeTensors.Write(Target, [new("old", [1], new[] { 1f })]);
        var before = File.ReadAllBytes(Target);
        var sawTemporary = false;

        var error = Assert.Throws<IOException>(() => SafeTensors.Write(Target, [new("new", [100_000], new float[100_000]), Failing()]));

        Assert.Equal("the disk is full", error.Message);
        Assert.True(sawTemporary);
        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));

        SafeTensorValues Failing() => new("failing", [1], 1, (_, _) =>
        {
            sawTemporary = Directory.GetFiles(_folder.Path).Length == 2;
            throw new IOException("the disk is full");
        });
    }

    [Fact]
    public void A_failure_while_writing_a_first_file_leaves_none()
    {
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("the disk is full");
        }));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_rename_that_fails_leaves_no_temporary_file()
    {
        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.WriteByte(1);

            // A folder that takes the name in the meantime.
            Directory.CreateDirectory(Path.Combine(Target, "inside"));
        }));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_reader_of_the_old_file_keeps_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        SafeTensors.Write(Target, [new("a", [1], new[] { 1f })]);
        using var old = SafeTensors.Open(Target);
        SafeTensors.Write(Target, [new("a", [1], new[] { 2f })]);
        Assert.Equal([1f], old.Tensors[0].ToArray());
        using var current = SafeTensors.Open(Target);
        Assert.Equal([2f], current.Tensors[0].ToArray());
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        if (OperatingSystem.IsWindows())
            return;
        var link = Path.Combine(_folder.Path, "latest.safetensors");
        File.WriteAllText(Target, "old");
        File.CreateSymbolicLink(link, "weights.safetensors");
        AtomicFile.Write(link, stream => stream.Write("new"u8));
        Assert.Equal("weights.safetensors", new FileInfo(link).LinkTarget);
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void A_file_that_only_its_owner_may_read_stays_one()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.Write(Target, stream => stream.Write("new"u8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void A_missing_folder_and_a_folder_in_the_files_place_are_named()
    {
        var missing = Path.Combine(_folder.Path, "no", "weights.safetensors");
        Assert.Contains($"'{missing}'", Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(missing, _ => { })).Message);
        Assert.Contains($"'{_folder.Path}' is a folder", Assert.Throws<IOException>(() => AtomicFile.Write(_folder.Path, _ => { })).Message);
    }
}
