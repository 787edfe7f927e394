using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

/// <summary>Compiles methods before their first call, where a JIT compiles them at all.</summary>
public static class Startup
{
    private const BindingFlags Own = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Compiles the named methods, shared among all threads. Each thread takes the next one when it is done with one.</summary>
    /// <param name="program">The class of emitted code.</param>
    /// <param name="methods">Its methods; those that take longest first, so that no thread is left with one at the end.</param>
    /// <param name="set">The instruction set, whose kernels of this library are meant by <paramref name="kernels"/>.</param>
    /// <param name="kernels">Methods of <see cref="VectorKernels{TUnit,TVector,TInts,TWide}"/>.</param>
    public static unsafe void Compile(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type program,
        string[] methods,
        InstructionSet set,
        string[] kernels)
    {
        var own = program.GetMethods(Own).ToLookup(method => method.Name);
        var shared = KernelsOf(set);
        var names = kernels.ToHashSet();
        var library = shared.GetMethods(Own).Where(method => !method.IsGenericMethod && names.Contains(method.Name));
        var compiled = new Compiled(
            [.. methods.SelectMany(name => own[name]).Concat(library).Select(method => method.MethodHandle)],
            Array.ConvertAll(shared.GetGenericArguments(), type => type.TypeHandle),
            methods.Sum(name => own[name].Count()));
        var handle = GCHandle.Alloc(compiled);
        try
        {
            WorkerTeam.Run(&Compile, (void*)GCHandle.ToIntPtr(handle), compiled.Methods.Length, 1);
        }
        finally
        {
            handle.Free();
        }
    }

    private static unsafe void Compile(void* argument, int worker, int from, int to)
    {
        var compiled = (Compiled)GCHandle.FromIntPtr((nint)argument).Target!;
        for (var i = from; i < to; i++)
        {
            if (i < compiled.OwnCount)
                RuntimeHelpers.PrepareMethod(compiled.Methods[i]);
            else
                RuntimeHelpers.PrepareMethod(compiled.Methods[i], compiled.Instantiation);
        }
    }

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)]
    private static Type KernelsOf(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => typeof(VectorKernels<Avx512Unit, System.Runtime.Intrinsics.Vector512<float>, System.Runtime.Intrinsics.Vector512<uint>, System.Runtime.Intrinsics.Vector512<double>>),
        InstructionSet.Avx2 => typeof(VectorKernels<Avx2Unit, System.Runtime.Intrinsics.Vector256<float>, System.Runtime.Intrinsics.Vector256<uint>, System.Runtime.Intrinsics.Vector256<double>>),
        _ => typeof(VectorKernels<ScalarUnit, float, uint, double>),
    };

    /// <summary>The methods: first those of emitted code, then the library's, which are generic over the instruction set.</summary>
    private sealed record Compiled(RuntimeMethodHandle[] Methods, RuntimeTypeHandle[] Instantiation, int OwnCount);
}
