using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>Sources as they are while somebody types: the compiler says what is wrong with them, the generator adds nothing to it and has no fault of its own.</summary>
public sealed class TypingTests
{
    [Theory]
    [InlineData("[Model(1, 9, 9), Dense(2)] partial class Net; [Model(1, 9, 9), Dense(3)] partial record Net;")]
    [InlineData("[Model(1, 9, 9), Dense(2)] partial class Net; [Model(1, 9, 9), Dense(3)] partial class Net;")]
    [InlineData("[Model(1, 9, 9), Dense(2)] class Net; [Model(1, 9, 9), Dense(3)] class Net;")]
    [InlineData("partial class Outer { [Model(1, 9, 9), Dense(2)] partial class Net; } partial struct Outer { [Model(1, 9, 9), Dense(2)] partial class Net; }")]
    [InlineData("[Model(1, 9, 9), Dense(2)] partial class Net; [Model(1, 9, 9), Dense(3)] partial class NET; [Model(1, 9, 9), Dense(3)] partial record NET;")]
    public void Two_declarations_of_one_name_keep_their_models_to_one_file_each(string source)
    {
        var run = Run(source);

        Assert.NotEmpty(run.Sources);
        Assert.DoesNotContain(run.CompilerErrors(), error => error.Id is "CS0111" or "CS0102");
    }

    [Theory]
    [InlineData("[Model(1, 9, 9), Conv2D(4, 3, Padding = 1, 2)]")]
    [InlineData("[Model(1, 9, 9), MaxPool(2, Stride = 2, 2)]")]
    [InlineData("[Model(1, 9, Loss = Loss.CrossEntropy, 9), Dense(2), Softmax]")]
    [InlineData("[Model(1, 9, 9), Dense(2), Weights(Embed = WeightsEmbedding.Inside, \"a\")]")]
    [InlineData("[Model(1, 9, 9), Dense(2, 3)]")]
    [InlineData("[Model(1, 9, 9), Dense(units: 2, units: 3)]")]
    [InlineData("[Model(1, 9, 9), Dense(2, Bias = true, Bias = false)]")]
    public void Misplaced_arguments_are_the_compilers(string attributes)
    {
        var run = Run(attributes + " public partial class Net;");

        Assert.Empty(run.Diagnostics);
        Assert.NotEmpty(run.CompilerErrors());
        OnlyTheUsersText(run);
    }

    [Theory]
    [InlineData("class MyLayer : CnnGen.LayerAttribute;", "MyLayer")]
    [InlineData("class MyAttribute : CnnGen.LayerAttribute;", "My")]
    [InlineData("class Attribute : CnnGen.LayerAttribute;", "global::Attribute")]
    [InlineData("namespace Mine { class DenseAttribute : CnnGen.LayerAttribute; }", "Mine.Dense")]
    [InlineData("namespace CnnGen { class DenseAttribute : CnnGen.LayerAttribute; }", "CnnGen.Dense")]
    [InlineData("class WideAttribute() : CnnGen.DenseAttribute(3);", "Wide")]
    public void A_layer_of_the_users_own_is_the_compilers_error(string declaration, string layer)
    {
        var run = Run($"[Model(1, 9, 9), ReLU, {layer}] public partial class Net;", declaration);

        Assert.Empty(run.Diagnostics);
        Assert.NotEmpty(run.CompilerErrors());
        OnlyTheUsersText(run);
    }

    [Theory]
    [InlineData("[Model(1, 9, 9), Dense(2)] public partial class")]
    [InlineData("[Model(1, 9, 9), Dense(2)] public partial class ; [Model(1, 9, 9), Dense(2)] public partial class ;")]
    [InlineData("[Model(1, 9, 9), Dense(2)] public partial class { }")]
    [InlineData("namespace A..B; [Model(1, 9, 9), Dense(2)] public partial class Net;")]
    [InlineData("namespace ; [Model(1, 9, 9), Dense(2)] public partial class Net;")]
    [InlineData("partial class { [Model(1, 9, 9), Dense(2)] public partial class Net; }")]
    [InlineData("[Model(1, 9, 9), Dense(2)] public partial class 3;")]
    [InlineData("[Model(0, 9, 9), Dense(2)] class")]
    [InlineData("partial class Outer< { [Model(1, 9, 9), Dense(2)] public partial class Net; }")]
    [InlineData("[Model(1, 9, 9), Dense(2)] public partial class Net<, T>;")]
    public void A_class_without_a_name_yet_gets_nothing(string source)
    {
        var run = Run(source);

        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.Sources);
    }

    [Theory]
    [InlineData("\\n")]
    [InlineData("\\r")]
    [InlineData("\\u0085")]
    [InlineData("\\u2028")]
    [InlineData("\\u2029")]
    [InlineData("\\0")]
    public void Names_with_line_ends_are_said_on_one_line(string end)
    {
        var run = Run($"[Model(1, 9, 9), Conv2D(2, 3, Name = \"A{end}B\"), Weights(\"a{end}b.safetensors\", Embed = WeightsEmbedding.Beside)] public partial class Net;");

        Assert.NotEmpty(run.Diagnostics);
        Assert.All(run.Diagnostics, diagnostic => Assert.DoesNotContain(diagnostic.Text(), letter => char.IsControl(letter) || letter is '\u2028' or '\u2029'));
    }

    private static GeneratorRun Run(params string[] sources)
    {
        var run = GeneratorHarness.Run(sources);
        Assert.Null(run.Result.Exception);
        Assert.DoesNotContain(run.Diagnostics, diagnostic => diagnostic.Id == "CNN9001");
        Assert.Equal(run.Sources.Count, run.Sources.Select(source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        foreach (var source in run.Sources)
            Assert.Empty(source.SyntaxTree.GetDiagnostics());
        return run;
    }

    private static void OnlyTheUsersText(GeneratorRun run) =>
        Assert.DoesNotContain(run.CompilerErrors(), error => !run.Input.ContainsSyntaxTree(error.Location.SourceTree));
}
