using CnnGen.Generator.Infrastructure;

namespace CnnGen.Generator.Weights;

/// <summary>Reads a weights file's header, and no more of it: a hundred megabytes of numbers are not the compiler's business.</summary>
internal static class HeaderReader
{
    public static WeightsHeader Read(string path)
    {
        var name = "'" + Describe.Name(WeightsFile.LastPart(path)) + "'";
        try
        {
            var content = Read(path, name);
            return new WeightsHeader(
                content.Entries.Select(entry => new TensorHeader(entry.Name, entry.Type, entry.Shape.ToEquatableArray())).ToEquatableArray(), null);
        }
        catch (Exception exception) when (exception is InvalidDataException)
        {
            return new WeightsHeader([], exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new WeightsHeader([], name + " cannot be read: " + exception.GetType().Name + ". Make it readable where the build runs.");
        }
    }

    private static HeaderContent Read(string path, string name)
    {
        FileStatus.CheckReadable(path, name, "safetensors file");

        // The compiler hands a file out as text only, which would decode all of it: the header is read from the file itself.
#pragma warning disable RS1035
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 4096);
#pragma warning restore RS1035
        var length = file.Length;
        var prefix = new byte[SafeTensorsHeader.PrefixLength];
        var json = new byte[SafeTensorsHeader.ReadLength(name, prefix, Fill(file, prefix), length)];
        if (Fill(file, json) < json.Length)
            throw SafeTensorsHeader.EndedWithin(name);
        return SafeTensorsHeader.Parse(name, json, length);
    }

    private static int Fill(Stream file, byte[] bytes)
    {
        var filled = 0;
        while (filled < bytes.Length)
        {
            var read = file.Read(bytes, filled, bytes.Length - filled);
            if (read == 0)
                break;
            filled += read;
        }

        return filled;
    }
}
