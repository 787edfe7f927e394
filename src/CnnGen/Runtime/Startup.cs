using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

/// <summary>Compiles methods before their first call, where a JIT compiles them at all.</summary>
public static class Startup
{
    private const BindingFlags Own = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Compiles methods, shared among all threads: each takes the next one when it is done with one.</summary>
    /// <param name="program">The class of emitted code.</param>
    /// <param name="methods">Its methods, by name; those that take longest first, so that no thread is left with one at the end.</param>
    /// <param name="set">The instruction set, whose kernels of this library are meant by <paramref name="kernels"/>.</param>
    /// <param name="kernels">Methods of <see cref="VectorKernels{TUnit,TVector,TInts,TWide}"/>, by name.</param>
    public static unsafe void Compile(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type program,
        string[] methods,
        InstructionSet set,
        string[] kernels)
    {
        var work = new Work(program, methods, KernelsOf(set), kernels);
        var handle = GCHandle.Alloc(work);
        try
        {
            WorkerTeam.Run(&Compile, (void*)GCHandle.ToIntPtr(handle), work.Count, 1);
        }
        finally
        {
            handle.Free();
        }
    }

    private static unsafe void Compile(void* argument, int worker, int from, int to)
    {
        var work = (Work)GCHandle.FromIntPtr((nint)argument).Target!;
        for (var i = from; i < to; i++)
            work.Compile(i);
    }

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)]
    private static Type KernelsOf(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => typeof(VectorKernels<Avx512Unit, System.Runtime.Intrinsics.Vector512<float>, System.Runtime.Intrinsics.Vector512<uint>, System.Runtime.Intrinsics.Vector512<double>>),
        InstructionSet.Avx2 => typeof(VectorKernels<Avx2Unit, System.Runtime.Intrinsics.Vector256<float>, System.Runtime.Intrinsics.Vector256<uint>, System.Runtime.Intrinsics.Vector256<double>>),
        _ => typeof(VectorKernels<ScalarUnit, float, uint, double>),
    };

    /// <summary>The methods by number: the library's first, since those are generic and take long, then emitted code's. They are looked up by the thread that compiles them.</summary>
    private sealed class Work
    {
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)]
        private readonly Type _program;
        private readonly string[] _methods;
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)]
        private readonly Type _library;
        private readonly string[] _kernels;
        private readonly RuntimeTypeHandle[] _instantiation;

        public Work(
            [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type program,
            string[] methods,
            [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type library,
            string[] kernels)
        {
            _program = program;
            _methods = methods;
            _library = library;
            _kernels = kernels;
            var arguments = library.GetGenericArguments();
            _instantiation = new RuntimeTypeHandle[arguments.Length];
            for (var i = 0; i < arguments.Length; i++)
                _instantiation[i] = arguments[i].TypeHandle;
        }

        public int Count => _kernels.Length + _methods.Length;

        public void Compile(int i)
        {
            if (i >= _kernels.Length)
            {
                RuntimeHelpers.PrepareMethod(_program.GetMethod(_methods[i - _kernels.Length], Own)!.MethodHandle);
                return;
            }

            // A name may have overloads.
            foreach (var method in _library.GetMethods(Own))
            {
                if (method.Name == _kernels[i] && !method.IsGenericMethod)
                    RuntimeHelpers.PrepareMethod(method.MethodHandle, _instantiation);
            }
        }
    }
}
