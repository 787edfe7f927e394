using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>The networks of <see cref="ShapeCases"/>, compiled once.</summary>
public sealed class ShapeModels : IDisposable
{
    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile(
        [.. ShapeCases.All.Select((declaration, i) => $"{declaration}\npublic partial class {ClassOf(i)};")]);

    internal static string ClassOf(int index) => FormattableString.Invariant($"Shape{index}");

    public void Dispose() => Assembly.Dispose();
}

/// <summary>Tests of the same models, which are compiled once for all of them.</summary>
[CollectionDefinition(Name)]
public sealed class ShapeCollection : ICollectionFixture<ShapeModels>
{
    public const string Name = "Emitted models of every shape";
}

/// <summary>Each algorithm at the edges of what it is chosen for: emitted code against the interpreter.</summary>
[Collection(ShapeCollection.Name)]
public sealed class ShapeTests(ShapeModels models)
{
    public static TheoryData<int> Indices => [.. Enumerable.Range(0, ShapeCases.All.Count)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Emitted_code_agrees_with_the_interpreter(int index)
    {
        using var model = models.Assembly.Create(ShapeModels.ClassOf(index));
        foreach (var count in new[] { 3, 6 })
        {
            var expected = Expected.Random(model.Network, count, seed: index);
            foreach (var set in EmittedModel.AllSets)
                Comparison.AssertAgrees(model, expected, set, $"{ShapeCases.All[index]}\na batch of {count}");
        }
    }

    /// <summary>The same order of the same operations in every lane: vectors change nothing.</summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public void Instruction_sets_agree(int index)
    {
        using var model = models.Assembly.Create(ShapeModels.ClassOf(index));
        var expected = Expected.Random(model.Network, 2, seed: index);
        model.SetParameters(expected.Parameters);
        var predictions = EmittedModel.AllSets.Select(set =>
        {
            model.InstructionSet = set;
            return model.Predict(expected.Images.Flat(), 2);
        }).ToList();

        foreach (var other in predictions.Skip(1))
            Assert.Equal(predictions[0], other);
    }
}
