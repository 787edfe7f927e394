using CnnGen.Benchmarks.Cases;
using CnnGen.Benchmarks.Processes;
using ZooSample;

namespace CnnGen.Benchmarks.Measuring;

/// <summary>The files that all who are measured read: random weights, images and targets, each made when a case first needs it. Disposing deletes them.</summary>
internal sealed class Material(Settings settings) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnngen-benchmarks-");

    /// <summary>A file of the folder that holds what a process computed.</summary>
    public string Output(string session) => Path.Combine(_folder.FullName, $"{session}.scores");

    /// <summary>The network's weights: uniform with the variance that keeps the signal's (He et al. 2015, equation 10), and small biases.</summary>
    public string Weights(Network network) => Get($"{network.Name}.safetensors", path =>
    {
        var random = new Random(1);
        var parameters = network.Create().Parameters;
        foreach (var parameter in parameters.All)
        {
            var dimensions = parameter.Dimensions;
            var inputs = 1;
            for (var axis = 1; axis < dimensions.Length; axis++)
                inputs *= dimensions[axis];
            var bound = dimensions.Length == 1 ? 0.1f : MathF.Sqrt(6f / inputs);
            var numbers = Uniform(random, parameter.Length, bound);

            // The factors and the variances of a normalisation are around 1: such a network's signal neither dies nor explodes.
            var isFactor = dimensions.Length == 1 && (parameter.Name.EndsWith("running_var", StringComparison.Ordinal) || parameter.Name.EndsWith(".weight", StringComparison.Ordinal));
            parameter.Set(isFactor ? Array.ConvertAll(numbers, number => 1 + number) : numbers);
        }

        ModelWeights.Save(path, parameters);
    });

    /// <summary>The network with those weights as an ONNX file, which PyTorch writes.</summary>
    public string Model(Network network) => Get($"{network.Name}.onnx", path =>
    {
        using var torch = Peer.StartPyTorch(settings.Python ?? throw new InvalidOperationException("Without PyTorch there is none to write ONNX files."), settings.ThreadCount, priority: false);
        torch.Ask(new Request { Do = "export", Network = network.Name, Weights = Weights(network), Model = path });
    });

    /// <summary>Images with elements from -1 to 1.</summary>
    public string Images(Network network, int batch) => Get(
        $"{network.Name}-{batch}.images", path => Floats.Write(path, Uniform(new Random(2), batch * network.InputShape.Length, 1)));

    /// <summary>A class for each image, one-hot.</summary>
    public string Targets(Network network, int batch) => Get($"{network.Name}-{batch}.targets", path =>
    {
        var random = new Random(3);
        var targets = new float[batch * network.OutputLength];
        for (var image = 0; image < batch; image++)
            targets[(image * network.OutputLength) + random.Next(network.OutputLength)] = 1;
        Floats.Write(path, targets);
    });

    /// <summary>The request to open a case's network.</summary>
    public Request Open(BenchmarkCase benchmark, Network network, int threads, string session, bool asOnnx) => new()
    {
        Do = "open",
        Session = session,
        Network = network.Name,
        Weights = Weights(network),
        Model = asOnnx ? Model(network) : null,
        Images = Images(network, benchmark.Batch),
        Targets = benchmark.Work == Work.Training ? Targets(network, benchmark.Batch) : null,
        Batch = benchmark.Batch,
        Threads = threads,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }

    private static float[] Uniform(Random random, int length, float bound)
    {
        var values = new float[length];
        for (var i = 0; i < values.Length; i++)
            values[i] = bound * ((2 * random.NextSingle()) - 1);
        return values;
    }

    private string Get(string name, Action<string> make)
    {
        var path = Path.Combine(_folder.FullName, name);
        if (!File.Exists(path))
            make(path);
        return path;
    }
}
