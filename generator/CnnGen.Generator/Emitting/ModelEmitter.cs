using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Emitting.Ilgpu;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting;

/// <summary>The way into emission: a resolved network's source files.</summary>
internal static class ModelEmitter
{
    /// <summary>What the IDE needs to know of a model: its public members.</summary>
    public static IReadOnlyList<(string HintName, string Text)> EmitSignatures(EmitRequest request)
    {
        var plan = ModelPlan.Of(request.Network);
        var cpu = (request.HintName + ".g.cs", ClassFile(request, writer =>
        {
            ClassEmitter.EmitSummary(writer, request);
            using (writer.Block(ClassEmitter.Header(request)))
                ClassEmitter.Emit(writer, request, plan);
        }));
        return request.Network.IsForGpu ? [cpu, GpuModelEmitter.EmitSignatures(request)] : [cpu];
    }

    /// <summary>The kernels that the passes of a model call.</summary>
    public static EquatableArray<Kernel> KernelsOf(EmitRequest request) =>
        CallsOf(ModelPlan.Of(request.Network), new KernelSet()).Own.Kernels.ToEquatableArray();

    /// <summary>What only a build needs: the passes, and the kernels that no other model calls, for each instruction set.</summary>
    public static IReadOnlyList<(string HintName, string Text)> EmitBodies(BodyRequest bodies)
    {
        var request = bodies.Request;
        var plan = ModelPlan.Of(request.Network);
        var calls = CallsOf(plan, new KernelSet(bodies.SharedKernels));

        // Nothing is named while text is printed, so that files can be printed side by side.
        var program = Task.Run(() => KernelFile(request.KernelNamespace, writer =>
        {
            ProgramChoiceEmitter.Emit(writer, plan, calls.HasShared);
            writer.Line();
            new ProgramEmitter(plan, calls).Emit(writer);
        }));
        var kernels = KernelFiles(request.HintName, request.KernelNamespace, new KernelTypeEmitter(calls.Own, calls.CommentOf, calls.Library));
        return
        [
            (request.HintName + ".Passes.g.cs", ClassFile(request, writer =>
            {
                using (writer.Block($"partial {request.ClassKeyword} {request.ClassName}"))
                    PassesEmitter.Emit(writer, plan, request.ClassName, request.KernelNamespace);
            })),
            (request.HintName + ".Program.g.cs", program.GetAwaiter().GetResult()),
            .. kernels,
            (request.HintName + ".Offsets.g.cs", KernelFile(request.KernelNamespace, writer => PassesEmitter.EmitOffsets(writer, plan))),
            .. request.Network.IsForGpu ? GpuModelEmitter.EmitBodies(request) : [],
        ];
    }

    /// <summary>The kernels that several models call.</summary>
    public static IReadOnlyList<(string HintName, string Text)> EmitShared(EquatableArray<SharedKernel> kernels) => kernels.Count == 0
        ? []
        : [.. KernelFiles("CnnGen-SharedKernels", KernelNamespace.Shared, new KernelTypeEmitter(new KernelSet(kernels), kernel => kernel.Comment, []))];

    private static KernelCalls CallsOf(ModelPlan plan, KernelSet shared)
    {
        var calls = new KernelCalls(shared);
        Add(plan.Outputs.Steps, MethodUse.Prediction);
        Add(plan.Training.Steps, MethodUse.Training);
        Add(plan.Explanation?.Steps ?? [], MethodUse.Explanation);
        Add(plan.Features.SelectMany(features => features.Steps), MethodUse.Features);
        return calls;

        void Add(IEnumerable<Step> steps, MethodUse use)
        {
            foreach (var step in steps)
            {
                if (step.Call.Kernel is { } kernel)
                    calls.Add(kernel, step.Label, use);
                else if (step.Call.Method is { } method && LibraryMethod.Of(method) is { } library)
                    calls.Add(library, use);
            }
        }
    }

    /// <summary>A type for each instruction set, and their interface.</summary>
    private static IEnumerable<(string HintName, string Text)> KernelFiles(string hintName, string space, KernelTypeEmitter kernels)
    {
        var tasks = VectorIsa.All
            .Select(isa => Task.Run(() => KernelFile(space, writer => kernels.Emit(writer, isa))))
            .ToList();
        var types = VectorIsa.All.Zip(tasks, (isa, task) => ($"{hintName}.{isa.Name}.g.cs", task.GetAwaiter().GetResult())).ToList();
        return [(hintName + ".IKernels.g.cs", KernelFile(space, writer => KernelTypeEmitter.EmitInterface(writer, types[0].Item2))), .. types];
    }

    /// <summary>A file with a part of the class. It stands among the user's names and has none of its own beside its members: each type is named from <c>global::</c> on.</summary>
    public static string ClassFile(EmitRequest request, Action<CodeWriter> emit)
    {
        var writer = new CodeWriter();
        Begin(writer, hasReferences: true, isSharing: false);
        if (request.Namespace is { } space)
        {
            writer.Line($"namespace {space};");
            writer.Line();
        }

        var scopes = new Stack<CodeWriter.Scope>();
        foreach (var type in request.ContainingTypes)
            scopes.Push(writer.Block($"partial {type.Keyword} {type.Name}"));
        emit(writer);
        while (scopes.Count > 0)
            scopes.Pop().Dispose();
        return writer.ToString();
    }

    /// <summary>A file of a namespace of kernels.</summary>
    private static string KernelFile(string space, Action<CodeWriter> emit) => KernelFile(space, emit, KernelNamespace.Usings);

    /// <inheritdoc cref="KernelFile(string, Action{CodeWriter})"/>
    public static string KernelFile(string space, Action<CodeWriter> emit, Func<string, IEnumerable<string>> usings)
    {
        var body = new CodeWriter();
        emit(body);
        var text = body.ToString();
        var writer = new CodeWriter();

        // Pointers and numbers, of which no reference could be null: the compiler needn't follow any (a tenth of its time). Without a word here it would wherever the project says 'enable'.
        Begin(writer, hasReferences: false, isSharing: space == KernelNamespace.Shared || text.Contains(KernelNamespace.Shared));
        writer.Line($"namespace {space};");
        writer.Line();
        foreach (var name in usings(text))
            writer.Line(name);
        writer.Line();
        return writer + text;
    }

    private static void Begin(CodeWriter writer, bool hasReferences, bool isSharing)
    {
        writer.Line("// <auto-generated/>");
        writer.Line(hasReferences ? "#nullable enable" : "#nullable disable");
        writer.Line("#pragma warning disable CS8860, CS8981 // Names that are or may become keywords: the user's, and aliases of keywords.");
        if (isSharing)
            writer.Line("#pragma warning disable CS0436 // Kernels that models share have the same names in every assembly, and each means its own.");
        writer.Line("#pragma warning disable CS3001, CS3002, CS3003, CS3005, CS3008, CS3009 // The library does not say that it is CLS-compliant.");
        writer.Line();
    }
}
