using CnnGen.Generator.Layers;
using CnnGen.Generator.Tests.Reference.Layers;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Every activation over numbers of every size, against its formula in double precision: on planes, on pixels in and behind a kernel, and its derivative.</summary>
public sealed class ActivationTests
{
    private const float Inf = float.PositiveInfinity;

    private static readonly float[] s_numbers =
    [
        0f, 1e-40f, -1e-40f, 1e-6f, -1e-6f, 0.3f, -0.3f, 1f, -1f, 2.5f, -2.5f, 2.9999f, -2.9999f, 3.0001f, -3.0001f, 4f, -4f, 5.5f, -5.5f, 7f, -7f,
        9f, -9f, 11f, -11f, 13.5f, -13.5f, 20f, -20f, 44f, -44f, 88f, -88f, 90f, -90f, 200f, -200f, 1e6f, -1e6f, 1e13f, -1e13f, 1e20f, -1e20f, 3e38f, -3e38f,
    ];

    private static readonly ActivationKind[] s_kinds = Enum.GetValues<ActivationKind>();

    [Fact]
    public void Every_activation_is_its_formula_at_any_size_on_every_instruction_set()
    {
        var n = s_numbers.Length;
        using var assembly = EmittedAssembly.Compile(
        [
            .. s_kinds.Select(kind => $"[Model(1, 1, {n}, Loss = Loss.HalfSquaredError), {Declared(kind)}] public partial class Planes{kind};"),
            .. s_kinds.Select(kind => $"[Model(1, 1, {n}, Loss = Loss.HalfSquaredError), Conv2D(17, 1, Bias = false), {Declared(kind)}] public partial class Pixels{kind};"),
        ]);
        foreach (var kind in s_kinds)
        {
            var layer = new ActivationLayer(kind, Parameter(kind));
            foreach (var set in EmittedModel.Sets)
            {
                using var planes = assembly.Create("Planes" + kind);
                using var pixels = assembly.Create("Pixels" + kind);
                pixels.Parameters.All.Single().Set(Enumerable.Repeat(1f, 17).ToArray());
                planes.InstructionSet = pixels.InstructionSet = set;

                var outputs = planes.Predict(s_numbers);
                var scores = new float[n];
                var gradients = new float[n];
                var targets = Array.ConvertAll(outputs, y => y - 1);
                planes.ComputeGradients(s_numbers, targets, 1, 1, scores, gradients);

                Assert.Equal(outputs, scores);
                Assert.Equal(Enumerable.Repeat(outputs, 17).SelectMany(row => row), pixels.Predict(s_numbers));
                for (var i = 0; i < n; i++)
                {
                    var (x, by) = (s_numbers[i], outputs[i] - targets[i]);
                    var context = FormattableString.Invariant($"{kind}({x:R}) on {set}");
                    Near(ReferenceActivation.Value(layer, x), outputs[i], 4e-6, context);
                    Near(by * ReferenceActivation.Derivative(layer, x), gradients[i], 1e-4, context + ", derivative");
                }
            }
        }
    }

    /// <summary>One extreme number, and what becomes of it.</summary>
    private static readonly (string Layer, float X, float Y)[] s_ends =
    [
        ("GELU", Inf, Inf), ("SiLU", Inf, Inf), ("Mish", Inf, Inf), ("SELU", -Inf, -1.7580993f), ("ReLU6", Inf, 6f), ("HardSigmoid", -Inf, 0f), ("HardSwish", -Inf, 0f),
        ("Softplus", -Inf, 0f), ("Softsign", -Inf, -1f), ("PReLU", -4f, -1f),
    ];

    [Fact]
    public void The_ends_are_exact_and_what_is_not_a_number_stays_none()
    {
        using var assembly = EmittedAssembly.Compile(
            [.. s_ends.Select(end => $"[Model(1, 1, 2, Loss = Loss.HalfSquaredError, Passes = Passes.Predict), {end.Layer}] public partial class Of{end.Layer};")]);
        foreach (var (layer, x, y) in s_ends)
        {
            using var model = assembly.Create("Of" + layer);
            foreach (var set in EmittedModel.Sets)
            {
                model.InstructionSet = set;
                Assert.Equal((layer, y, float.NaN), model.Predict([x, float.NaN]) is [var first, var second] ? (layer, first, second) : default);
            }
        }
    }

    private static void Near(double expected, float actual, double relative, string context) => Assert.True(
        Math.Abs(expected - actual) <= (relative * Math.Abs(expected)) + 2e-7 * Math.Min(1, relative * 1e6),
        FormattableString.Invariant($"{context} is {actual:R}, {expected:R} expected"));

    private static float Parameter(ActivationKind kind) => kind == ActivationKind.LeakyReLU ? 0.2f : 1.5f;

    private static string Declared(ActivationKind kind) => kind switch
    {
        ActivationKind.LeakyReLU => "LeakyReLU(0.2f)",
        ActivationKind.ELU => "ELU(1.5f)",
        ActivationKind.Softplus => "Softplus(1.5f)",
        ActivationKind.GELUTanh => "GELU(Approximate = true)",
        _ => kind.ToString(),
    };
}
