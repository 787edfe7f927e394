using System.Buffers.Binary;
using CnnGen.Images;

namespace CnnGen.Campaigns.Images;

/// <summary>
/// Damages images, decodes them, and looks at what comes: an image of the form that was asked for, or <see cref="ImageException"/>. Anything else is a fault: another exception, more memory
/// than the bound, more time than so few pixels take.
/// </summary>
internal sealed class MutatedImages(IReadOnlyList<byte[]> files)
{
    private const long MaxMemory = 16 << 20;

    /// <summary>Far more than decoding 2^18 pixels takes on any machine, in any company.</summary>
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(20);

    /// <summary>Damages one file and decodes it.</summary>
    /// <param name="random">Decides what is done.</param>
    /// <param name="isDecoded">Whether an image came, damaged or not.</param>
    /// <returns>What is wrong; null where all is as it should be.</returns>
    public string? Try(Random random, out bool isDecoded)
    {
        var file = Damage(random);
        var options = new DecodeOptions
        {
            MaxPixels = 1 << 18,
            MaxMemory = MaxMemory,
            Channels = random.Next(3) switch { 0 => 0, 1 => 1, _ => 3 },
            Width = random.Next(3) == 0 ? random.Next(1, 40) : 0,
            Height = random.Next(3) == 0 ? random.Next(1, 40) : 0,
            Filter = (ResizeFilter)random.Next(3),
            ApplyOrientation = random.Next(2) == 0,
        };
        isDecoded = false;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        string? fault = null;
        try
        {
            var image = Image.Decode(file, options);
            isDecoded = true;
            if (image.Pixels.Length != image.Width * image.Height * image.Channels
                || (options.Channels != 0 && image.Channels != options.Channels)
                || (options.Width != 0 && image.Width != options.Width)
                || (options.Height != 0 && image.Height != options.Height))
                fault = $"an image of {image.Width} x {image.Height} x {image.Channels} with {image.Pixels.Length} bytes, where {options} was asked for";
        }
        catch (ImageException exception)
        {
            if (exception.Message.Length < 20 || exception.InnerException is not null)
                fault = $"a message that says little: {exception.Message}";
        }
        catch (Exception exception)
        {
            fault = exception.ToString();
        }

        // Tables and messages have their share beside what is computed from the size.
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MaxMemory + (2 << 20) + (4L * file.Length))
            fault ??= $"{allocated} bytes were allocated, where {MaxMemory} are allowed";
        var time = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        if (time > s_mostTime)
            fault ??= $"decoding took {time}";
        return fault is null ? null : $"{fault}; the file is {Convert.ToBase64String(file)}";
    }

    private byte[] Damage(Random random)
    {
        var file = (byte[])files[random.Next(files.Count)].Clone();
        var isPng = file.Length > 8 && file[1] == 'P' && file[2] == 'N';
        var times = 1 + random.Next(4);
        for (var i = 0; i < times && file.Length > 0; i++)
            file = DamageOnce(file, random);

        // Behind check sums that are right again, what the chunks hold is read.
        if (isPng && random.Next(4) > 0)
            MendCheckSums(file);
        return file;
    }

    private byte[] DamageOnce(byte[] file, Random random)
    {
        var at = random.Next(file.Length);

        // Headers decide the most, and stand in front.
        if (random.Next(2) == 0)
            at = random.Next(Math.Min(file.Length, 700));
        var length = Math.Min(file.Length - at, 1 + random.Next(1 << random.Next(9)));
        switch (random.Next(10))
        {
            case 0 or 1:
                file[at] ^= (byte)(1 << random.Next(8));
                return file;
            case 2 or 3:
                file[at] = (byte)random.Next(256);
                return file;
            case 4:
                random.NextBytes(file.AsSpan(at, length));
                return file;
            case 5:
                return file[..at];
            case 6:
                return [.. file[..at], .. file[(at + length)..]];
            case 7:
                return [.. file[..(at + length)], .. file[at..]];
            case 8:
                var other = files[random.Next(files.Count)];
                return [.. file[..at], .. other[random.Next(other.Length)..]];
            default:
                Number(file.AsSpan(at), random);
                return file;
        }
    }

    private static void Number(Span<byte> place, Random random)
    {
        var value = random.Next(8) switch { 0 => 0, 1 => 1, 2 => -1, 3 => int.MaxValue, 4 => int.MinValue, 5 => 255, 6 => 65535, _ => random.Next(1 << random.Next(1, 31)) };
        if (place.Length >= 4 && random.Next(2) == 0)
        {
            if (random.Next(2) == 0)
                BinaryPrimitives.WriteInt32BigEndian(place, value);
            else
                BinaryPrimitives.WriteInt32LittleEndian(place, value);
        }
        else if (place.Length >= 2)
        {
            if (random.Next(2) == 0)
                BinaryPrimitives.WriteInt16BigEndian(place, (short)value);
            else
                BinaryPrimitives.WriteInt16LittleEndian(place, (short)value);
        }
    }

    private static void MendCheckSums(Span<byte> file)
    {
        for (var position = 8; position <= file.Length - 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
            if (length > file.Length - position - 12)
                return;
            var checkedBytes = file.Slice(position + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(file[(position + 8 + (int)length)..], Crc(checkedBytes));
            position += 12 + (int)length;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
