using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnGen.Runtime;

/// <summary>Compiles methods before their first call, where a JIT compiles them at all.</summary>
public static class Startup
{
    private const BindingFlags Own = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const DynamicallyAccessedMemberTypes Methods = DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods | DynamicallyAccessedMemberTypes.NonPublicNestedTypes;

    /// <summary>Compiles a program and its kernels, shared among all threads: each takes the next method when it is done with one.</summary>
    /// <param name="set">The instruction set.</param>
    /// <param name="purpose">Whose methods of the program.</param>
    /// <param name="program">The class of the program.</param>
    /// <param name="kernels">The type of the model's own kernels.</param>
    /// <param name="kernelNames">Those that the purpose needs.</param>
    /// <param name="partsOf">The methods of one of them.</param>
    public static void Compile(
        InstructionSet set,
        WarmupFor purpose,
        [DynamicallyAccessedMembers(Methods)] Type program,
        [DynamicallyAccessedMembers(Methods)] Type kernels,
        string[] kernelNames,
        Func<string, KernelParts> partsOf) =>
        Run(new Work(set, purpose, new Program(program), new KernelType(kernels, kernelNames, partsOf), null));

    /// <summary>Compiles a program and its kernels, some of which it shares with other models.</summary>
    /// <param name="set">The instruction set.</param>
    /// <param name="purpose">Whose methods of the program.</param>
    /// <param name="program">The class of the program.</param>
    /// <param name="kernels">The type of the model's own kernels.</param>
    /// <param name="kernelNames">Those that the purpose needs.</param>
    /// <param name="partsOf">The methods of one of them.</param>
    /// <param name="shared">The type of the kernels that models share.</param>
    /// <param name="sharedNames">Those that the purpose needs.</param>
    /// <param name="partsOfShared">The methods of one of them.</param>
    public static void Compile(
        InstructionSet set,
        WarmupFor purpose,
        [DynamicallyAccessedMembers(Methods)] Type program,
        [DynamicallyAccessedMembers(Methods)] Type kernels,
        string[] kernelNames,
        Func<string, KernelParts> partsOf,
        [DynamicallyAccessedMembers(Methods)] Type shared,
        string[] sharedNames,
        Func<string, KernelParts> partsOfShared) =>
        Run(new Work(set, purpose, new Program(program), new KernelType(kernels, kernelNames, partsOf), new KernelType(shared, sharedNames, partsOfShared)));

    private static unsafe void Run(Work work)
    {
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

    [return: DynamicallyAccessedMembers(Methods)]
    private static Type LibraryOf(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => typeof(VectorKernels<Avx512Unit, System.Runtime.Intrinsics.Vector512<float>, System.Runtime.Intrinsics.Vector512<uint>, System.Runtime.Intrinsics.Vector512<double>>),
        InstructionSet.Avx2 => typeof(VectorKernels<Avx2Unit, System.Runtime.Intrinsics.Vector256<float>, System.Runtime.Intrinsics.Vector256<uint>, System.Runtime.Intrinsics.Vector256<double>>),
        _ => typeof(VectorKernels<ScalarUnit, float, uint, double>),
    };

    /// <summary>The methods of a type, which may be generic.</summary>
    private sealed class Program([DynamicallyAccessedMembers(Methods)] Type type)
    {
        private readonly RuntimeTypeHandle[] _instantiation = Array.ConvertAll(type.GetGenericArguments(), static argument => argument.TypeHandle);

        public MethodInfo[] All => type.GetMethods(Own);

        public void Compile(MethodInfo method) =>
            RuntimeHelpers.PrepareMethod(method.MethodHandle, _instantiation.Length == 0 ? null : _instantiation);
    }

    /// <summary>The kernels of a type that are to be compiled.</summary>
    private sealed class KernelType([DynamicallyAccessedMembers(Methods)] Type type, string[] kernels, Func<string, KernelParts> partsOf)
    {
        public KernelParts[] Parts { get; } = Array.ConvertAll(kernels, kernel => partsOf(kernel));

        // A generic method has the type argument in its name, a type within its own.
        public void Compile(string method)
        {
            var parts = method.Split('<', '>');
            RuntimeTypeHandle[]? arguments = parts.Length > 1 ? [type.GetNestedType(parts[1], BindingFlags.NonPublic)!.TypeHandle] : null;
            RuntimeHelpers.PrepareMethod(type.GetMethod(parts[0], Own)!.MethodHandle, arguments);
        }
    }

    /// <summary>
    /// What is to be compiled, by number: the library's methods first, since those are generic and take long, then each kernel's longest method, then what is left.
    /// Methods are looked up by the thread that compiles them.
    /// </summary>
    private sealed class Work
    {
        private readonly List<Action> _items = [];

        public Work(InstructionSet set, WarmupFor purpose, Program program, KernelType kernels, KernelType? shared)
        {
            KernelType[] types = shared is null ? [kernels] : [kernels, shared];
            var library = new Program(LibraryOf(set));
            foreach (var name in types.SelectMany(static type => type.Parts).SelectMany(static parts => parts.Library).Distinct())
            {
                // A name may have overloads.
                _items.Add(() =>
                {
                    foreach (var method in library.All.Where(method => method.Name == name && !method.IsGenericMethod))
                        library.Compile(method);
                });
            }

            var methods = types.SelectMany(static type => type.Parts.SelectMany(parts => parts.Methods.Select((method, place) => (Type: type, Method: method, Place: place))));
            foreach (var (type, method) in methods.OrderBy(static one => one.Place).Select(static one => (one.Type, one.Method)).Distinct())
                _items.Add(() => type.Compile(method));

            foreach (var method in program.All.Where(method => method.ReturnType == typeof(void) && IsFor(purpose, method.Name)))
                _items.Add(() => program.Compile(method));
        }

        public int Count => _items.Count;

        public void Compile(int i) => _items[i]();

        // What a program has for training is called so, and nothing else is.
        private static bool IsFor(WarmupFor purpose, string method) => method.StartsWith("Train", StringComparison.Ordinal) == (purpose == WarmupFor.Training);
    }
}

/// <summary>What of a kernel has to be compiled.</summary>
/// <param name="Methods">The methods of its type, the longest first.</param>
/// <param name="Library">Methods of <see cref="VectorKernels{TUnit,TVector,TInts,TWide}"/> that they call, by name.</param>
public readonly record struct KernelParts(string[] Methods, string[] Library);
