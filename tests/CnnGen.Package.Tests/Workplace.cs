using System.IO.Compression;

namespace CnnGen.Package.Tests;

/// <summary>
/// A folder outside the repository with the packages, made twice from copies of the sources, in a feed of its own. Packages have a version that was never there before and
/// go into a packages folder of their own, so that no older package of CnnGen is taken for these; Microsoft's are read from the machine's folder where they are there already.
/// </summary>
public sealed class Workplace : IDisposable
{
    private static readonly string[] s_sources = ["src", "generator", "templates", "docs"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnngen-package-");
    private readonly Lazy<string> _trained;

    public Workplace()
    {
        Version = FormattableString.Invariant($"0.1.0-test.{DateTime.UtcNow.Ticks}");
        Parallel.Invoke(() => Pack("feed", "src/CnnGen", "src/CnnGen.Images", "src/CnnGen.Insight", "templates"), () => Pack("feed-again", "src/CnnGen"));

        Write("NuGet.config", $"""
            <configuration>
              <packageSources>
                <add key="cnngen-local" value="feed" />
              </packageSources>
              <config>
                <add key="globalPackagesFolder" value="packages" />
              </config>
              <fallbackPackageFolders>
                {(Directory.Exists(MachinePackages) ? $"<add key=\"machine\" value=\"{MachinePackages}\" />" : "")}
              </fallbackPackageFolders>
            </configuration>
            """);
        Write("train/Train.csproj", Consumer.Project("net10.0", Version));
        Write("train/Net.cs", Consumer.Net);
        Write("train/Broken.cs", Consumer.Broken);
        Write("train/Program.cs", Consumer.Train);
        Write("pictures/Pictures.csproj", Consumer.Project("net10.0", Version, items: $"<PackageReference Include=\"CnnGen.Images\" Version=\"{Version}\" />"));
        Write("pictures/Program.cs", Consumer.Pictures);
        _trained = new Lazy<string>(() => Dotnet.Run(PathOf("train"), "run -c Release"));
    }

    /// <summary>The packages' version.</summary>
    public string Version { get; }

    /// <summary>What the project that trains and saves <c>net.safetensors</c> said: first anything that the build said, last the bits of some predictions.</summary>
    public string Trained => _trained.Value;

    private static string MachinePackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    /// <summary>Opens a package, or its symbols.</summary>
    public ZipArchive Open(string id, string feed = "feed", string extension = "nupkg") =>
        ZipFile.OpenRead(PathOf($"{feed}/{id}.{Version}.{extension}"));

    public void Dispose() => _folder.Delete(recursive: true);

    private void Pack(string feed, params string[] projects)
    {
        var copy = PathOf(feed + "-sources");
        foreach (var file in Directory.GetFiles(Repository.Root))
            CopyFile(file, copy);
        foreach (var name in s_sources)
            CopyFolder(Path.Combine(Repository.Root, name), Path.Combine(copy, name));

        foreach (var project in projects)
        {
            var said = Dotnet.Run(copy, $"pack {project} -c Release -m:2 -o {PathOf(feed)} -p:PackageVersion={Version}");
            Assert.Empty(Dotnet.Warnings(said));
        }
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
            CopyFile(file, to);
        foreach (var folder in Directory.GetDirectories(from).Where(folder => Path.GetFileName(folder) is not ("bin" or "obj")))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private static void CopyFile(string file, string folder)
    {
        Directory.CreateDirectory(folder);
        File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}

/// <summary>The tests that share a workplace, since it takes a while to make: they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class WorkplaceTests : ICollectionFixture<Workplace>
{
    public const string Name = "Workplace";
}
