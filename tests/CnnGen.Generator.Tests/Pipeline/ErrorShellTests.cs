using CnnGen.Generator.Tests.Diagnostics;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Pipeline;

/// <summary>A class whose declaration has errors still has its members, so that code which uses it has no errors of its own.</summary>
public sealed class ErrorShellTests
{
    private const string Use = """
        static class Use
        {
            static void All()
            {
                var model = Net.Create(seed: 1);
                Net other = Net.Load("net.safetensors");
                using var third = Net.Load(System.IO.Stream.Null);
                model.Predict(new float[3], new float[2]);
                model.Predict(new float[3], new float[2], 1);
                model.Predict(new byte[3], new float[2]);
                model.Predict(new byte[3], new float[2], 1);
                model.Warmup();
                model.Warmup(WarmupFor.Training, count: 4);
                model.ComputeGradients(new float[3], new float[2], 1, 1);
                model.Save(model.Parameters.All[0].Name);
                Console.WriteLine($"{Net.InputShape} {Net.OutputShape} {Net.OutputLength} {Net.ParameterCount} {Net.Loss} {Net.Summary} {Net.Normalization} {other.Share()}");
                const long Count = Net.ParameterCount;
                Span<float> scores = stackalloc float[Net.OutputLength];
                Console.WriteLine($"{Count} {scores.Length}");
                model.Dispose();
            }

            static T Any<T>() where T : class, ITrainableModel<T> => T.Create();

            static Net Generic() => Any<Net>();
        }
        """;

