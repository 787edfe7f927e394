using System.Runtime.InteropServices;

namespace CnnGen.Benchmarks.Processes;

/// <summary>
/// The few calls of ONNX Runtime's C interface that a prediction needs. That interface is a table of function pointers to which versions only append,
/// so a call is known by its place in the table of version 1.
/// </summary>
internal sealed unsafe class OnnxRuntimeLibrary
{
    private const int InterfaceVersion = 1;
    private const int ElementFloat = 1;
    private const int AllGraphOptimizations = 99;
    private const int WarningsOnly = 2;

    private readonly void** _table;

    /// <summary>Loads the shared library.</summary>
    /// <exception cref="DllNotFoundException">It isn't there, or is for another system.</exception>
    public OnnxRuntimeLibrary(string path)
    {
        var library = NativeLibrary.Load(path);
        var getBase = (delegate* unmanaged<void**>)NativeLibrary.GetExport(library, "OrtGetApiBase");
        var entry = getBase();
        _table = (void**)((delegate* unmanaged<uint, void*>)entry[0])(InterfaceVersion);
        Version = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)entry[1])()) ?? "?";
    }

    private enum Call
    {
        GetErrorMessage = 2,
        CreateEnvironment = 3,
        CreateSession = 7,
        Run = 9,
        CreateSessionOptions = 10,
        SetGraphOptimizationLevel = 23,
        SetIntraOpThreads = 24,
        SetInterOpThreads = 25,
        CreateTensorWithData = 49,
        CreateCpuMemoryInfo = 69,
    }

    public string Version { get; }

    /// <summary>Loads a network, to be run by a number of threads. They spin between operations, as is the library's default and its fastest.</summary>
    public void* CreateSession(string model, int threads)
    {
        void* environment, options, session;
        fixed (byte* name = "benchmark\0"u8)
            Check(((delegate* unmanaged<int, byte*, void**, void*>)Get(Call.CreateEnvironment))(WarningsOnly, name, &environment));
        Check(((delegate* unmanaged<void**, void*>)Get(Call.CreateSessionOptions))(&options));
        Check(((delegate* unmanaged<void*, int, void*>)Get(Call.SetGraphOptimizationLevel))(options, AllGraphOptimizations));
        Check(((delegate* unmanaged<void*, int, void*>)Get(Call.SetIntraOpThreads))(options, threads));
        Check(((delegate* unmanaged<void*, int, void*>)Get(Call.SetInterOpThreads))(options, 1));
        var path = Marshal.StringToCoTaskMemUTF8(model);
        Check(((delegate* unmanaged<void*, byte*, void*, void**, void*>)Get(Call.CreateSession))(environment, (byte*)path, options, &session));
        Marshal.FreeCoTaskMem(path);
        return session;
    }

    /// <summary>A tensor over memory that stays where it is.</summary>
    public void* CreateTensor(float* memory, ReadOnlySpan<long> dimensions)
    {
        var length = 1L;
        foreach (var dimension in dimensions)
            length *= dimension;
        void* info, tensor;
        Check(((delegate* unmanaged<int, int, void**, void*>)Get(Call.CreateCpuMemoryInfo))(1, 0, &info));
        fixed (long* shape = dimensions)
        {
            Check(((delegate* unmanaged<void*, void*, nuint, long*, nuint, int, void**, void*>)Get(Call.CreateTensorWithData))(
                info, memory, (nuint)(length * sizeof(float)), shape, (nuint)dimensions.Length, ElementFloat, &tensor));
        }

        return tensor;
    }

    /// <summary>Predicts once: from <c>images</c> to <c>scores</c>.</summary>
    public void Run(void* session, void* images, void* scores)
    {
        fixed (byte* imagesName = "images\0"u8, scoresName = "scores\0"u8)
        {
            Check(((delegate* unmanaged<void*, void*, byte**, void**, nuint, byte**, nuint, void**, void*>)Get(Call.Run))(
                session, null, &imagesName, &images, 1, &scoresName, 1, &scores));
        }
    }

    private void* Get(Call call) => _table[(int)call];

    private void Check(void* status)
    {
        if (status == null)
            return;
        var message = ((delegate* unmanaged<void*, byte*>)Get(Call.GetErrorMessage))(status);
        throw new InvalidOperationException("ONNX Runtime: " + Marshal.PtrToStringUTF8((nint)message));
    }
}
