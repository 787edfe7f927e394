using System.Diagnostics;
using CnnGen.Generator.Tests.Diagnostics;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Build;

/// <summary>The build's side of weights: a project that imports CnnGen's build files, made and run by the SDK.</summary>
public sealed class WeightsBuildTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnngen-build-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_library_has_its_weights_inside_and_beside_the_program_that_uses_it()
    {
        Write("weights/inside.safetensors", WeightsCases.Sound);
        Write("weights/beside.safetensors", WeightsCases.Sound);
        Write("weights/other.safetensors", WeightsCases.Sound);
        Write("lib/Nets.cs", """
            using CnnGen;

            namespace Lib;

            [Model(3, 2, 2), Weights("inside.safetensors")]
            [Dense(2), Softmax]
            public partial class Inside;

            [Model(3, 2, 2), Weights("weights/beside.safetensors", Embed = WeightsEmbedding.Beside)]
            [Dense(2), Softmax]
            public partial class Beside;

            [Model(3, 2, 2), Weights("other.safetensors", Embed = WeightsEmbedding.AtRunTime)]
            [Dense(2), Softmax]
            public partial class Other;
            """);
        Write("lib/Lib.csproj", Project("Library", $"""
            <Analyzer Include="{typeof(CnnGenerator).Assembly.Location}" />
            <AdditionalFiles Include="../weights/inside.safetensors" />
            <AdditionalFiles Include="../weights/beside.safetensors" CnnGenEmbed="Beside" />
            <AdditionalFiles Include="../weights/other.safetensors" CnnGenEmbed="AtRunTime" />
            """));
        Write("Directory.Build.props", $"<Project><Import Project=\"{BuildFile("CnnGen.props")}\" /></Project>");
        Write("app/Program.cs", """
            var scores = new float[2];
            Lib.Inside.Pretrained.Predict(new float[12], scores);
            System.Console.WriteLine(string.Join(" ", scores));
            Lib.Beside.Pretrained.Predict(new float[12], scores);
            System.Console.WriteLine(string.Join(" ", scores));
            System.Console.WriteLine(string.Join(" ", typeof(Lib.Inside).Assembly.GetManifestResourceNames()));
            """);
        Write("app/App.csproj", Project("Exe", "<ProjectReference Include=\"../lib/Lib.csproj\" />"));

        Dotnet("publish app -c Release -o out -p:UseAppHost=false");

        Assert.Equal(["beside.safetensors"], Directory.GetFiles(Path.Combine(_folder.FullName, "out"), "*.safetensors").Select(Path.GetFileName));
        Assert.Equal(["beside.safetensors"], Directory.GetFiles(Path.Combine(_folder.FullName, "app/bin"), "*.safetensors", SearchOption.AllDirectories).Select(Path.GetFileName));
        Assert.Equal("0.5 0.5\n0.5 0.5\ninside.safetensors\n", Dotnet("out/App.dll").Replace("\r", "", StringComparison.Ordinal));
    }

    [Fact]
    public void An_attribute_that_the_project_file_contradicts_is_an_error_of_the_build()
    {
        Write("net.safetensors", WeightsCases.Sound);
        Write("Net.cs", "using CnnGen;\n" + WeightsCase.Declare("Weights(\"net.safetensors\", Embed = WeightsEmbedding.Beside)"));
        Write("Directory.Build.props", $"<Project><Import Project=\"{BuildFile("CnnGen.props")}\" /></Project>");
        Write("Net.csproj", Project("Library", $"""
            <Analyzer Include="{typeof(CnnGenerator).Assembly.Location}" />
            <AdditionalFiles Include="net.safetensors" />
            """));

        var said = Dotnet("build -c Release", isFailure: true);

        Assert.Contains("Net.cs(2,45): error CNN4008: Net: 'net.safetensors' is to be carried as Beside, but the build carries it as Inside.", said, StringComparison.Ordinal);
    }

    private static string Project(string kind, string items) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>{kind}</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>disable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="{typeof(ModelAttribute).Assembly.Location}" />
            {items}
          </ItemGroup>
          <Import Project="{BuildFile("CnnGen.targets")}" />
        </Project>
        """;

    private static string BuildFile(string name) => Path.Combine(Repository.Root, "src", "CnnGen", "build", name);

    private void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private string Dotnet(string arguments, bool isFailure = false)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of the test run's own build, and nothing that outlives this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 != isFailure, $"dotnet {arguments}: {process.ExitCode}\n{output}{errors.Result}");
        return output;
    }
}
