using System.Collections.Immutable;
using CnnGen.Generator.Emitting.Cpu;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting;

/// <summary>A model and the kernels that it calls.</summary>
/// <param name="Request">The model.</param>
/// <param name="Kernels">Each once.</param>
internal sealed record ModelKernels(EmitRequest Request, EquatableArray<Kernel> Kernels)
{
    /// <summary>The kernels that several models call, in an order that the order of the project's files doesn't change.</summary>
    public static EquatableArray<SharedKernel> Shared(ImmutableArray<ModelKernels> models)
    {
        var seen = new HashSet<Kernel>();
        var shared = new KernelSet();
        foreach (var kernel in models.OrderBy(model => model.Request.HintName, StringComparer.Ordinal).SelectMany(model => model.Kernels))
        {
            if (!seen.Add(kernel))
                shared.Add(kernel);
        }

        return shared.Kernels.Select(kernel => new SharedKernel(kernel, shared.NameOf(kernel))).ToEquatableArray();
    }

    /// <summary>The model with those of the shared kernels that it calls.</summary>
    public BodyRequest WithShared(EquatableArray<SharedKernel> shared)
    {
        var own = new HashSet<Kernel>(Kernels);
        return new BodyRequest(Request, shared.Where(one => own.Contains(one.Kernel)).ToEquatableArray());
    }
}
