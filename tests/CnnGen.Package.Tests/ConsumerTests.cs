using System.Runtime.InteropServices;

namespace CnnGen.Package.Tests;

/// <summary>Projects outside the repository that reference the package.</summary>
[Collection(WorkplaceTests.Name)]
public sealed class ConsumerTests(Workplace workplace)
{
    [Fact]
    public void A_project_trains_saves_and_predicts()
    {
        Assert.Empty(Dotnet.Warnings(workplace.Trained));
        Assert.StartsWith("learned\n ", workplace.Trained, StringComparison.Ordinal);
        Assert.True(File.Exists(workplace.PathOf("net.safetensors")));
    }

    [Fact]
    public void A_project_reads_pictures_by_the_package_for_them() =>
        Assert.Equal("dark light 2 200", Dotnet.Run(workplace.PathOf("pictures"), "run -c Release"));

    /// <summary>A package has no source code: its blocks are known by the records in its assembly alone. The parameter count is counted by hand: 704, 7776 and 4100.</summary>
    [Fact]
    public void Blocks_come_in_a_package_of_their_own()
    {
        workplace.Write("parts/Parts.csproj", Consumer.Project("net9.0", workplace.Version, "<OutputType>Library</OutputType>"));
        workplace.Write("parts/Parts.cs", Consumer.Blocks);
        workplace.Write("uses/Uses.csproj", Consumer.Project("net10.0", workplace.Version, items: $"<PackageReference Include=\"Parts\" Version=\"{workplace.Version}\" />"));
        workplace.Write("uses/Program.cs", Consumer.UseBlocks);
        workplace.Write("uses/Broken.cs", Consumer.BrokenBlock);
        workplace.Write("alone/Alone.csproj", Consumer.Project("net10.0", workplace.Version).Replace("\"CnnGen\"", "\"Parts\"", StringComparison.Ordinal));
        workplace.Write("alone/Program.cs", Consumer.UseBlocks);

        var packed = Dotnet.Run(workplace.PathOf("parts"), $"pack -c Release -o ../feed -p:PackageVersion={workplace.Version}");
        var said = Dotnet.Run(workplace.PathOf("uses"), "run -c Release");
        var broken = Dotnet.Run(workplace.PathOf("uses"), "build -c Release --no-restore -o ../used -p:DefineConstants=BROKEN", isFailure: true);
        var alone = Dotnet.Run(workplace.PathOf("alone"), "run -c Release");

        Assert.Empty(Dotnet.Warnings(packed));
        Assert.Equal("12580 True\nresidual2.unit2.conv1.weight 5x5", said);

        // The block has no lines here: what doesn't fit in it is said of its use, with the way to it and its numbers.
        Assert.Contains("Broken.cs(4,18): error CNN1044: Residual1.Unit2.Conv1: Padding = \"(Kernel - 1) / 2\" is 1.5, but must be a whole number.", broken, StringComparison.Ordinal);
        Assert.Contains("In Residual1.Unit2: Unit(width = 8, Kernel = 4) over 8x8x8.", broken, StringComparison.Ordinal);

        // The library and the generator come along with the blocks' package.
        Assert.Equal(said, alone);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_an_error_of_the_build()
    {
        _ = workplace.Trained;

        var said = Dotnet.Run(workplace.PathOf("train"), "build -c Release --no-restore -o ../broken -p:DefineConstants=BROKEN", isFailure: true);

        Assert.Contains("Broken.cs(5,15): error CNN2001: Conv1 slides a 3x3 kernel over 8x8 with stride 2", said, StringComparison.Ordinal);

        // The message ends with the address of its page in the package.
        var page = new Uri(workplace.PathOf($"packages/cnngen/{workplace.Version}/docs/diagnostics/CNN2001.md"));
        Assert.True(File.Exists(page.LocalPath));
        Assert.Contains($" ({page.AbsoluteUri}) [", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compiler_that_is_too_old_is_one_error_that_says_so()
    {
        _ = workplace.Trained;

        var said = Dotnet.Run(workplace.PathOf("train"), "build -c Release --no-restore -o ../old -p:CompilerApiVersion=roslyn4.13", isFailure: true);

        Assert.Contains("error CNN8001: The C# compiler is too old for CnnGen's generator: it is Roslyn 4.13 (", said, StringComparison.Ordinal);
        Assert.DoesNotContain("error CS", said, StringComparison.Ordinal);
    }

    /// <summary>In an assembly compiled for debugging the JIT optimises nothing, and training takes many times as long.</summary>
    [Fact]
    public void Models_are_optimised_in_Debug_too_and_other_projects_are_not()
    {
        _ = workplace.Trained;
        workplace.Write("shop/Shop.csproj", Consumer.Project("net10.0", workplace.Version));
        workplace.Write("shop/Program.cs", "// Not a [Model].\nSystem.Console.WriteLine(CnnGen.Threads.Count > 0);");

        var said = Dotnet.Run(workplace.PathOf("train"), "build -c Debug --no-restore -o ../debug");
        Dotnet.Run(workplace.PathOf("train"), "build -c Debug --no-restore -o ../debug-plain -p:CnnGenOptimize=false");
        Dotnet.Run(workplace.PathOf("shop"), "build -c Debug -o ../debug-shop");

        Assert.Contains("Train: compiled with optimisation in Debug too, for its models", said, StringComparison.Ordinal);
        Assert.Empty(Dotnet.Warnings(said));
        Assert.True(Assemblies.IsOptimized(workplace.PathOf("debug/Train.dll")));
        Assert.False(Assemblies.IsOptimized(workplace.PathOf("debug-plain/Train.dll")));
        Assert.False(Assemblies.IsOptimized(workplace.PathOf("debug-shop/Shop.dll")));
    }

    /// <summary>What a project asks of its own code, it needn't ask of ours; that the analyzers are on shows in what they say of the project's own files.</summary>
    [Fact]
    public void All_analyzers_find_nothing_in_emitted_code()
    {
        _ = workplace.Trained;

        var said = Dotnet.Run(
            workplace.PathOf("train"), "build -c Debug --no-restore --no-incremental -o ../analysed -p:AnalysisMode=All -p:AnalysisLevel=latest -p:EnforceCodeStyleInBuild=true");

        Assert.Contains("warning CA", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Dotnet.Warnings(said), warning => warning.Contains(".g.cs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("net8.0", "csproj", "class Program { static void Main() => Net.Create(); }", "CNN8002: CnnGen needs .NET 9 or newer, but Other is for net8.0.")]
    [InlineData("netstandard2.0", "csproj", "class Program { static void Main() => Net.Create(); }", "CNN8002: CnnGen needs .NET 9 or newer, but Other is for netstandard2.0.")]
    [InlineData("net10.0", "vbproj", "", "CNN8003: CnnGen's generator writes C#, but Other is a project of VB,")]
    [InlineData("net10.0", "fsproj", "", "CNN8003: CnnGen's generator writes C#, but Other is a project of F#,")]
    public void A_project_that_can_have_no_models_is_one_error_that_says_so(string framework, string kind, string program, string expected)
    {
        // Neither the reference assemblies of another framework nor the compiler of another language is needed to be told so.
        var folder = $"other-{framework}-{kind}";
        workplace.Write($"{folder}/Other.{kind}", Consumer.Project(
            framework, workplace.Version, "<OutputType>Library</OutputType><DisableImplicitFSharpCoreReference>true</DisableImplicitFSharpCoreReference>"
                + "<DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences><EnableDefaultCompileItems>true</EnableDefaultCompileItems>"));
        if (program.Length > 0)
            workplace.Write($"{folder}/Program.cs", program + "\n" + Consumer.Net);

        var said = Dotnet.Run(workplace.PathOf(folder), "build -c Release", isFailure: true);

        var errors = said.Split('\n').Where(line => line.Contains(" error ", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct();
        Assert.Contains("error " + expected, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-p:PublishAot=true -p:RuntimeIdentifier=linux-x64", "x86-x64-v3")]
    [InlineData("-p:PublishAot=true -p:RuntimeIdentifier=win-x64 -p:IlcInstructionSet=native", "native")]
    [InlineData("-p:PublishAot=true -p:RuntimeIdentifier=linux-x64 -p:CnnGenSetIlcInstructionSet=false", "")]
    [InlineData("-p:PublishAot=true -p:RuntimeIdentifier=linux-arm64", "")]
    [InlineData("-p:RuntimeIdentifier=linux-x64", "")]
    public void A_native_program_for_x64_has_AVX2_unless_the_project_says_otherwise(string properties, string expected)
    {
        _ = workplace.Trained;

        var said = Dotnet.Run(workplace.PathOf("train"), $"msbuild -t:CnnGenSetIlcInstructionSet -getProperty:IlcInstructionSet {properties}");

        Assert.Equal(expected, said.Trim());
    }

    [AotFact]
    public void A_native_program_carries_its_weights_and_predicts_the_same_bits()
    {
        var expected = workplace.Trained.Split('\n')[^1];
        workplace.Write("classify/Classify.csproj", Consumer.Project(
            "net9.0",
            workplace.Version,
            "<PublishAot>true</PublishAot>",
            "<AdditionalFiles Include=\"../net.safetensors\" />"));
        workplace.Write("classify/Net.cs", Consumer.Net.Replace("[Model(1, 8, 8)]", "[Model(1, 8, 8), Weights(\"net.safetensors\")]", StringComparison.Ordinal));
        workplace.Write("classify/Program.cs", Consumer.Classify);

        var said = Dotnet.Run(workplace.PathOf("classify"), "publish -c Release -o ../published");

        Assert.Empty(Dotnet.Warnings(said));
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Assert.Contains("Classify: compiled for x86-x64-v3 processors", said, StringComparison.Ordinal);
            var responses = Directory.GetFiles(workplace.PathOf("classify/obj"), "*.ilc.rsp", SearchOption.AllDirectories);
            Assert.Contains("--instruction-set:x86-x64-v3", File.ReadAllLines(Assert.Single(responses)));
        }

        Assert.Equal(["Classify", "Classify.dbg"], Directory.GetFiles(workplace.PathOf("published")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(expected, Dotnet.Start(workplace.PathOf("published"), workplace.PathOf("published/Classify")));
    }
}
