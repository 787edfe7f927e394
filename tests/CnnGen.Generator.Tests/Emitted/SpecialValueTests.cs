using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Denormals, infinities and not-a-numbers come out of vectors as they come out of scalar code.</summary>
[Collection(ShapeCollection.Name)]
public sealed class SpecialValueTests(ShapeModels models)
{
    private static readonly float[] s_specials =
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -1e-40f, 1e-39f, -0f, float.MaxValue, float.MinValue,
    ];

    public static TheoryData<int> Indices => ShapeTests.Indices;

    [Theory]
    [MemberData(nameof(Indices))]
    public void Instruction_sets_agree_on_special_values(int index)
    {
        using var model = models.Assembly.Create(ShapeModels.ClassOf(index));
        var expected = Expected.Random(model.Network, 4, seed: index);
        model.SetParameters(expected.Parameters);
        var random = new Random(index);
        var ordinary = expected.Images.Flat();
        foreach (var special in s_specials)
        {
            // Few of them, so that not every output is one.
            var images = ordinary.ToArray();
            for (var i = 0; i < 2; i++)
                images[random.Next(images.Length)] = special;
            var first = Predict(InstructionSet.Scalar, images);
            foreach (var set in EmittedModel.Sets)
                AssertSameBits(first, Predict(set, images), FormattableString.Invariant($"{special}: {ShapeCases.All[index]} on {set}"));
        }

        // All of them very small: nothing may be flushed to zero.
        var tiny = Array.ConvertAll(ordinary, number => number * 1e-39f);
        var tinyFirst = Predict(InstructionSet.Scalar, tiny);
        foreach (var set in EmittedModel.Sets)
            AssertSameBits(tinyFirst, Predict(set, tiny), $"denormals: {ShapeCases.All[index]} on {set}");

        float[] Predict(InstructionSet set, float[] images)
        {
            model.InstructionSet = set;
            return model.Predict(images, 4);
        }
    }

    /// <summary>Gradients are summed in another order by each set, but what isn't a number is none on any.</summary>
    [Theory]
    [MemberData(nameof(Indices))]
    public void Training_steps_agree_on_where_the_numbers_end(int index)
    {
        using var model = models.Assembly.Create(ShapeModels.ClassOf(index));
        var expected = Expected.Random(model.Network, 4, seed: index);
        model.SetParameters(expected.Parameters);
        var targets = expected.Targets.Flat();
        foreach (var special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var images = expected.Images.Flat();
            images[index % images.Length] = special;
            bool[]? first = null;
            foreach (var set in EmittedModel.Sets)
            {
                model.InstructionSet = set;
                model.ComputeGradients(images, targets, 4, 1);
                bool[] numbers = [.. model.Parameters.All.Where(p => p.IsTrained).SelectMany(p => p.GradientToArray()).Select(float.IsFinite)];
                first ??= numbers;
                Assert.True(
                    first.AsSpan().SequenceEqual(numbers),
                    FormattableString.Invariant($"{special}: {first.Zip(numbers).Count(pair => pair.First != pair.Second)} of {first.Length} differ: {ShapeCases.All[index]} on {set}"));
            }
        }
    }

    private static void AssertSameBits(float[] expected, float[] actual, string context)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var same = BitConverter.SingleToUInt32Bits(expected[i]) == BitConverter.SingleToUInt32Bits(actual[i])
                || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            Assert.True(same, FormattableString.Invariant($"Output {i} is {actual[i]:R}, scalar code gives {expected[i]:R}. {context}"));
        }
    }
}

/// <summary>What layers make of special values, number by number.</summary>
public sealed class SpecialLayerTests
{
    private const float NaN = float.NaN;
    private const float Inf = float.PositiveInfinity;

