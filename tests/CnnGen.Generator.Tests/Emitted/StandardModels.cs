using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Networks of the sizes that people use, compiled once for all that is asked of whole models.</summary>
public sealed class StandardModels : IDisposable
{
    internal const string LeNet5 = """
        [Model(1, 28, 28)]
        [Conv2D(6, 5, Padding = 2), Tanh, AveragePool(2)]
        [Conv2D(16, 5), Tanh, AveragePool(2)]
        [Dense(120), Tanh, Dense(84), Tanh, Dense(10), Softmax]
        public partial class LeNet5;
        """;

    internal const string Vgg = """
        [Model(3, 32, 32)]
        [Conv2D(32, 3, Padding = 1), ReLU, Conv2D(32, 3, Padding = 1), ReLU, MaxPool(2)]
        [Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1), ReLU, MaxPool(2)]
        [Dense(128), ReLU, Dropout(0.5f), Dense(10), Softmax]
        public partial class Vgg;
        """;

    /// <summary>A layer of each kind and a convolution of each algorithm.</summary>
    internal const string Everything = """
        [Model(3, 13, 11)]
        [Conv2D(6, 3, Padding = 1), ELU, LocalResponseNorm(3), Dropout(0.2f)]
        [Conv2D(18, 3, Padding = 1), BatchNorm, LeakyReLU(0.1f), MaxPool(3, Stride = 2, Padding = 1)]
        [Conv2D(18, 3, Padding = 1, Groups = 18), Tanh, Conv2D(24, 3, Padding = 1, Groups = 6), Sigmoid]
        [Conv2D(20, 3, Stride = 2, Padding = 1, Algorithm = ConvAlgorithm.Im2Col), ReLU, AveragePool(2, Stride = 1), Softmax]
        [Conv2D(17, 1), GlobalMaxPool, Conv2D(9, 3, Padding = 1), GlobalAveragePool, Flatten, Tanh]
        [Dense(33), BatchNorm, ReLU, Dropout(0.3f), Dense(5), Softmax]
        public partial class Everything;
        """;

    public static TheoryData<string> Names => ["LeNet5", "Vgg", "Everything"];

    public static TheoryData<string, InstructionSet> NamesAndSets
    {
        get
        {
            var cases = new TheoryData<string, InstructionSet>();
            foreach (var name in new[] { "LeNet5", "Vgg", "Everything" })
            {
                foreach (var set in EmittedModel.Sets)
                    cases.Add(name, set);
            }

            return cases;
        }
    }

    internal EmittedAssembly Assembly { get; } = EmittedAssembly.Compile(LeNet5, Vgg, Everything);

    internal EmittedModel Create(string name, InstructionSet set, int seed = 1)
    {
        var model = Assembly.Create(name, seed);
        model.InstructionSet = set;
        return model;
    }

    /// <summary>Images of even noise in +-1, and one-hot targets.</summary>
    internal static (float[] Images, float[] Targets) Batch(EmittedModel model, int count, int seed = 1)
    {
        var random = new Random(seed);
        var images = new float[count * model.InputShape.Length];
        for (var i = 0; i < images.Length; i++)
            images[i] = (2 * random.NextSingle()) - 1;
        var targets = new float[count * model.OutputLength];
        for (var i = 0; i < count; i++)
            targets[(i * model.OutputLength) + random.Next(model.OutputLength)] = 1;
        return (images, targets);
    }

    public void Dispose() => Assembly.Dispose();
}

/// <summary>Tests that measure what others would disturb run one at a time and alone. Who only sets <see cref="Threads.Count"/> takes <see cref="OwnThreads"/>.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection : ICollectionFixture<StandardModels>
{
    public const string Name = "Emitted models, alone";
}
