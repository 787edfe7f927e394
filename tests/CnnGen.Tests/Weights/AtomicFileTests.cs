using CnnGen.Tests.Data;

namespace CnnGen.Tests.Weights;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "weights.safetensors");

    public void Dispose() => _folder.Dispose();

    /// <summary>On Linux with unnamed files, and as it is elsewhere.</summary>
    public static TheoryData<bool> Ways => OperatingSystem.IsLinux() ? [true, false] : [false];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_failure_while_writing_leaves_the_old_file_whole_and_no_other(bool mayBeUnnamed)
    {
        File.WriteAllText(Target, "old");
        var others = -1;
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(Target, Fail, mayBeUnnamed));
        Assert.Equal($"'{Target}' can't be written: the disk is full. What was there before is as it was.", error.Message);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
        Assert.Equal(mayBeUnnamed ? 0 : 1, others);

        File.Delete(Target);
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, Fail, mayBeUnnamed));
        Assert.Empty(Directory.GetFiles(_folder.Path));

        void Fail(Stream stream)
        {
            stream.Write(new byte[200_000]);
            others = Directory.GetFiles(_folder.Path).Count(path => path != Target);
            throw new IOException("the disk is full");
        }
    }

    [Fact]
    public void Any_other_exception_of_the_writer_passes_as_it_is()
    {
        foreach (var mayBeUnnamed in new[] { true, false })
            Assert.Throws<FormatException>(() => AtomicFile.Write(Target, _ => throw new FormatException(), mayBeUnnamed));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_rename_that_fails_leaves_no_temporary_file_and_names_the_file_asked_for(bool mayBeUnnamed)
    {
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.Write(
            Target,
            stream =>
            {
                stream.WriteByte(1);

                // A folder that takes the name in the meantime.
                Directory.CreateDirectory(Path.Combine(Target, "inside"));
            },
            mayBeUnnamed));
        Assert.Contains($"'{Target}' can't be written", error.Message);
        Assert.DoesNotContain(".tmp", error.Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_file_that_another_program_made_meanwhile_is_replaced(bool mayBeUnnamed)
    {
        AtomicFile.Write(
            Target,
            stream =>
            {
                File.WriteAllText(Target, "other");
                stream.Write("new"u8);
            },
            mayBeUnnamed);
        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_a_killed_program_left_is_removed_and_what_is_being_written_is_not(bool mayBeUnnamed)
    {
        const string Digits = "0123456789abcdef0123456789abcdef";
        var abandoned = _folder.Write($".weights.safetensors.{Digits}.tmp", [1]);
        File.SetLastWriteTimeUtc(abandoned, DateTime.UtcNow.AddHours(-1));
        string[] kept =
        [
            _folder.Write($".other.safetensors.{Digits}.tmp", [1]),
            _folder.Write($".weights.safetensors.{Digits[1..]}.tmp", [1]),
            _folder.Write($".weights.safetensors.{Digits[1..]}G.tmp", [1]),
            _folder.Write(".weights.safetensors.tmp", [1]),
        ];
        var inUse = Path.Combine(_folder.Path, $".weights.safetensors.{Digits.Replace('0', '1')}.tmp");
        using (new FileStream(inUse, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read))
        {
            File.SetLastWriteTimeUtc(inUse, DateTime.UtcNow.AddHours(-1));
            AtomicFile.Write(Target, stream => stream.Write("new"u8), mayBeUnnamed);
        }

        Assert.Equal(kept.Append(inUse).Append(Target).Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
        File.SetLastWriteTimeUtc(inUse, DateTime.UtcNow);
        AtomicFile.Write(Target, stream => stream.Write("new"u8), mayBeUnnamed);
        Assert.True(File.Exists(inUse));
        File.SetLastWriteTimeUtc(inUse, DateTime.UtcNow.AddSeconds(-20));
        AtomicFile.Write(Target, stream => stream.Write("new"u8), mayBeUnnamed);
        Assert.False(File.Exists(inUse));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Savers_at_once_leave_one_of_their_files_whole_and_readers_find_a_whole_one(bool mayBeUnnamed)
    {
        AtomicFile.Write(Target, stream => stream.Write(new byte[100_000]), mayBeUnnamed);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            // Windows lets nobody open a file at the moment in which it is replaced.
            while (!stop.IsCancellationRequested && !OperatingSystem.IsWindows())
            {
                var read = File.ReadAllBytes(Target);
                Assert.Equal(100_000, read.Length);
                Assert.Equal(100_000, read.Count(value => value == read[0]));
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var bytes = new byte[100_000];
            Array.Fill(bytes, (byte)worker);
            for (var i = 0; i < 25; i++)
                AtomicFile.Write(Target, stream => stream.Write(bytes), mayBeUnnamed);
        })));
        stop.Cancel();
        await reader;
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Names_as_long_as_the_system_allows_are_written(bool mayBeUnnamed)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var name in new[] { new string('n', 255), new string('n', 218), new string('n', 217), new string('é', 127), "*?[a].safetensors" })
        {
            var path = Path.Combine(_folder.Path, name);
            for (var i = 0; i < 2; i++)
                AtomicFile.Write(path, stream => stream.Write("new"u8), mayBeUnnamed);
            Assert.Equal([path], Directory.GetFiles(_folder.Path));
            File.Delete(path);
        }

        var tooLong = Path.Combine(_folder.Path, new string('é', 128));
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.Write(tooLong, stream => stream.Write("new"u8), mayBeUnnamed));
        Assert.Contains($"'{tooLong}'", error.Message);
        Assert.Contains("256 bytes", error.Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Devices_and_FIFOs_are_refused_and_stay()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var fifo = Posix.MakeFifo(Path.Combine(_folder.Path, "fifo"));
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, "/dev/null");
        foreach (var (path, kind) in new[] { (fifo, "a FIFO"), ("/dev/null", "a device"), (link, "a device") })
        {
            var error = Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => Assert.Fail("It was opened.")));
            Assert.Contains($"'{path}' is {kind}", error.Message);
        }

        Assert.Equal(FileKind.Fifo, FileStatus.Of(fifo).Kind);
        Assert.Equal(FileKind.Device, FileStatus.Of("/dev/null").Kind);
        Assert.Equal("/dev/null", new FileInfo(link).LinkTarget);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_read_only_file_stays_as_it_is(bool mayBeUnnamed)
    {
        File.WriteAllText(Target, "old");
        File.SetAttributes(Target, FileAttributes.ReadOnly);
        try
        {
            var error = Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.Write(Target, stream => stream.Write("new"u8), mayBeUnnamed));
            Assert.Contains($"'{Target}' is read-only", error.Message);
            Assert.Equal("old", File.ReadAllText(Target));
            Assert.Equal([Target], Directory.GetFiles(_folder.Path));
        }
        finally
        {
            File.SetAttributes(Target, FileAttributes.Normal);
        }
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

    [Theory]
    [MemberData(nameof(Ways))]
    public void Permissions_stay(bool mayBeUnnamed)
    {
        if (OperatingSystem.IsWindows())
            return;

        // With bits that this process's mask takes from new files.
        foreach (var mode in new[] { 0x180, 0x1B6, 0x1A0, 0x1FF, 0x092 }.Select(bits => (UnixFileMode)bits))
        {
            File.WriteAllText(Target, "old");
            File.SetUnixFileMode(Target, mode);
            AtomicFile.Write(Target, stream => stream.Write("new"u8), mayBeUnnamed);
            Assert.Equal(mode, File.GetUnixFileMode(Target));
            File.SetUnixFileMode(Target, (UnixFileMode)0x180);
            Assert.Equal("new", File.ReadAllText(Target));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_owner_stays_where_this_user_may_give_files_away(bool mayBeUnnamed)
    {
        File.WriteAllText(Target, "old");
        if (!OperatingSystem.IsLinux() || !Posix.ChangeOwner(Target, 12345, 23456))
            return;
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var before = FileStatus.Of(Target);
        Assert.Equal((12345u, 23456u), (before.User, before.Group));
        AtomicFile.Write(Target, stream => stream.Write("new"u8), mayBeUnnamed);
        Assert.Equal(before, FileStatus.Of(Target));
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_new_file_has_the_permissions_of_any_new_file(bool mayBeUnnamed)
    {
        if (OperatingSystem.IsWindows())
            return;
        var other = _folder.Write("other", [1]);
        AtomicFile.Write(Target, stream => stream.Write("new"u8), mayBeUnnamed);
        Assert.Equal(File.GetUnixFileMode(other), File.GetUnixFileMode(Target));
    }

    [Fact]
    public void A_missing_folder_and_a_folder_in_the_files_place_are_named()
    {
        var missing = Path.Combine(_folder.Path, "no", "weights.safetensors");
        Assert.Contains($"'{missing}'", Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(missing, _ => { })).Message);
        Assert.Contains($"'{_folder.Path}' is a folder", Assert.Throws<IOException>(() => AtomicFile.Write(_folder.Path, _ => { })).Message);
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => AtomicFile.Write(Target + Path.DirectorySeparatorChar, _ => { })).Message);
    }
}
