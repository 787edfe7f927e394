using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>All vectors of PyTorch, compiled once.</summary>
public sealed class PyTorchModels : IDisposable
{
    internal static readonly IReadOnlyList<string> Declared =
        [.. PyTorchVectors.Cases.Keys];

    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile(
        [.. Declared.Select((name, i) => PyTorchVectors.Cases[name].PrintClass(ClassOf(i)))]);

    internal EmittedModel Create(string name) => Assembly.Create(ClassOf(Declared.ToList().IndexOf(name)));

    public void Dispose() => Assembly.Dispose();

    private static string ClassOf(int index) => FormattableString.Invariant($"Vector{index}");
}

/// <summary>Emitted code against PyTorch in float64: the vectors in tests/vectors, on each instruction set.</summary>
public sealed class PyTorchTests(PyTorchModels models) : IClassFixture<PyTorchModels>
{
    public static TheoryData<string, InstructionSet> Cases
    {
        get
        {
            var cases = new TheoryData<string, InstructionSet>();
            foreach (var name in PyTorchModels.Declared)
            {
                foreach (var set in EmittedModel.Sets)
                    cases.Add(name, set);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Emitted_code_agrees_with_PyTorch(string name, InstructionSet set)
    {
        var vector = PyTorchVectors.Cases[name];
        using var model = models.Create(name);
        var expected = new Expected(
            vector.Parameters,
            vector.Images,
            vector.Targets,
            DropoutSeed: 0,
            vector.Predictions,
            new TrainingResult(vector.LossValue, vector.Outputs, vector.Gradients, vector.ImageGradients, vector.RunningStatistics));

        Comparison.AssertAgrees(model, expected, set, vector.Declaration);
    }
}