    /// <summary>Those of which C# has something of its own to say: that the base class's constructor is private (CNN1023), or what a type that hides another is not (CNN1021).</summary>
    public static TheoryData<string> Cases =>
        [.. FormCases.Form.Concat(FormCases.Arguments).Concat(NetworkCases.Shapes).Concat(NetworkCases.LossAndNames)
            .Where(one => one.Id is not ("CNN1002" or "CNN1003" or "CNN1006" or "CNN1011" or "CNN1021" or "CNN1023" or "CNN3006" or "CNN3007"))
            .Where(one => !one.Source.Contains("struct Net", StringComparison.Ordinal)) // No struct is an IModel.
            .Select(one => one.Declaration)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Code_that_uses_a_faulty_model_has_no_errors_of_its_own(string declaration)
    {
        var run = GeneratorHarness.Run(declaration, Use);

        // C# itself says of a class without 'partial' that it has another part: then that is the one error.
        var error = Assert.Single(run.Diagnostics.Concat(run.CompilerErrors()));
        Assert.True(error.Id.StartsWith("CNN", StringComparison.Ordinal) || (error.Id == "CS0260" && !declaration.Contains("partial class Net", StringComparison.Ordinal)), error.ToString());
    }

    /// <summary>Each with and without code that uses the model.</summary>
    [Theory]
    [InlineData("[Model(3, 8, 8), Dense(2)] public class Net;", "CNN1001")]
    [InlineData("[Model(3, 8, 8), Dense(2)] public class Net; class Use { Net model = Net.Create(); }", "CS0260")]
    [InlineData("[Model(3, 8, 8), Dense(2)] public class Net { public int Best(float[] scores) { Predict(new float[192], scores); return 1; } }", "CS0260")]
    [InlineData("[Model(3, 8, 8), Dense(2)] public class Net; public partial class Net { }", "CS0260")]
    [InlineData("public class Outer { [Model(3, 8, 8), Dense(2)] public partial class Net; }", "CNN1006")]
    [InlineData("public class Outer { [Model(3, 8, 8), Dense(2)] public partial class Net; void Use() => Net.Load(\"a\").Save(\"b\"); }", "CS0260")]
    [InlineData("public class Outer { [Model(3, 8, 8), Dense(2)] public partial class Net; } public partial class Outer { }", "CS0260")]
    [InlineData("[Model(3, 8, 8), Dense(2)] public partial record struct Net; class Use { Net model = Net.Create(); }", "CNN1005")]
    [InlineData("[Model(3, 8, 8), Dense(2)] public record struct Net;", "CNN1005")]
    public void What_is_no_partial_class_is_one_error(string source, string expected)
    {
        var run = GeneratorHarness.Run(source);

        Assert.Equal([expected], run.Diagnostics.Concat(run.CompilerErrors().Where(error => error.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error)).Select(error => error.Id));
    }

    [Fact]
    public void A_layer_has_no_name_that_the_class_inherits()
    {
        var run = GeneratorHarness.Run("public class Named { public string Dense1 = \"\"; }\n[Model(3, 8, 8), Dense(2)] public partial class Net : Named;");

        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("Dense1: the name 'Dense1' is a member that Net inherits. Use Name = \"Dense1Layer\".", diagnostic.Text());
        Assert.Empty(run.CompilerErrors());
    }

    [Fact]
    public void Inside_other_types_and_with_keywords_for_names_it_compiles()
    {
        var run = GeneratorHarness.Run("""
            namespace @event.Nets;

            public partial interface IOuter
            {
                internal partial record struct Middle<T>
                {
                    [Model(0, 8, 8), Dense(2)]
                    private protected partial class @class;
                }
            }
            """);

        Assert.Equal(["CNN1002", "CNN1012"], run.Diagnostics.Select(diagnostic => diagnostic.Id).Order());
        Assert.Equal("event.Nets.IOuter.Middle(T).class.g.cs", Assert.Single(run.Sources).HintName);
        Assert.Equal(["CS0666"], run.CompilerErrors().Select(error => error.Id).Distinct());
    }

    [Theory]
    [InlineData("Model(3, 8, 8)", "Conv2D(4, 30)", "")] // It has no shape.
    [InlineData("Model(3, 8, 8)", "Conv2D(0, 3)", "")]
    [InlineData("Model(3, 8, 8, Loss = Loss.CrossEntropy)", "Conv2D(4, 3)", "")]
    [InlineData("Model(3, 8, 8)", "Conv2D(4, 3)", "[Weights(\"none.safetensors\")]")]
    [InlineData("Model(3, 8, 8)", "Conv2D(4, 3)", "[ReLU(Name = \"a b\")]")]
    [InlineData("Model(3, 8, 8)", "Conv2D(4, 3, Stride = 1, 2)", "")] // These have errors of the compiler's.
    [InlineData("Model(3, 8, 8)", "Conv2D(4, 3)", "[Dens(3)]")]
    [InlineData("Model(3, 8)", "Conv2D(4, 3)", "")]
    public void Layers_have_their_handles_all_the_same(string model, string layer, string more)
    {
        var run = GeneratorHarness.Run(
            $"[{model}]\n[{layer}, BatchNorm, MaxPool(2)]\n[Dense(2, Name = \"Head\"), Dense(3, Repeat = 2, Name = \"Tail\")]{more}\npublic partial class Net;",
            """
            static class Use
            {
                static void All(Net net)
                {
                    Net.Layers.Conv1 conv = net.Conv1;
                    Console.WriteLine(conv.Weight.ToArray().Length + conv.Bias.Length + net.BatchNorm1.RunningMean.Length + net.BatchNorm1.RunningVar.Length);
                    Console.WriteLine($"{net.MaxPool1} {net.MaxPool1.OutputShape} {net.Flatten1.Name} {net.Head.Weight} {net.Tail2.Bias} {net.Tail1.InputShape}");
                    const int Numbers = Net.Layers.Conv1.Filters + Net.Layers.Conv1.KernelHeight + Net.Layers.Head.Units;
                    Console.WriteLine(Numbers);
                }
            }
            """);

        Assert.Null(run.Result.Exception);
        Assert.NotEmpty(run.CompilerErrors().Concat(run.Diagnostics));
        Assert.DoesNotContain(run.CompilerErrors(), error => error.Location.SourceTree?.FilePath != "File1.cs");
    }

    [Fact]
    public void Members_of_the_users_own_stay_the_only_ones()
    {
        var run = GeneratorHarness.Run(
            "[Model(3, 8, 8), Dense(0)] public partial class Net { public static int Summary => 1; public void Save(string path) { } }");

        Assert.Empty(run.CompilerErrors());
    }

    [Fact]
    public void A_member_of_a_faulty_model_says_why_it_throws()
    {
        var run = GeneratorHarness.Run("[Model(3, 8, 8), Dense(0)] public partial class Net;");

        Assert.Contains(
            "Create(int seed = 0) => throw new global::System.InvalidOperationException(\"Net does not compile: see the errors of its declaration.\");",
            run.SourceText("Net.g.cs"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Model(3, 8, 8), Dense(2.5)]")] // No such constructor.
    [InlineData("[Model(3, 8, 8), Dense(2, Bais = true)]")]
    [InlineData("[Model(3, 8, 8), Dense(Missing.Number)]")]
    [InlineData("[Model(3, 8, 8), Conv3D(2, 3), Dense(2)]")]
    [InlineData("[Model(3, 8), Dense(2)]")]
    [InlineData("[Model(3, 8, 8), Model(3, 8, 8), Dense(2)]")]
    [InlineData("[Model(3, 8, 8), Dense(2), Conv2D(2, 3, Stride = Missing)]")]
    [InlineData("[Model(3, 8, 8), Dense(]")]
    public void Where_the_CSharp_has_errors_the_generator_adds_none(string attributes)
    {
        var run = GeneratorHarness.Run(attributes + " public partial class Net;", Use);

        Assert.Empty(run.Diagnostics);
        Assert.Null(run.Result.Exception);
        Assert.NotEmpty(run.CompilerErrors());
        Assert.DoesNotContain(run.CompilerErrors(), error => error.Location.SourceTree?.FilePath != "File1.cs");
    }

    [Fact]
    public void Two_parts_with_a_model_each_are_read_once()
    {
        var run = GeneratorHarness.Run("[Model(3, 8, 8), Dense(2)] public partial class Net;", "[Model(3, 8, 8), Dense(2)] public partial class Net;");

        Assert.Null(run.Result.Exception);
        Assert.Equal("Net.g.cs", Assert.Single(run.Sources).HintName);
        Assert.Contains(run.CompilerErrors(), error => error.Id == "CS0579");
    }

    [Fact]
    public void Two_models_whose_names_differ_by_case_have_files_of_their_own()
    {
        var run = GeneratorHarness.Run("[Model(3, 8, 8), Dense(2)] public partial class Net;", "[Model(3, 8, 8), Dense(2)] public partial class NET;");

        Assert.Null(run.Result.Exception);
        Assert.Empty(run.Diagnostics);
        Assert.Equal(2, run.Sources.Count(source => source.HintName.EndsWith("Passes.g.cs", StringComparison.Ordinal)));
        Assert.Equal(run.Sources.Count, run.Sources.Select(source => source.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }
}