    public static TheoryData<string, float[], float[]> Cases => new()
    {
        { "ReLU", [NaN, Inf, -Inf, 1e-40f, -1e-40f, 2f], [NaN, Inf, 0f, 1e-40f, 0f, 2f] },
        { "LeakyReLU(0.5f)", [NaN, Inf, -Inf, 1e-40f, -4f, 2f], [NaN, Inf, -Inf, 1e-40f, -2f, 2f] },
        { "MaxPool(1, 2)", [NaN, 1f, 1f, NaN, -Inf, -Inf], [NaN, NaN, -Inf] },
        { "MaxPool(1, 3)", [1f, NaN, 2f, Inf, 3f, -Inf], [NaN, Inf] },
        { "MaxPool(1, 3, Stride = 1)", [NaN, 1f, 2f, 3f, 4f, NaN], [NaN, 3f, 4f, NaN] },
        { "AveragePool(1, 2)", [NaN, 1f, Inf, 1f, Inf, -Inf], [NaN, Inf, NaN] },
        { "GlobalMaxPool", [1f, 2f, NaN, 3f, 4f, 5f], [NaN] },
        { "Flatten, Softmax", [0f, -Inf, 0f, -Inf, -Inf, -Inf], [0.5f, 0f, 0.5f, 0f, 0f, 0f] },
        { "Flatten, Softmax", [0f, Inf, 0f, 1f, 2f, 3f], [NaN, NaN, NaN, NaN, NaN, NaN] },
        { "Flatten, Softmax", [0f, NaN, 0f, 1f, 2f, 3f], [NaN, NaN, NaN, NaN, NaN, NaN] },
        { "Sigmoid", [NaN, Inf, -Inf, 1e-40f, -1e-40f, 0f], [NaN, 1f, 0f, 0.5f, 0.5f, 0.5f] },
        { "HardSwish", [NaN, Inf, -Inf, 1e-40f, -4f, 3e38f], [NaN, Inf, 0f, 5e-41f, 0f, 3e38f] },
        { "Tanh", [NaN, Inf, -Inf, 1e-40f, -1e-40f, 0f], [NaN, 1f, -1f, 1e-40f, -1e-40f, 0f] },
    };

    private static readonly string[] s_layers = [.. Cases.Select(one => (string)one[0]!).Distinct()];

    /// <summary>Alone, and behind a convolution that copies its input, whose kernel they are part of: on planes and on pixels. Compiled once for all cases.</summary>
    private static readonly Lazy<EmittedAssembly> s_assembly = new(() => EmittedAssembly.Compile([.. s_layers.SelectMany((layer, i) => new[]
    {
        $"[Model(1, 1, 6, Loss = Loss.HalfSquaredError, Passes = Passes.Predict), {layer}] public partial class Alone{i};",
        $"[Model(1, 1, 6, Loss = Loss.HalfSquaredError, Passes = Passes.Predict), Conv2D(3, 1), {layer}] public partial class Planes{i};",
        $"[Model(1, 1, 6, Loss = Loss.HalfSquaredError, Passes = Passes.Predict), Conv2D(17, 1), {layer}] public partial class Pixels{i};",
    })]));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_gives_what_its_formula_gives(string layer, float[] input, float[] output)
    {
        foreach (var (name, channels) in new[] { ("Alone", 1), ("Planes", 3), ("Pixels", 17) })
        {
            if (channels > 1 && layer.Contains("Softmax", StringComparison.Ordinal))
                continue; // Over all channels together it is another softmax.
            using var model = s_assembly.Value.Create(FormattableString.Invariant($"{name}{Array.IndexOf(s_layers, layer)}"));
            foreach (var parameter in model.Parameters.All)
                parameter.Set(Enumerable.Repeat(parameter.Name.EndsWith("weight", StringComparison.Ordinal) ? 1f : 0f, channels).ToArray());
            foreach (var set in EmittedModel.Sets)
            {
                model.InstructionSet = set;
                var actual = model.Predict(input);
                Assert.Equal(Enumerable.Repeat(output, channels).SelectMany(row => row), actual);
            }
        }
    }
}
