namespace CnnGen.Campaigns.Files;

/// <summary>IDX files of images or labels, plain, packed, and packed after the damage, so that it lies behind sound checks.</summary>
internal sealed class IdxFuzz : FuzzCase
{
    private static readonly byte[] s_images = [0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 6, .. Enumerable.Range(0, 5 * 7 * 6).Select(i => (byte)i)];
    private static readonly byte[] s_labels = [0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    public override string Name => "IDX";

    public override byte[] Damaged(Random random) => Packed.Damage(random.Next(2) == 0 ? s_images : s_labels, random);

    public override string? Read(byte[] bytes, string path, Random random)
    {
        File.WriteAllBytes(path, bytes);
        switch (random.Next(3))
        {
            case 0:
                var images = IdxFile.ReadImages(path);
                return images.Bytes.Length == images.Count * images.Shape.Length ? null : $"{images.Bytes.Length} bytes for {images.Count} images {images.Shape}";
            case 1:
                return IdxFile.ReadLabels(path).All(label => label is >= 0 and <= 255) ? null : "a label is no byte";
            default:
                var labelsPath = path + "-labels";
                File.WriteAllBytes(labelsPath, Packed.Damage([0, 0, 8, 1, 0, 0, 0, 5, 1, 2, 3, 4, 5], random));
                var dataset = IdxFile.ReadDataset(path, labelsPath, 10);
                return Enumerable.Range(0, dataset.Count).All(i => dataset.GetLabel(i) is >= 0 and < 10) ? null : "a label is no class";
        }
    }
}

/// <summary>Files of CIFAR-10's records.</summary>
internal sealed class CifarFuzz : FuzzCase
{
    private static readonly byte[] s_records = [.. Enumerable.Range(0, 3).SelectMany(label => Enumerable.Range(0, 3073).Select(i => (byte)(i == 0 ? label : i)))];

    public override string Name => "CIFAR";

    public override byte[] Damaged(Random random) => Packed.Damage(s_records[..(random.Next(1, 4) * 3073)], random);

    public override string? Read(byte[] bytes, string path, Random random)
    {
        File.WriteAllBytes(path, bytes);
        var dataset = Cifar10.ReadBatch(path, mostImages: random.Next(1, 6));
        return Enumerable.Range(0, dataset.Count).All(i => dataset.GetLabel(i) is >= 0 and < 10) ? null : "a label is no class";
    }
}

internal static class Packed
{
    public static byte[] Damage(byte[] sound, Random random) => random.Next(4) switch
    {
        0 => Files.Damage.Apply(sound, random),
        1 => Files.Damage.Gzip(Files.Damage.Apply(sound, random)),
        2 => Files.Damage.Apply(Files.Damage.Gzip(sound), random),
        _ => random.Next(8) == 0 ? Files.Damage.Apply(Files.Damage.Gzip([.. sound, .. new byte[random.Next(1, 5) << 20]]), random) : sound,
    };
}
