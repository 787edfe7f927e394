namespace CnnGen.Runtime;

/// <summary>The starts of parameters, each from a random stream of its own, so that a new layer leaves the others' starts as they were.</summary>
internal static class Initializers
{
    public static void Fill(IReadOnlyList<Parameter> parameters, int seed)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var definition = parameters[i].Definition;
            var random = new CounterRandom((ulong)(uint)seed, (ulong)i);
            var values = new float[parameters[i].Length];
            switch (definition.Initialization)
            {
                case Initialization.Zeros:
                    break;
                case Initialization.Ones:
                    Array.Fill(values, 1f);
                    break;
                case Initialization.He:
                    var deviation = Math.Sqrt(2.0 / definition.FanIn);
                    for (var k = 0; k < values.Length; k++)
                        values[k] = (float)(deviation * random.NextNormal());
                    break;
                case Initialization.Glorot:
                    var bound = Math.Sqrt(6.0 / (definition.FanIn + definition.FanOut));
                    for (var k = 0; k < values.Length; k++)
                        values[k] = (float)(bound * ((2 * random.NextDouble()) - 1));
                    break;
                default:
                    throw new InvalidOperationException($"Unknown initialisation {definition.Initialization}.");
            }

            parameters[i].Set(values);
        }
    }
}
