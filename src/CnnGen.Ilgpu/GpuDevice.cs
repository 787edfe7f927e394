using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace CnnGen.Ilgpu;

/// <summary>What drives a device.</summary>
public enum GpuKind
{
    /// <summary>NVIDIA's driver.</summary>
    Cuda,

    /// <summary>An OpenCL driver, of version 2 or newer.</summary>
    OpenCL,

    /// <summary>ILGPU's simulation of a GPU on the processor, for looking for faults: it is thousands of times slower than the CPU target.</summary>
    Cpu,
}

/// <summary>A GPU that is open. Sessions share it; it has to outlive them.</summary>
public sealed class GpuDevice : IDisposable
{
    private readonly Context _context;

    private GpuDevice(Context context, Device device)
    {
        _context = context;
        Kind = KindOf(device);
        Name = device.Name;
        MemoryBytes = device.MemorySize;
        Accelerator = device.CreateAccelerator(context);
    }

    /// <summary>The warps of the simulation, of 32 threads each: networks without large tiles do with 4, and take less time.</summary>
    internal static int SimulatedWarps { get; set; } = 8;

    /// <summary>What drives it.</summary>
    public GpuKind Kind { get; }

    /// <summary>Its name, as the driver says it.</summary>
    public string Name { get; }

    /// <summary>All of its memory.</summary>
    public long MemoryBytes { get; }

    /// <summary>ILGPU's side of it.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The devices that were found, the preferred one first: those of CUDA, then OpenCL's, then the simulation.</summary>
    /// <returns>Each as <c>Cuda: NVIDIA H100</c>.</returns>
    public static IReadOnlyList<string> Found()
    {
        using var context = Find();
        return [.. InOrder(context).Select(Describe)];
    }

    /// <summary>Opens a device: the first of CUDA's, or else of OpenCL's, or else the simulation, unless something else is asked for.</summary>
    /// <param name="kind">What has to drive it; null for whichever comes first.</param>
    /// <param name="name">What its name has to contain, whatever the case of the letters; null for any.</param>
    /// <exception cref="GpuException">There is no such device: the message says which there are. Or its driver refuses.</exception>
    public static GpuDevice Open(GpuKind? kind = null, string? name = null)
    {
        var context = Find();
        try
        {
            var found = InOrder(context).ToList();
            var device = found.Find(one => (kind is null || KindOf(one) == kind) && (name is null || one.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
                ?? throw new GpuException($"There is no device {Wish(kind, name)}. Found: {string.Join("; ", found.Select(Describe))}.");
            return new GpuDevice(context, device);
        }
        catch (Exception exception)
        {
            context.Dispose();
            throw exception is GpuException ? exception : new GpuException($"The device can't be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Name}";

    private static Context Find()
    {
        GpuLibraries.Resolve();

        // The simulation takes groups of the size that the largest tiles have.
        return Context.Create(builder => builder.Optimize(OptimizationLevel.O2).Cuda().OpenCL().CPU(new CPUDevice(32, SimulatedWarps, 1)));
    }

    private static IEnumerable<Device> InOrder(Context context)
    {
        var devices = new List<Device>();
        foreach (var device in context.Devices)
            devices.Add(device);
        return devices.OrderBy(KindOf);
    }

    private static GpuKind KindOf(Device device) => device.AcceleratorType switch
    {
        AcceleratorType.Cuda => GpuKind.Cuda,
        AcceleratorType.OpenCL => GpuKind.OpenCL,
        _ => GpuKind.Cpu,
    };

    private static string Describe(Device device) => $"{KindOf(device)}: {device.Name}";

    private static string Wish(GpuKind? kind, string? name) => string.Join(
        " ", new[] { kind is null ? null : $"of {kind}", name is null ? null : $"whose name contains '{name}'" }.Where(part => part is not null));
}
