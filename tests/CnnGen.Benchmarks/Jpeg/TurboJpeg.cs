using System.Runtime.InteropServices;

namespace CnnGen.Benchmarks.Jpeg;

/// <summary>libjpeg-turbo by its own interface (Debian: libturbojpeg0), on the thread that calls it.</summary>
internal sealed unsafe class TurboJpeg : IDisposable
{
    private const string Library = "libturbojpeg.so.0";
    private const int Rgb = 0;

    private nint _handle = tjInitDecompress();

    /// <summary>Decodes to RGB, with its defaults: the accurate transform and smooth upsampling.</summary>
    public void Decode(ReadOnlySpan<byte> file, Span<byte> pixels, int width, int height)
    {
        fixed (byte* source = file, target = pixels)
        {
            if (tjDecompress2(_handle, source, (uint)file.Length, target, width, 3 * width, height, Rgb, 0) != 0)
                throw new InvalidOperationException("libjpeg-turbo can't read the file: " + Marshal.PtrToStringUTF8(tjGetErrorStr2(_handle)));
        }
    }

    public void Dispose()
    {
        if (_handle != 0)
            _ = tjDestroy(_handle);
        _handle = 0;
    }

    [DllImport(Library)]
    private static extern nint tjInitDecompress();

    [DllImport(Library)]
    private static extern int tjDecompress2(nint handle, byte* file, nuint length, byte* pixels, int width, int pitch, int height, int format, int flags);

    [DllImport(Library)]
    private static extern nint tjGetErrorStr2(nint handle);

    [DllImport(Library)]
    private static extern int tjDestroy(nint handle);
}
