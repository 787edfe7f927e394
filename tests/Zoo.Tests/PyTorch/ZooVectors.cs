using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ZooSample.Tests.PyTorch;

/// <summary>What tests/vectors/make_zoo_vectors.py wrote, and the numbers that it and the tests make of names.</summary>
internal static class ZooVectors
{
    private static readonly JsonElement s_root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "zoo.json"))).RootElement;

    /// <summary>A tensor's name and dimensions, as PyTorch has them.</summary>
    public sealed record Tensor(string Name, int[] Dimensions)
    {
        public long Length => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
    }

    /// <summary>The scores of one image, before the last softmax or sigmoid.</summary>
    public sealed record Prediction(string Name, IReadOnlyList<Tensor> Tensors, double[] Outputs);

    /// <summary>A parameter's gradient: its length, its product with the numbers of a name, and how far from it PyTorch is that computes in float32.</summary>
    public sealed record Gradient(string Name, double Norm, double Along, double Rounding);

    /// <summary>A step of training.</summary>
    public sealed record Training(string Name, int Count, IReadOnlyList<Tensor> Tensors, double Loss, IReadOnlyList<Gradient> Gradients);

    public static IReadOnlyList<Prediction> Predictions { get; } =
    [
        .. s_root.GetProperty("predictions").EnumerateArray()
            .Select(one => new Prediction(NameOf(one), TensorsOf(one), one.GetProperty("outputs").Deserialize<double[]>()!)),
    ];

    public static IReadOnlyList<Training> Trainings { get; } =
    [
        .. s_root.GetProperty("trainings").EnumerateArray().Select(one => new Training(
            NameOf(one),
            one.GetProperty("count").GetInt32(),
            TensorsOf(one),
            one.GetProperty("loss").GetDouble(),
            [.. one.GetProperty("gradients").EnumerateArray().Select(GradientOf)])),
    ];

    /// <summary>Numbers in [-1, 1) from a name: the finalizer of splitmix64 (Steele, Lea, Flood 2014) of an FNV-1a hash of the name plus the index's multiples.</summary>
    public static double[] NumbersOf(string name, long count)
    {
        var seed = 14695981039346656037UL;
        foreach (var one in Encoding.UTF8.GetBytes(name))
            seed = (seed ^ one) * 1099511628211UL;
        var numbers = new double[count];
        for (var i = 0; i < numbers.Length; i++)
        {
            var z = seed + ((ulong)(i + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            numbers[i] = ((z >> 40) / (double)(1 << 23)) - 1;
        }

        return numbers;
    }

    /// <summary>Images of a network, side by side.</summary>
    public static float[] ImagesOf(string network, int length) => Array.ConvertAll(NumbersOf("images of " + network, length), number => (float)number);

    /// <summary>A safetensors file as PyTorch's users have them: all tensors under PyTorch's names, and the counters of norms that nobody reads.</summary>
    public static void WriteFile(string path, IReadOnlyList<Tensor> tensors)
    {
        var entries = new StringBuilder();
        long offset = 0;
        foreach (var tensor in tensors)
        {
            Add(tensor.Name, "F32", string.Join(",", tensor.Dimensions), 4 * tensor.Length);
            if (tensor.Name.EndsWith(".running_var", StringComparison.Ordinal))
                Add(tensor.Name.Replace(".running_var", ".num_batches_tracked", StringComparison.Ordinal), "I64", "", 8);
        }

        var header = Encoding.UTF8.GetBytes("{" + entries.ToString().TrimEnd(',') + "}");
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        file.Write(header);
        foreach (var tensor in tensors)
        {
            file.Write(MemoryMarshal.AsBytes<float>(ValueOf(tensor)));
            if (tensor.Name.EndsWith(".running_var", StringComparison.Ordinal))
                file.Write(new byte[8]);
        }

        void Add(string name, string type, string dimensions, long bytes)
        {
            entries.Append(FormattableString.Invariant($"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{dimensions}],\"data_offsets\":[{offset},{offset + bytes}]}},"));
            offset += bytes;
        }
    }

    /// <summary>What a weight is is told by its dimensions, and of a vector by the end of its name.</summary>
    private static float[] ValueOf(Tensor tensor)
    {
        var numbers = NumbersOf(tensor.Name, tensor.Length);
        var (addend, factor) = tensor switch
        {
            { Dimensions.Length: > 1 } => (0, Math.Sqrt(3.0 / (tensor.Length / tensor.Dimensions[0]))),
            _ when tensor.Name.EndsWith(".running_var", StringComparison.Ordinal) => (1.0, 0.5),
            _ when tensor.Name.EndsWith(".weight", StringComparison.Ordinal) => (1.0, 0.25),
            _ => (0, 0.125),
        };
        return Array.ConvertAll(numbers, number => (float)(addend + (factor * number)));
    }

    private static string NameOf(JsonElement one) => one.GetProperty("name").GetString()!;

    private static Gradient GradientOf(JsonElement one) => new(one[0].GetString()!, one[1].GetDouble(), one[2].GetDouble(), one[3].GetDouble());

    private static IReadOnlyList<Tensor> TensorsOf(JsonElement one) =>
        [.. one.GetProperty("tensors").EnumerateArray().Select(tensor => new Tensor(tensor[0].GetString()!, tensor[1].Deserialize<int[]>()!))];
}
