using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace CnnGen.Package.Tests;

/// <summary>What is in the packages.</summary>
[Collection(WorkplaceTests.Name)]
public sealed class ContentTests(Workplace workplace)
{
    [Fact]
    public void The_package_holds_library_generator_build_files_and_face()
    {
        using var package = workplace.Open("CnnGen");

        Assert.Equal(
            [
                "CnnGen.nuspec", "README.md", "analyzers/dotnet/cs/CnnGen.Generator.dll", "buildTransitive/CnnGen.props", "buildTransitive/CnnGen.targets", "icon.png",
                "lib/net10.0/CnnGen.dll", "lib/net10.0/CnnGen.xml", "lib/net9.0/CnnGen.dll", "lib/net9.0/CnnGen.xml",
            ],
            Files(package).Where(name => !name.StartsWith("docs/", StringComparison.Ordinal)));

        // Messages link to their pages, and pages to one another.
        Assert.Equal(
            Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
            Files(package).Where(name => name.StartsWith("docs/", StringComparison.Ordinal)));
        var metadata = Metadata(package);
        Assert.Equal("CnnGen", metadata["id"].Value);
        Assert.Equal(workplace.Version, metadata["version"].Value);
        Assert.Equal("MIT", metadata["license"].Value);
        Assert.Equal("README.md", metadata["readme"].Value);
        Assert.Equal("icon.png", metadata["icon"].Value);
        Assert.DoesNotContain(metadata["dependencies"].Descendants(), one => one.Name.LocalName == "dependency");

        // PNG's signature, and the size in its header.
        var icon = Bytes(package, "icon.png");
        Assert.Equal("PNG", Encoding.ASCII.GetString(icon, 1, 3));
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
    }

    [Fact]
    public void The_package_of_images_depends_on_the_package_of_its_own_version()
    {
        using var package = workplace.Open("CnnGen.Images");

        Assert.Equal(
            [
                "CnnGen.Images.nuspec", "README.md", "icon.png",
                "lib/net10.0/CnnGen.Images.dll", "lib/net10.0/CnnGen.Images.xml", "lib/net9.0/CnnGen.Images.dll", "lib/net9.0/CnnGen.Images.xml",
            ],
            Files(package));
        var dependencies = Metadata(package)["dependencies"].Descendants().Where(one => one.Name.LocalName == "dependency").ToList();
        Assert.Equal(2, dependencies.Count);
        Assert.All(dependencies, one => Assert.Equal(("CnnGen", workplace.Version), (one.Attribute("id")!.Value, one.Attribute("version")!.Value)));
    }

    [Fact]
    public void The_package_of_pictures_of_networks_depends_on_the_packages_of_its_own_version()
    {
        using var package = workplace.Open("CnnGen.Insight");

        Assert.Equal(
            [
                "CnnGen.Insight.nuspec", "README.md", "icon.png",
                "lib/net10.0/CnnGen.Insight.dll", "lib/net10.0/CnnGen.Insight.xml", "lib/net9.0/CnnGen.Insight.dll", "lib/net9.0/CnnGen.Insight.xml",
            ],
            Files(package));
        var dependencies = Metadata(package)["dependencies"].Descendants().Where(one => one.Name.LocalName == "dependency").ToList();
        Assert.Equal(
            ["CnnGen", "CnnGen", "CnnGen.Images", "CnnGen.Images"], dependencies.Select(one => one.Attribute("id")!.Value).Order(StringComparer.Ordinal));
        Assert.All(dependencies, one => Assert.Equal(workplace.Version, one.Attribute("version")!.Value));
    }

    [Fact]
    public void The_symbols_are_beside_the_package()
    {
        using var symbols = workplace.Open("CnnGen", extension: "snupkg");

        Assert.Equal(["CnnGen.nuspec", "lib/net10.0/CnnGen.pdb", "lib/net9.0/CnnGen.pdb"], Files(symbols));
    }

    [Fact]
    public void The_package_of_templates_references_the_package_of_its_own_version()
    {
        using var package = workplace.Open("CnnGen.Templates");

        Assert.Equal(
            [
                "CnnGen.Templates.nuspec", "README.md", "content/cnngen/.template.config/template.json", "content/cnngen/CnnGenApp.csproj",
                "content/cnngen/DrawnDigits.cs", "content/cnngen/LeNet5.cs", "content/cnngen/Program.cs", "icon.png",
            ],
            Files(package));
        Assert.Equal("Template", Metadata(package)["packageTypes"].Elements().Single().Attribute("name")!.Value);
        using var project = new StreamReader(package.GetEntry("content/cnngen/CnnGenApp.csproj")!.Open());
        var reference = XDocument.Parse(project.ReadToEnd()).Descendants("PackageReference").Single();
        Assert.Equal(("CnnGen", workplace.Version), (reference.Attribute("Include")!.Value, reference.Attribute("Version")!.Value));
    }

    [Fact]
    public void The_same_sources_in_another_folder_give_the_same_assemblies()
    {
        using var first = workplace.Open("CnnGen");
        using var second = workplace.Open("CnnGen", "feed-again");

        var names = Files(first).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, names.Count);
        foreach (var name in names)
            Assert.True(Bytes(first, name).AsSpan().SequenceEqual(Bytes(second, name)), $"{name} differs.");
    }

    /// <summary>All but what the container itself needs, in the order of their names.</summary>
    private static IEnumerable<string> Files(ZipArchive package) => package.Entries.Select(entry => entry.FullName)
        .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml")
        .Order(StringComparer.Ordinal);

    private static byte[] Bytes(ZipArchive package, string name)
    {
        using var stream = package.GetEntry(name)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static Dictionary<string, XElement> Metadata(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().Single().Elements().ToDictionary(one => one.Name.LocalName);
    }
}
