using System.Runtime.InteropServices;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// Memory between pages that can neither be read nor written: who goes past it ends the process with an access violation. Buffers end where the page
/// begins (their slack, which kernels may read and write, is filled with not-a-numbers).
/// </summary>
internal sealed unsafe class GuardedMemory : IBufferAllocator, IDisposable
{
    private const int ReadWrite = 3;
    private const int None = 0;
    private const int PrivateAnonymous = 0x22;

    private static readonly nuint s_page = (nuint)Environment.SystemPageSize;
    private readonly Dictionary<nint, (nint Start, nuint Length)> _mappings = [];

    public static string? SkipReason => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64
        ? null
        : "Guard pages are set up for Linux on x64 only.";

    /// <summary>All buffers that this thread makes while the action runs are guarded.</summary>
    public void During(Action action)
    {
        AlignedBuffer.Allocator = this;
        try
        {
            action();
        }
        finally
        {
            AlignedBuffer.Allocator = null;
        }
    }

    /// <summary>A copy of the numbers that ends (or begins) at a guard page, to the float.</summary>
    public Span<float> Copy(ReadOnlySpan<float> numbers, bool atEnd)
    {
        var copy = new Span<float>(Map((nuint)numbers.Length * sizeof(float), atEnd, alignment: sizeof(float)), numbers.Length);
        numbers.CopyTo(copy);
        return copy;
    }

    float* IBufferAllocator.Allocate(nuint bytes)
    {
        var pointer = Map(bytes, atEnd: true, alignment: 64);
        new Span<float>((byte*)pointer + bytes - (AlignedBuffer.Slack * sizeof(float)), AlignedBuffer.Slack).Fill(float.NaN);
        return pointer;
    }

    void IBufferAllocator.Free(float* pointer)
    {
        lock (_mappings)
        {
            if (_mappings.Remove((nint)pointer, out var mapping))
                Check(Unmap(mapping.Start, mapping.Length));
        }
    }

    public void Dispose()
    {
        lock (_mappings)
        {
            foreach (var (start, length) in _mappings.Values)
                Check(Unmap(start, length));
            _mappings.Clear();
        }
    }

    private float* Map(nuint bytes, bool atEnd, nuint alignment)
    {
        var inner = (bytes + s_page - 1) / s_page * s_page;
        var length = inner + (2 * s_page);
        var start = MapPages(0, length, ReadWrite, PrivateAnonymous, -1, 0);
        if (start == -1)
            throw new OutOfMemoryException("mmap failed.");
        Check(Protect(start, s_page, None));
        Check(Protect(start + (nint)(s_page + inner), s_page, None));
        var pointer = start + (nint)(atEnd ? (s_page + inner - bytes) / alignment * alignment : s_page);
        lock (_mappings)
            _mappings.Add(pointer, (start, length));
        return (float*)pointer;
    }

    private static void Check(int result) => Assert.Equal(0, result);

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint MapPages(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nuint length);
}

/// <summary>A theory that needs guard pages; skipped, with the reason, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GuardedTheoryAttribute : TheoryAttribute
{
    public GuardedTheoryAttribute() => Skip = GuardedMemory.SkipReason;
}
