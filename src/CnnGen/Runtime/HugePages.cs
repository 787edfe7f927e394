using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

/// <summary>
/// Asks Linux for pages of 2 MB behind large buffers. A first touch of 100 MB is then some fifty faults instead of some 24,000, and reading weights needs few
/// address translations. Where the system has no such pages, nothing is different but the time.
/// </summary>
internal static unsafe class HugePages
{
    private const int Advice = 14; // MADV_HUGEPAGE

    private const nuint PageSize = 2 << 20;

    /// <summary>Smaller blocks gain little.</summary>
    private const nuint LeastSize = 4 * PageSize;

    private static readonly delegate* unmanaged<void*, nuint, int, int> s_advise = Find();

    /// <summary>To be called before the block is touched.</summary>
    public static void Advise(void* block, nuint bytes)
    {
        if (bytes < LeastSize || s_advise == null)
            return;
        var first = ((nuint)block + (PageSize - 1)) & ~(PageSize - 1);
        var end = ((nuint)block + bytes) & ~(PageSize - 1);

        // Advice: a kernel that can't follow it says so by its result, which changes nothing.
        _ = s_advise((void*)first, end - first, Advice);
    }

    private static delegate* unmanaged<void*, nuint, int, int> Find() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "madvise", out var address)
            ? (delegate* unmanaged<void*, nuint, int, int>)address
            : null;
}
