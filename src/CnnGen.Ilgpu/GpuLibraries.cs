using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace CnnGen.Ilgpu;

/// <summary>
/// Where the drivers' libraries are. ILGPU asks for libcuda.so and libOpenCL.so, names that on Linux only development packages install; drivers install libcuda.so.1 and libOpenCL.so.1.
/// </summary>
internal static class GpuLibraries
{
    private static int s_isResolved;

    /// <summary>Has ILGPU's libraries found by the names that drivers give them.</summary>
    public static void Resolve()
    {
        if (!OperatingSystem.IsLinux() || Interlocked.Exchange(ref s_isResolved, 1) != 0)
            return;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Load);
        }
        catch (InvalidOperationException)
        {
            // The program has a resolver of its own, which knows better.
        }
    }

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? path)
    {
        // 0 leaves the search to the run-time.
        var versioned = name switch
        {
            "cuda" => "libcuda.so.1",
            "OpenCL" => "libOpenCL.so.1",
            _ => null,
        };
        return versioned is not null && NativeLibrary.TryLoad(versioned, out var library) ? library : 0;
    }
}
