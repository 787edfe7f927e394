using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ILGPU.Runtime
{
    /// <summary>Test double of an accelerator: it has one, which executes kernels as <see cref="GroupRun"/> does.</summary>
    public sealed class Accelerator : IDisposable
    {
        /// <summary>The bytes that its buffers have now: for tests.</summary>
        public long Allocated { get; internal set; }

        /// <summary>How many copies are made before all fail, or null: for tests.</summary>
        public int? CopiesLeft { get; set; }

        /// <summary>How often the numbers of a view were copied to the processor: for tests.</summary>
        public int Downloads { get; set; }

        /// <summary>How often a view was copied to by a stream of its own: for tests.</summary>
        public int UploadsBeside { get; set; }

        /// <summary>Whether the garbage collector moves memory during each copy, which then must be pinned: for tests.</summary>
        public bool MovesMemory { get; set; }

        public AcceleratorStream DefaultStream { get; }

        public Accelerator() => DefaultStream = new(this);

        public MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(long length) where T : unmanaged => new(this, length);

        public void Bind()
        {
        }

        public AcceleratorStream CreateStream() => new(this);

        /// <summary>Begins a copy from or to an address of the processor's.</summary>
        internal unsafe void BeginCopy(ref float numbers)
        {
            if (MovesMemory)
            {
                // ILGPU keeps the address alone.
                var address = (nint)Unsafe.AsPointer(ref numbers);
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                if ((nint)Unsafe.AsPointer(ref numbers) != address)
                    throw new InvalidOperationException("Memory was copied that isn't pinned, and the garbage collector moved it.");
            }

            if (CopiesLeft is { } left && (CopiesLeft = left - 1) < 0)
                throw new AcceleratorException("the test double was told to fail");
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Test double.</summary>
    public sealed class AcceleratorStream(Accelerator accelerator) : IDisposable
    {
        internal Accelerator Accelerator => accelerator;

        public void Synchronize()
        {
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Test double: memory that isn't moved.</summary>
    public sealed class PageLockedArray1D<T>(long length) : IDisposable where T : unmanaged
    {
        private readonly T[] _memory = GC.AllocateArray<T>(checked((int)length), pinned: true);

        public Span<T> Span => _memory;

        public void Dispose()
        {
        }
    }

    /// <summary>Test double.</summary>
    public static class PageLockedArrayExtensions
    {
        public static PageLockedArray1D<T> AllocatePageLocked1D<T>(this Accelerator accelerator, long extent) where T : unmanaged => new(extent);
    }

    /// <summary>Test double.</summary>
    public class AcceleratorException(string message) : Exception(message);

    /// <summary>Test double: its memory begins as not-a-numbers.</summary>
    public sealed class MemoryBuffer1D<T, TStride> : IDisposable where T : unmanaged where TStride : struct
    {
        private readonly Accelerator _accelerator;
        private readonly float[] _memory;

        internal MemoryBuffer1D(Accelerator accelerator, long length)
        {
            (_accelerator, _memory) = (accelerator, new float[length]);
            _memory.AsSpan().Fill(float.NaN);
            accelerator.Allocated += length * sizeof(float);
        }

        public ArrayView<T> View => new(_memory, 0, _memory.Length);

        public void Dispose() => _accelerator.Allocated -= _memory.LongLength * sizeof(float);
    }

    /// <summary>Test double.</summary>
    public static class ArrayViewExtensions
    {
        public static void CopyFromCPU(this ArrayView<float> target, AcceleratorStream stream, ref float numbers, long length)
        {
            stream.Accelerator.BeginCopy(ref numbers);
            if (stream != stream.Accelerator.DefaultStream)
                stream.Accelerator.UploadsBeside++;
            MemoryMarshal.CreateSpan(ref numbers, checked((int)length)).CopyTo(target.Span);
        }

        public static void CopyToCPU(this ArrayView<float> source, AcceleratorStream stream, ref float numbers, long length)
        {
            stream.Accelerator.BeginCopy(ref numbers);
            stream.Accelerator.Downloads++;
            source.Span[..checked((int)length)].CopyTo(MemoryMarshal.CreateSpan(ref numbers, checked((int)length)));
        }

        public static void MemSetToZero(this ArrayView<float> target, AcceleratorStream stream) => target.Span.Clear();
    }

    /// <summary>Test double.</summary>
    public enum AcceleratorType
    {
        CPU,
        Cuda,
        OpenCL,
    }

    /// <summary>Test double.</summary>
    public sealed class Device
    {
        /// <summary>The memory of devices that are found from now on by this thread and what it calls: for tests.</summary>
        public static AsyncLocal<long?> Memory { get; } = new();

        public AcceleratorType AcceleratorType => AcceleratorType.CPU;

        public string Name => "test double of ILGPU";

        public long MemorySize { get; } = Memory.Value ?? long.MaxValue;

        public Accelerator CreateAccelerator(Context context) => new();
    }
}

namespace ILGPU
{
    /// <summary>Test double.</summary>
    public sealed class Context : IDisposable
    {
        private Context(IReadOnlyList<Runtime.Device> devices) => Devices = devices;

        public IReadOnlyList<Runtime.Device> Devices { get; }

        public static Context Create(Action<Builder> build)
        {
            var builder = new Builder();
            build(builder);
            return new(builder.Devices);
        }

        public void Dispose()
        {
        }

        /// <summary>Test double.</summary>
        public sealed class Builder
        {
            internal List<Runtime.Device> Devices { get; } = [];

            public Builder Optimize(OptimizationLevel level) => this;
        }
    }

    /// <summary>Test double.</summary>
    public readonly struct KernelConfig(int gridX, int gridY, int gridZ, int groupX, int groupY, int groupZ)
    {
        /// <summary>What CUDA bounds the second number of groups by.</summary>
        private const int MostRows = 65535;

        internal int GroupsX { get; } = Checked(gridX, int.MaxValue);

        internal int Groups { get; } = Checked(gridX, int.MaxValue) * Checked(gridY, MostRows) * Checked(gridZ, 1);

        internal int Threads { get; } = Checked(groupX, 1024) * Checked(groupY, 1) * Checked(groupZ, 1);

        private static int Checked(int number, int most) =>
            number >= 1 && number <= most ? number : throw new ArgumentOutOfRangeException(nameof(number), number, $"A launch takes from 1 to {most}.");
    }

    /// <summary>Test double.</summary>
    public enum OptimizationLevel
    {
        O2 = 2,
    }
}

namespace ILGPU.Runtime.CPU
{
    /// <summary>Test double.</summary>
    public sealed class CPUDevice(int warp, int warps, int processors)
    {
        /// <summary>The threads of the largest group.</summary>
        public int Threads { get; } = warp * warps * processors;
    }

    /// <summary>Test double.</summary>
    public static class CPUContextExtensions
    {
        public static Context.Builder CPU(this Context.Builder builder, CPUDevice device)
        {
            builder.Devices.Add(new Device());
            return builder;
        }
    }
}

namespace ILGPU.Runtime.Cuda
{
    /// <summary>Test double: it finds none.</summary>
    public static class CudaContextExtensions
    {
        public static Context.Builder Cuda(this Context.Builder builder) => builder;
    }
}

namespace ILGPU.Runtime.OpenCL
{
    /// <summary>Test double: it finds none.</summary>
    public static class CLContextExtensions
    {
        public static Context.Builder OpenCL(this Context.Builder builder) => builder;
    }
}
