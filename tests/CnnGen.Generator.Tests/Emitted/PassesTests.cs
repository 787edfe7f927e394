using CnnGen.Generator.Tests.Support;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A model that only predicts has nothing of training, and predicts the same bits.</summary>
public sealed class PassesTests
{
    private const string Layers = """
        [Conv2D(6, 5, Padding = 2), BatchNorm, ReLU, MaxPool(2), Dropout(0.25)]
        [Conv2D(16, 3, Padding = 1), ReLU, AveragePool(2)]
        [Dense(40), Tanh, Dense(10), Softmax]
        """;

    private const string Both = "[Model(1, 28, 28)]\n" + Layers + "\npublic partial class Both;\n";

    private const string Predicting = "[Model(1, 28, 28, Passes = Passes.Predict)]\n" + Layers + "\npublic partial class Predicting;\n";

    private static readonly Lazy<EmittedAssembly> s_assembly = new(() => EmittedAssembly.Compile(Both, Predicting));

    private interface IPredictions
    {
        float[] Predict(InstructionSet set, float[] images, int count);

        InvalidOperationException Fault(Action<ParameterStore> use);

        InvalidOperationException WarmupFault();
    }

    public static TheoryData<InstructionSet> Sets => [.. EmittedModel.Sets];

    [Theory]
    [MemberData(nameof(Sets))]
    public void It_predicts_the_same_bits(InstructionSet set)
    {
        var images = new float[3 * 784];
        var random = new Random(5);
        for (var i = 0; i < images.Length; i++)
            images[i] = random.NextSingle();

        Assert.Equal(Make("Both").Predict(set, images, 3), Make("Predicting").Predict(set, images, 3));
    }

    [Fact]
    public void It_is_a_model_and_no_trainable_one()
    {
        Assert.Contains(Type("Predicting").GetInterfaces(), one => one.Name == "IModel`1");
        Assert.DoesNotContain(Type("Predicting").GetInterfaces(), one => one.Name == "ITrainableModel`1");
        Assert.Contains(Type("Both").GetInterfaces(), one => one.Name == "ITrainableModel`1");
        Assert.Null(Type("Predicting").GetMethod("ComputeGradients"));
    }

    [Fact]
    public void Nothing_of_training_is_emitted()
    {
        var (both, predicting) = (GeneratorHarness.Run(Both), GeneratorHarness.Run(Predicting));
        foreach (var source in predicting.Sources.Where(source => !source.HintName.EndsWith("Predicting.g.cs", StringComparison.Ordinal)))
        {
            var text = source.SourceText.ToString().Replace("WarmupFor.Training", "", StringComparison.Ordinal)
                .Replace("TrainingBuffers(0, 0, 0, 0)", "", StringComparison.Ordinal).Replace("NotTrainable", "", StringComparison.Ordinal);
            Assert.DoesNotContain("Train", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ackward", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Gradients", text, StringComparison.Ordinal);
        }

        // Less than half of each instruction set's text.
        foreach (var set in new[] { "Scalar", "Avx2", "Avx512" })
            Assert.True(2 * predicting.SourceText($"Predicting.{set}.g.cs").Length < both.SourceText($"Both.{set}.g.cs").Length, set);
    }

    [Fact]
    public void It_has_no_gradients_and_says_so()
    {
        const string Expected = "was compiled for predictions alone ([Model(..., Passes = Passes.Predict)]), so it has no gradients. To train it, remove Passes from its [Model].";
        var model = Make("Predicting");

        Assert.Equal("The model " + Expected, model.Fault(store => _ = store.Gradients).Message);
        Assert.Equal("The model " + Expected, model.Fault(store => new Sgd(0.1).Step(store)).Message);
        Assert.Equal("Predicting " + Expected, model.WarmupFault().Message);
    }

    [Fact]
    public void A_trainer_of_it_is_an_error_that_names_what_it_is_not()
    {
        var run = GeneratorHarness.Run(Predicting, "class Use { object trainer = new Trainer<Predicting>(Predicting.Create(), new Sgd(0.1)); }");

        var error = Assert.Single(run.CompilerErrors(), one => one.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        Assert.Equal("CS0311", error.Id);
        Assert.Contains("ITrainableModel<Predicting>", error.ToString(), StringComparison.Ordinal);
    }

    private static Type Type(string name) => s_assembly.Value.Type(name);

    private static IPredictions Make(string name) => (IPredictions)Activator.CreateInstance(typeof(Model<>).MakeGenericType(Type(name)))!;

    private sealed class Model<T> : IPredictions where T : class, IModel<T>
    {
        private readonly T _model = T.Create(seed: 3);

        public float[] Predict(InstructionSet set, float[] images, int count)
        {
            typeof(T).GetProperty(nameof(InstructionSet))!.SetValue(_model, set);
            var scores = new float[count * T.OutputLength];
            _model.Predict(images, scores, count);
            return scores;
        }

        public InvalidOperationException Fault(Action<ParameterStore> use) => Assert.Throws<InvalidOperationException>(() => use(_model.Parameters));

        public InvalidOperationException WarmupFault() => Assert.Throws<InvalidOperationException>(() => _model.Warmup(WarmupFor.Training));
    }
}
