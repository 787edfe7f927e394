using System.Buffers.Binary;
using System.Text;

namespace CnnGen.Campaigns.Files;

/// <summary>Weights of a small model.</summary>
internal sealed class WeightsFuzz : FuzzCase
{
    private readonly byte[] _sound;
    private readonly byte[] _half;
    private readonly SmallNet _model = SmallNet.Create(seed: 2);
    private readonly int[] _before;

    public WeightsFuzz()
    {
        var stream = new MemoryStream();
        ModelWeights.Save(stream, SmallNet.Create(seed: 1).Parameters, new Dictionary<string, string> { ["epochs"] = "5" });
        _sound = stream.ToArray();
        _half = Half(SmallNet.Create(seed: 1));
        _before = Bits(_model);
    }

    public override string Name => "safetensors";

    public override byte[] Damaged(Random random)
    {
        var sound = random.Next(4) == 0 ? _half : _sound;
        if (random.Next(3) == 0)
            return Damage.Apply(sound, random);

        // A damaged header whose length is right, so that what is behind the length is reached; sometimes a damaged tensor behind a sound header.
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(sound);
        var header = random.Next(5) == 0 ? sound[8..(8 + length)] : Damage.Apply(sound[8..(8 + length)], random);
        var data = random.Next(3) == 0 ? Damage.Apply(sound[(8 + length)..], random) : sound[(8 + length)..];
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. data];
    }

    public override string? Read(byte[] bytes, string path, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                ModelWeights.Load(bytes, _model.Parameters);
                break;
            case 1:
                ModelWeights.Load(new MemoryStream(bytes), _model.Parameters);
                break;
            case 2:
                ModelWeights.Load(new ForwardStream(bytes, random.Next(1, 3000)), _model.Parameters);
                break;
            case 3:
                File.WriteAllBytes(path, bytes);
                ModelWeights.Load(path, _model.Parameters);
                break;
            case 4:
                using (var file = SafeTensors.Open(bytes))
                    return Inconsistency(file);
            default:
                using (var file = SafeTensors.Open(new ForwardStream(bytes, random.Next(1, 3000))))
                    return Inconsistency(file);
        }

        var isFinite = _model.Parameters.All.All(parameter => parameter.ToArray().All(float.IsFinite));
        _model.Parameters.Initialize(2);
        return isFinite ? null : "numbers that are not finite were loaded";
    }

    public override string? Changed()
    {
        if (Bits(_model).AsSpan().SequenceEqual(_before))
            return null;
        _model.Parameters.Initialize(2);
        return "the model is not as it was";
    }

    private static string? Inconsistency(SafeTensorsFile file)
    {
        foreach (var tensor in file.Tensors)
        {
            var product = 1L;
            foreach (var dimension in tensor.Shape)
                product *= dimension;
            if (product != tensor.Length)
                return $"{tensor} has {tensor.Length} elements";
            if (tensor.Type is SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.F32 or SafeTensorType.F64 && tensor.ToArray().Length != product)
                return $"{tensor} is not read whole";
        }

        return null;
    }

    private static int[] Bits(SmallNet model) =>
        model.Parameters.All.SelectMany(parameter => parameter.ToArray()).Select(BitConverter.SingleToInt32Bits).ToArray();

    /// <summary>The same weights as F16, with PyTorch's counters.</summary>
    private static byte[] Half(SmallNet model)
    {
        var (header, data) = (new StringBuilder("{"), new List<byte>());
        foreach (var parameter in model.Parameters.All)
        {
            var start = data.Count;
            foreach (var value in parameter.ToArray())
                data.AddRange(BitConverter.GetBytes((Half)value));
            header.Append(FormattableString.Invariant(
                $"\"{parameter.Name}\":{{\"dtype\":\"F16\",\"shape\":[{string.Join(',', parameter.Dimensions.ToArray())}],\"data_offsets\":[{start},{data.Count}]}},"));
        }

        header.Append(FormattableString.Invariant($"\"bn1.num_batches_tracked\":{{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[{data.Count},{data.Count + 8}]}}}}"));
        data.AddRange(new byte[8]);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. Encoding.UTF8.GetBytes(header.ToString()), .. data];
    }
}
