using System.CommandLine;
using System.Globalization;
using CnnGen.Gpu.Benchmarks;
using CnnGen.Ilgpu;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var kind = new Option<GpuKind?>("--kind") { Description = "What has to drive the device: Cuda, OpenCL, or Cpu, ILGPU's simulation. The first that there is where it is left out." };
var name = new Option<string?>("--name") { Description = "A part of the device's name.", HelpName = "TEXT" };
var tiny = new Option<bool>("--tiny") { Description = "Two networks of a few numbers: to try the command where there is no GPU." };
var seconds = new Option<double>("--seconds") { Description = "How long each number is measured.", HelpName = "S", DefaultValueFactory = _ => 2 };
var python = new Option<string>("--python") { Description = "A Python that has torch with a GPU.", HelpName = "FILE", DefaultValueFactory = _ => "python3" };
var part = new Option<ReportPart?>("--part") { Description = "One table alone." };
var root = new RootCommand("Measures CnnGen on a GPU, and PyTorch beside it where there is one; prints the tables of docs/gpu.md.") { kind, name, tiny, part, seconds, python };
root.SetAction(parsed =>
{
    try
    {
        using var device = GpuDevice.Open(parsed.GetValue(kind), parsed.GetValue(name));
        if (device.Kind == GpuKind.Cpu && !parsed.GetValue(tiny))
            throw new GpuException($"{device} is a simulation, which would take days. Take --tiny to try the command.");
        new Report(device, parsed.GetValue(seconds), parsed.GetValue(tiny), parsed.GetValue(python)!, parsed.GetValue(part)).Print();
        return 0;
    }
    catch (GpuException fault)
    {
        Console.Error.WriteLine($"error: {fault.Message}");
        return 1;
    }
});
return root.Parse(args).Invoke();
