using CnnGen.Runtime;

namespace CnnGen.Tests.Training.Optimizers;

/// <summary>Parameters to take steps with, and gradients that look like chance.</summary>
internal static class OptimizerStores
{
    /// <summary>One tensor of one dimension.</summary>
    public static ParameterStore Flat(ReadOnlySpan<double> values)
    {
        var store = new ParameterStore(
            [new ParameterDefinition("p", [values.Length], 0, [new Axis(values.Length, 1)], Initialization.Zeros)], values.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
            store.Values[i] = (float)values[i];
        return store;
    }

    /// <summary>
    /// A convolution's kernels, 5 x 3 x 2 x 1, and a dense layer's weights, 9 x 4, whose filters lie side by side in lanes of 16; their biases; a running mean.
    /// </summary>
    public static ParameterStore Packed()
    {
        var store = new ParameterStore(
            [
                new ParameterDefinition("conv1.weight", [5, 3, 2, 1], 0, [new Axis(5, 1), new Axis(3, 16), new Axis(2, 48), new Axis(1, 96)], Initialization.Zeros),
                new ParameterDefinition("conv1.bias", [5], 96, [new Axis(5, 1)], Initialization.Zeros),
                new ParameterDefinition("norm1.running_mean", [5], 192, [new Axis(5, 1)], Initialization.Zeros, IsTrained: false),
                new ParameterDefinition("dense1.weight", [9, 4], 112, [new Axis(9, 1), new Axis(4, 16)], Initialization.Zeros),
                new ParameterDefinition("dense1.bias", [9], 176, [new Axis(9, 1)], Initialization.Zeros),
            ],
            192,
            208);
        var number = 0;
        foreach (var parameter in store.All)
        {
            for (var i = 0; i < parameter.Length; i++)
                parameter[i] = (float)Math.Sin(++number * 1.7) * (parameter.Dimensions.Length > 1 ? 0.5f : 0.1f);
        }

        return store;
    }

    /// <summary>The parameters of <see cref="Packed"/>, all zeros, but row by row and without unused lanes.</summary>
    public static ParameterStore Unpacked()
    {
        var definitions = Packed().All.Select(parameter => parameter.Definition).ToArray();
        var offset = 0;
        foreach (var i in Enumerable.Range(0, definitions.Length).OrderBy(i => !definitions[i].IsTrained))
        {
            var (axes, stride) = (new Axis[definitions[i].Dimensions.Length], 1);
            for (var axis = axes.Length - 1; axis >= 0; stride *= axes[axis--].Count)
                axes[axis] = new Axis(definitions[i].Dimensions[axis], stride);
            definitions[i] = definitions[i] with { Offset = offset, Axes = axes };
            offset += stride;
        }

        return new ParameterStore(definitions, definitions.Where(definition => definition.IsTrained).Sum(definition => definition.Length), offset);
    }

    /// <summary>A step's gradients, by parameter in logical order; they are left in the store too.</summary>
    public static Dictionary<string, double[]> Gradients(ParameterStore store, int step)
    {
        var all = new Dictionary<string, double[]>();
        foreach (var parameter in store.All.Where(parameter => parameter.IsTrained))
        {
            var values = new double[parameter.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var value = (float)(Math.Cos((i * 0.9) + (step * 1.3) + parameter.Length) * (0.1 + (i % 3)));
                values[i] = value;
                store.Gradients[parameter.Layout.PackedIndex(i)] = value;
            }

            all.Add(parameter.Name, values);
        }

        return all;
    }

    public static Dictionary<string, double[]> Values(ParameterStore store) =>
        store.All.ToDictionary(parameter => parameter.Name, parameter => Array.ConvertAll(parameter.ToArray(), value => (double)value));

    public static uint[] Bits(ParameterStore store) => [.. store.ValuesAndStatistics.ToArray().Select(BitConverter.SingleToUInt32Bits)];
}
