using CnnGen.Generator.Planning.Ilgpu;

namespace CnnGen.Generator.Emitting.Ilgpu;

/// <summary>The files of a model's part for ILGPU: the member that its users see, and what stands behind it.</summary>
internal static class GpuModelEmitter
{
    private const string Source = "global::System.Func<global::ILGPU.Runtime.Accelerator, global::CnnGen.Ilgpu.GpuProgram>?";

    public static (string HintName, string Text) EmitSignatures(EmitRequest request)
    {
        var name = request.ClassName;
        var session = $"global::CnnGen.Ilgpu.{(request.Network.IsTrainable ? "GpuTrainingSession" : "GpuSession")}<{name}>";
        return (request.HintName + ".Ilgpu.g.cs", ModelEmitter.ClassFile(request, writer =>
        {
            using (writer.Block($"partial {request.ClassKeyword} {name}"))
            {
                writer.Line("/// <summary>");
                writer.Line("/// The model on a GPU, beginning with this object's parameters. What the session learns stays there until it is asked for; this object goes on working on the CPU.");
                writer.Line("/// </summary>");
                writer.Line("/// <param name=\"device\">The device, which stays the caller's and has to outlive the session.</param>");
                writer.Line("/// <param name=\"batch\">The most images that a launch takes, 1 or more; predictions of more go in several.</param>");
                writer.Line("/// <exception cref=\"global::System.ArgumentOutOfRangeException\"><paramref name=\"batch\"/> is less than 1, or more than an index reaches.</exception>");
                writer.Line("/// <exception cref=\"global::CnnGen.Ilgpu.GpuException\">The device has too little memory for such a batch, or refuses a kernel.</exception>");
                using (writer.Block($"public {session} OnGpu(global::CnnGen.Ilgpu.GpuDevice device, int batch = 32)"))
                {
                    writer.Line($"{Source} program = null;");
                    writer.Line("GpuProgramCore(ref program);");
                    writer.Line("return new(this, device, program!, batch);");
                }

                writer.Line();
                writer.Line("// The body stands in a file beside this one.");
                writer.Line($"partial void GpuProgramCore(ref {Source} program);");
            }
        }));
    }

    public static IReadOnlyList<(string HintName, string Text)> EmitBodies(EmitRequest request)
    {
        var emitter = new GpuProgramEmitter(GpuPlan.Create(request.Network));
        var space = request.KernelNamespace;
        return
        [
            (request.HintName + ".Ilgpu.Passes.g.cs", ModelEmitter.ClassFile(request, writer =>
            {
                using (writer.Block($"partial {request.ClassKeyword} {request.ClassName}"))
                {
                    writer.Line($"partial void GpuProgramCore(ref {Source} program) =>");
                    writer.Line($"    program = static accelerator => new global::{space}.{GpuProgramEmitter.ProgramName}(accelerator);");
                }
            })),
            (request.HintName + ".Ilgpu.Program.g.cs", ModelEmitter.KernelFile(space, emitter.EmitProgram, KernelNamespace.GpuUsings)),
            (request.HintName + ".Ilgpu.Kernels.g.cs", ModelEmitter.KernelFile(space, emitter.EmitKernels, KernelNamespace.GpuUsings)),
        ];
    }
}
