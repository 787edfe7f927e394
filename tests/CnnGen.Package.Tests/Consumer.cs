namespace CnnGen.Package.Tests;

/// <summary>The sources of two programs that know CnnGen from its package alone: one trains a network and saves it, one carries it inside.</summary>
internal static class Consumer
{
    /// <summary>A network whose layers are one of each kind of kernel: convolution with folded normalisation, pooling, dense, softmax.</summary>
    public const string Net = """
        using CnnGen;

        namespace Shop;

        [Model(1, 8, 8)]
        [Conv2D(16, 3, Padding = 1), BatchNorm, ReLU, MaxPool(2), Dropout(0.1f)]
        [Dense(4), Softmax]
        public sealed partial class Net;
        """;

    /// <summary>Part of the project only where <c>BROKEN</c> is defined.</summary>
    public const string Broken = """
        #if BROKEN
        using CnnGen;

        [Model(1, 8, 8)]
        [Conv2D(4, 3, Stride = 2)]
        public partial class Broken;
        #endif
        """;

    /// <summary>Learns which quarter of an image is bright; its last line is the bits of some predictions.</summary>
    public const string Train = """
        using CnnGen;
        using Shop;

        var random = new Random(1);
        var (pixels, labels) = (new byte[2000 * 64], new int[2000]);
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = random.Next(4);
            for (var at = 0; at < 64; at++)
                pixels[i * 64 + at] = (byte)(random.Next(160) + ((at / 32 * 2) + (at % 8 / 4) == labels[i] ? 90 : 0));
        }

        var data = new ByteImageDataset(new ImageShape(1, 8, 8), pixels, labels, classCount: 4);
        var model = Net.Create(seed: 1);
        var trainer = new Trainer<Net>(model, new Sgd(0.05f, momentum: 0.9f));
        model.Warmup(WarmupFor.Training, 50);
        trainer.Fit(data.Subset(0, 1600), epochs: 5, batchSize: 50);
        Console.WriteLine(trainer.Evaluate(data.Subset(1600, 400)).Accuracy > 0.95 ? "learned" : "not learned");
        model.Save("../net.safetensors");

        using var loaded = Net.Load("../net.safetensors");
        var (image, scores) = (new float[64], new float[4]);
        for (var i = 0; i < 3; i++)
        {
            for (var at = 0; at < 64; at++)
                image[at] = (at * (i + 3) % 17) / 17f;
            loaded.Predict(image, scores);
            Console.Write(string.Concat(scores.Select(score => $" {BitConverter.SingleToUInt32Bits(score):x8}")));
        }
        """;

    /// <summary>The same predictions, of the weights inside.</summary>
    public const string Classify = """
        using CnnGen;
        using Shop;

        Net.Pretrained.Warmup(WarmupFor.Prediction);
        var (image, scores) = (new float[64], new float[4]);
        for (var i = 0; i < 3; i++)
        {
            for (var at = 0; at < 64; at++)
                image[at] = (at * (i + 3) % 17) / 17f;
            Net.Pretrained.Predict(image, scores);
            foreach (var score in scores)
                Console.Write($" {BitConverter.SingleToUInt32Bits(score):x8}");
        }
        """;

    /// <summary>Writes pictures of two classes, reads them as a folder, and prints what it found.</summary>
    public const string Pictures = """
        using CnnGen.Images;

        foreach (var (name, value) in new[] { ("dark", 10), ("light", 200) })
        {
            Directory.CreateDirectory(Path.Combine("folder", name));
            new Image(2, 2, 1, [(byte)value, (byte)value, (byte)value, (byte)value]).SavePng(Path.Combine("folder", name, "1.png"));
        }

        var folder = ImageFolder.Load("folder", width: 3, height: 4);
        Console.Write($"{string.Join(' ', folder.ClassNames)} {folder.Images.Count} {folder.Images.GetBytes(1)[35]}");
        """;

    /// <summary>A package of blocks: one that uses the other, with numbers of what arrives, a default, and names of PyTorch's files.</summary>
    public const string Blocks = """
        using CnnGen;

        namespace Parts;

        [Branch, Unit("width"), ReLU, Unit("width", Kernel = "Kernel")]
        [Branch, Shortcut("width", TensorName = "downsample")]
        [Add, ReLU]
        public sealed class ResidualAttribute(int width) : BlockAttribute
        {
            public int Kernel { get; set; } = 3;
        }

        [Conv2D("width", "Kernel", Padding = "(Kernel - 1) / 2", Bias = false), BatchNorm]
        public sealed class UnitAttribute : BlockAttribute
        {
            public UnitAttribute(int width) { }

            public UnitAttribute(string width) { }

            public object Kernel { get; set; } = "min(3, input.height)";
        }
        """;

    /// <summary>A use of a block that doesn't fit; part of the project only where <c>BROKEN</c> is defined.</summary>
    public const string BrokenBlock = """
        #if BROKEN
        using CnnGen;

        [Model(1, 8, 8), Parts.Residual(8, Kernel = 4)]
        public partial class Broken;
        #endif
        """;

    /// <summary>A network of the package's blocks beside the same network written out: the one loads what the other saved, and both say the same of an image.</summary>
    public const string UseBlocks = """
        using CnnGen;
        using Parts;

        var written = Written.Create(seed: 3);
        written.Save("written.safetensors");
        using var model = OfBlocks.Load("written.safetensors");
        var (image, expected, scores) = (new float[64], new float[4], new float[4]);
        for (var at = 0; at < 64; at++)
            image[at] = at * 5 % 17 / 17f;
        written.Predict(image, expected);
        model.Predict(image, scores);
        Console.WriteLine(OfBlocks.ParameterCount + " " + scores.AsSpan().SequenceEqual(expected));
        Console.Write(model.Residual2.Unit2.Conv1.Weight.Name + " " + string.Join("x", model.Residual2.Unit2.Conv1.Weight.Dimensions[2..].ToArray()));

        [Model(1, 8, 8)]
        [Residual(8), Residual(16, Kernel = 5), Dense(4), Softmax]
        internal sealed partial class OfBlocks;

        [Model(1, 8, 8)]
        [Branch, Conv2D(8, 3, Padding = 1, Bias = false, TensorName = "residual1.unit1.conv1"), BatchNorm(TensorName = "residual1.unit1.bn1"), ReLU]
        [Conv2D(8, 3, Padding = 1, Bias = false, TensorName = "residual1.unit2.conv1"), BatchNorm(TensorName = "residual1.unit2.bn1")]
        [Branch, Shortcut(8, TensorName = "residual1.downsample")]
        [Add, ReLU]
        [Branch, Conv2D(16, 3, Padding = 1, Bias = false, TensorName = "residual2.unit1.conv1"), BatchNorm(TensorName = "residual2.unit1.bn1"), ReLU]
        [Conv2D(16, 5, Padding = 2, Bias = false, TensorName = "residual2.unit2.conv1"), BatchNorm(TensorName = "residual2.unit2.bn1")]
        [Branch, Shortcut(16, TensorName = "residual2.downsample")]
        [Add, ReLU]
        [Dense(4), Softmax]
        internal sealed partial class Written;
        """;

    /// <summary>A project file as a user writes it.</summary>
    public static string Project(string framework, string version, string properties = "", string items = "") => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>{framework}</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="CnnGen" Version="{version}" />
            {items}
          </ItemGroup>
        </Project>
        """;
}
