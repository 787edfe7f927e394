using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>What the compiler says of a weights file.</summary>
public sealed class WeightsTests
{
    private const string BatchNorm = "[Model(3, 4, 4), Weights(\"net.safetensors\")]\n[Conv2D(4, 3, Bias = false), BatchNorm, ReLU, Dense(2), Softmax]\npublic partial class Net;";

    public static TheoryData<string> Cases => [.. WeightsCases.All.Select(one => one.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_fault_is_one_diagnostic_in_its_place_with_its_text(string label)
    {
        var one = Find(label);
        using var project = new WeightsProject();
        one.Files(project);

        var run = project.Run(one.Declaration);

        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal(one.Id, diagnostic.Id);
        Assert.Equal(one.Message, diagnostic.Text());
        Assert.Equal(one.Marked, diagnostic.Marked());
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_mend_that_a_message_names_works(string label)
    {
        var one = Find(label);
        Assert.True(one.MendedAttribute is not null || one.MendedFiles is not null);
        using var project = new WeightsProject();
        (one.MendedFiles ?? one.Files)(project);

        var run = project.Run(WeightsCase.Declare(one.MendedAttribute ?? one.Attribute));

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerErrors());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Code_that_uses_the_model_has_no_errors_of_its_own(string label)
    {
        var one = Find(label);
        using var project = new WeightsProject();
        one.Files(project);

        var run = project.Run(one.Declaration, """
            static class Use
            {
                static void All(System.IO.Stream stream)
                {
                    Net.Pretrained.Predict(new float[3], new float[2]);
                    using var model = Net.Load(stream);
                }
            }
            """);

        Assert.Single(run.Diagnostics);
        Assert.Empty(run.CompilerErrors());
    }

    [Fact]
    public void All_faults_of_a_file_are_reported_each_once_at_the_attribute()
    {
        using var project = new WeightsProject();
        project.Add("net.safetensors", WeightsProject.Make(
            ("conv1.weights", "F32", [4, 3, 3, 3]), // A misspelt name.
            ("bn1.weight", "F32", [5]),
            ("bn1.bias", "I32", [4]),
            ("bn1.running_mean", "F32", [4]),
            ("bn1.num_batches_tracked", "I64", []),
            ("dense1.weight", "BF16", [2, 16]),
            ("dense1.bias", "F64", [2])), embed: "Beside");

        var run = project.Run(BatchNorm);

        Assert.Equal(
            [
                "CNN4004 Net: 'net.safetensors' lacks conv1.weight [4, 3, 3, 3]. Save the weights of this network or rename its 'conv1.weights'.",
                "CNN4006 Net: bn1.weight has the shape [5] in 'net.safetensors', but [4] in the network. Save the weights of this network, or change the layer.",
                "CNN4007 Net: bn1.bias is I32 in 'net.safetensors', but has to be F32 (F16, BF16 and F64 are converted). Convert it before saving.",
                "CNN4004 Net: 'net.safetensors' lacks bn1.running_var [4]. Save the weights of this network.",
                "CNN4005 Net: 'net.safetensors' has conv1.weights F32 [4, 3, 3, 3], which is no parameter of this network. Leave it out or rename it 'conv1.weight'.",
                "CNN4008 Net: 'net.safetensors' is to be carried as Inside, but the build carries it as Beside. Write <AdditionalFiles Include=\"net.safetensors\" />, or write Embed = WeightsEmbedding.Beside here.",
            ],
            run.Result.Diagnostics.Select(diagnostic => diagnostic.Id + " " + diagnostic.Text()));
        Assert.Equal(["\"net.safetensors\""], run.Diagnostics.Where(one => one.Id != "CNN4008").Select(diagnostic => diagnostic.Marked()).Distinct());
    }

    [Fact]
    public void The_files_names_are_those_that_a_model_saves()
    {
        // Every kind of parameter: what the library writes for an emitted model, the compiler takes for it.
        const string Everything = "[Conv2D(4, 3, Bias = false), BatchNorm, ReLU, Conv2D(4, 1, Groups = 4), Dense(2), Softmax]\npublic partial class Net;";
        using var assembly = Emitted.EmittedAssembly.Compile("[Model(3, 4, 4)]\n" + Everything);
        using var model = assembly.Create("Net");
        var stream = new MemoryStream();
        ModelWeights.Save(stream, model.Parameters);
        using var project = new WeightsProject();
        project.Add("net.safetensors", stream.ToArray());

        Assert.Empty(project.Run("[Model(3, 4, 4), Weights(\"net.safetensors\")]\n" + Everything).Diagnostics);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Beside")]
    [InlineData("AtRunTime")]
    public void Weights_that_are_given_at_run_time_need_no_build_files_and_give_no_Pretrained(string embed)
    {
        using var project = new WeightsProject();
        project.Add("net.safetensors", WeightsCases.Sound, embed.Length == 0 ? null : "AtRunTime");
        var attribute = embed == "Beside" ? "Weights(\"net.safetensors\", Embed = WeightsEmbedding.Beside)" : "Weights(\"net.safetensors\", Embed = WeightsEmbedding.AtRunTime)";

        var run = project.Run(WeightsCase.Declare(attribute));

        if (embed == "Beside")
        {
            Assert.Equal(["CNN4008"], run.Diagnostics.Select(one => one.Id));
            return;
        }

        Assert.Empty(run.Diagnostics);
        Assert.DoesNotContain("Pretrained", run.SourceText("Net.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_network_gives_no_more_faults_than_one_reads()
    {
        using var project = new WeightsProject();
        project.Add("net.safetensors", WeightsProject.Make([.. Enumerable.Range(0, 5000).Select(i => (FormattableString.Invariant($"layers.{i}.w"), "F32", new long[] { 1 }))]));

        Assert.Equal(200, project.Run(WeightsCase.Declare("Weights(\"net.safetensors\")")).Diagnostics.Count);
    }

    [Fact]
    public void Random_damage_is_a_diagnostic_and_never_an_exception()
    {
        var random = new Random(6);
        var damaged = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = WeightsCases.Sound.ToArray();
            for (var k = random.Next(1, 4); k > 0; k--)
                bytes[random.Next(bytes.Length - 104)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            using var project = new WeightsProject();
            project.Add("net.safetensors", bytes);

            var run = project.Run(WeightsCase.Declare("Weights(\"net.safetensors\")"));

            Assert.Null(run.Result.Exception);
            Assert.All(run.Diagnostics, diagnostic => Assert.StartsWith("CNN400", diagnostic.Id));
            damaged += run.Diagnostics.Count > 0 ? 1 : 0;
        }

        Assert.InRange(damaged, 250, 300);
    }

    [Fact]
    public void A_broken_attribute_adds_no_errors_to_the_compilers()
    {
        using var project = new WeightsProject();
        var run = project.Run(
            WeightsCase.Declare("Weights(12)"), "static class Use { static Net Model => Net.Pretrained; }");

        Assert.Empty(run.Diagnostics);
        Assert.All(run.CompilerErrors(), error => Assert.Equal("File1.cs", error.Location.SourceTree!.FilePath));
    }

    private static WeightsCase Find(string label) => WeightsCases.All.Single(one => one.ToString() == label);
}
