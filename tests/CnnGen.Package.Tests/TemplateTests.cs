using System.Buffers.Binary;
using System.Globalization;

namespace CnnGen.Package.Tests;

/// <summary>The project that <c>dotnet new cnngen</c> makes.</summary>
[Collection(WorkplaceTests.Name)]
public sealed class TemplateTests(Workplace workplace)
{
    [Fact]
    public void A_new_project_trains_in_one_command()
    {
        // Templates are installed here, not among the user's.
        var hive = $"--debug:custom-hive {workplace.PathOf("hive")}";
        Dotnet.Run(workplace.PathOf(""), $"new install feed/CnnGen.Templates.{workplace.Version}.nupkg {hive}");
        Dotnet.Run(workplace.PathOf(""), $"new cnngen -o Digits {hive}");
        Dotnet.Run(workplace.PathOf(""), $"new cnngen -o Older --Framework net9.0 {hive}");

        Dotnet.Run(workplace.PathOf("feed-sources"), $"new cnngen -o Inside {hive}");

        var said = Dotnet.Run(workplace.PathOf("Digits"), "run -c Release");

        Assert.Empty(Dotnet.Warnings(said));
        Assert.StartsWith("LeNet5: 1x28x28 -> 10\n", said, StringComparison.Ordinal);
        Assert.True(Accuracy(said) > 0.97, said);
        Assert.True(File.Exists(workplace.PathOf("Digits/lenet5.safetensors")));
        Assert.Contains("<TargetFramework>net9.0</TargetFramework>", File.ReadAllText(workplace.PathOf("Older/Older.csproj")), StringComparison.Ordinal);
        Assert.Contains("namespace Digits;", File.ReadAllText(workplace.PathOf("Digits/LeNet5.cs")), StringComparison.Ordinal);

        // Below the sources, whose Directory.Packages.props keeps all versions in one place and whose Directory.Build.props makes warnings errors.
        Assert.Empty(Dotnet.Warnings(Dotnet.Run(workplace.PathOf("feed-sources/Inside"), "build -c Release")));

        // With a folder it trains on what is there: here digits that are all alike, so that an accuracy of 1 could come from nowhere else.
        Directory.CreateDirectory(workplace.PathOf("idx"));
        foreach (var part in new[] { "train", "t10k" })
        {
            WriteIdx($"idx/{part}-images-idx3-ubyte", [64, 28, 28], 128);
            WriteIdx($"idx/{part}-labels-idx1-ubyte", [64], 3);
        }

        Assert.Equal(1, Accuracy(Dotnet.Run(workplace.PathOf("Digits"), "run -c Release --no-build -- ../idx")));
    }

    private static double Accuracy(string said)
    {
        const string Before = "test accuracy ";
        var line = said.Split('\n').Last(line => line.StartsWith(Before, StringComparison.Ordinal));
        return double.Parse(line[Before.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Writes bytes of one value in IDX form.</summary>
    private void WriteIdx(string name, int[] shape, byte value)
    {
        var header = 4 + (4 * shape.Length);
        var bytes = new byte[header + shape.Aggregate(1, (a, b) => a * b)];
        bytes.AsSpan(header).Fill(value);
        (bytes[2], bytes[3]) = (8, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), shape[i]);
        File.WriteAllBytes(workplace.PathOf(name), bytes);
    }
}
