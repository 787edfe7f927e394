using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ClassifySample.Reporting;
using CnnGen;
using CnnGen.Images;
using CnnGen.Runtime;

namespace ClassifySample.Native;

/// <summary>The functions of cnn.h. No exception may pass into C: each becomes a code and a text.</summary>
internal static unsafe class Exports
{
    private const int Ok = 0;
    private const int ErrorArgument = 1;
    private const int ErrorWeights = 2;
    private const int ErrorImage = 3;
    private const int ErrorFailed = 4;
    private const int ErrorInUse = 5;

    /// <summary>Native memory, so that C may hold it; freed when the thread's next error replaces it.</summary>
    [ThreadStatic]
    private static byte* s_error;

    static Exports() => Threads.Count = 1;

    [UnmanagedCallersOnly(EntryPoint = "cnn_shape", CallConvs = [typeof(CallConvCdecl)])]
    public static int Shape(int* channels, int* height, int* width, int* scores)
    {
        var shape = LeNet5.InputShape;
        if (channels is not null)
            *channels = shape.Channels;
        if (height is not null)
            *height = shape.Height;
        if (width is not null)
            *width = shape.Width;
        if (scores is not null)
            *scores = LeNet5.OutputLength;
        return Ok;
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_open", CallConvs = [typeof(CallConvCdecl)])]
    public static int Open(byte* weights, nint* model)
    {
        try
        {
            if (model is null)
                return Fail(ErrorArgument, "cnn_open: model is null; it receives the new model");
            *model = 0;

            // Each handle is an object of its own, which cnn_close disposes: Pretrained is one for all of a thread's callers.
            *model = ModelHandles.Add(weights is null ? LeNet5.Pretrained.Share() : LeNet5.Load(Marshal.PtrToStringUTF8((nint)weights)!));
            return Ok;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            return Fail(ErrorWeights, "cnn_open: " + failure.Message);
        }
        catch (Exception failure)
        {
            return Fail("cnn_open", failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_share", CallConvs = [typeof(CallConvCdecl)])]
    public static int Share(nint model, nint* shared)
    {
        try
        {
            if (model == 0 || shared is null)
                return Fail(ErrorArgument, model == 0 ? "cnn_share: model is null" : "cnn_share: shared is null; it receives the new model");
            *shared = 0;
            if (ModelHandles.Find(model) is not { } open)
                return Fail(ErrorArgument, Closed("cnn_share"));
            *shared = ModelHandles.Add(open.Share());
            return Ok;
        }
        catch (Exception failure)
        {
            return Fail("cnn_share", failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_close", CallConvs = [typeof(CallConvCdecl)])]
    public static int Close(nint model)
    {
        try
        {
            if (model == 0)
                return Ok;
            if (ModelHandles.Remove(model) is not { } open)
                return Fail(ErrorArgument, Closed("cnn_close"));
            open.Dispose();
            return Ok;
        }
        catch (Exception failure)
        {
            return Fail("cnn_close", failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_predict", CallConvs = [typeof(CallConvCdecl)])]
    public static int Predict(nint model, float* images, int count, float* scores)
    {
        try
        {
            if (Missing("cnn_predict", model, images, "images", count, scores) is { } missing)
                return Fail(ErrorArgument, missing);
            if (ModelHandles.Find(model) is not { } open)
                return Fail(ErrorArgument, Closed("cnn_predict"));
            open.Predict(new ReadOnlySpan<float>(images, count * LeNet5.InputShape.Length), new Span<float>(scores, count * LeNet5.OutputLength), count);
            return Ok;
        }
        catch (Exception failure)
        {
            return Fail("cnn_predict", failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_predict_pixels", CallConvs = [typeof(CallConvCdecl)])]
    public static int PredictPixels(nint model, byte* pixels, int count, float* scores)
    {
        try
        {
            if (Missing("cnn_predict_pixels", model, pixels, "pixels", count, scores) is { } missing)
                return Fail(ErrorArgument, missing);
            if (ModelHandles.Find(model) is not { } open)
                return Fail(ErrorArgument, Closed("cnn_predict_pixels"));
            open.Predict(new ReadOnlySpan<byte>(pixels, count * LeNet5.InputShape.Length), new Span<float>(scores, count * LeNet5.OutputLength), count);
            return Ok;
        }
        catch (Exception failure)
        {
            return Fail("cnn_predict_pixels", failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_predict_image", CallConvs = [typeof(CallConvCdecl)])]
    public static int PredictImage(nint model, byte* file, nuint length, float* scores)
    {
        try
        {
            if (Missing("cnn_predict_image", model, file, "file", 1, scores) is { } missing)
                return Fail(ErrorArgument, missing);
            if (length > int.MaxValue)
                return Fail(ErrorArgument, "cnn_predict_image: length is " + length + "; a file of at most 2147483647 bytes was expected");
            if (ModelHandles.Find(model) is not { } open)
                return Fail(ErrorArgument, Closed("cnn_predict_image"));
            new Classifier(open, invert: false).Classify(new ReadOnlySpan<byte>(file, (int)length))
                .CopyTo(new Span<float>(scores, LeNet5.OutputLength));
            return Ok;
        }
        catch (ImageException fault)
        {
            return Fail(ErrorImage, "cnn_predict_image: " + fault.Message);
        }
        catch (Exception failure)
        {
            return Fail("cnn_predict_image", failure);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_last_error", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* LastError() => s_error is null ? Constant("\0"u8) : s_error;

    [UnmanagedCallersOnly(EntryPoint = "cnn_instruction_set", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* InstructionSetName() =>
        InstructionSets.IsSupported(InstructionSet.Avx512) ? Constant("avx512\0"u8)
        : InstructionSets.IsSupported(InstructionSet.Avx2) ? Constant("avx2\0"u8)
        : Constant("scalar\0"u8);

    [UnmanagedCallersOnly(EntryPoint = "cnn_set_threads", CallConvs = [typeof(CallConvCdecl)])]
    public static int SetThreads(int count)
    {
        if (count is < 1 or > Threads.Maximum)
            return Fail(ErrorArgument, "cnn_set_threads: count is " + count + ", but must be from 1 to 1024");
        Threads.Count = count;
        return Ok;
    }

    [UnmanagedCallersOnly(EntryPoint = "cnn_main", CallConvs = [typeof(CallConvCdecl)])]
    public static int Command(int count, byte** arguments)
    {
        try
        {
            var texts = new string[Math.Max(0, count - 1)];
            for (var i = 0; i < texts.Length; i++)
                texts[i] = Marshal.PtrToStringUTF8((nint)arguments[i + 1])!;
            using var output = new Output();
            return Program.RunToTheEnd(texts, output);
        }
        catch (Exception failure)
        {
            return Fail("cnn_main", failure);
        }
    }

    private static string Closed(string function) => function + ": model is closed, or no model that cnn_open or cnn_share made";

    /// <summary>Images are counted by floats or bytes in 32 bits.</summary>
    private static int MostImages => int.MaxValue / LeNet5.InputShape.Length;

    private static string? Missing(string function, nint model, void* input, string name, int count, float* scores) =>
        model == 0 ? function + ": model is null"
        : count < 0 || count > MostImages ? function + ": count is " + count + ", but must be from 0 to " + MostImages
        : input is null && count > 0 ? function + ": " + name + " is null"
        : scores is null && count > 0 ? function + ": scores is null; it receives the scores"
        : null;

    /// <summary>Texts of constants lie in the library's read-only data and stay there.</summary>
    private static byte* Constant(ReadOnlySpan<byte> text) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(text));

    private static int Fail(string function, Exception failure) => failure switch
    {
        // Closed by another thread since it was looked up.
        ObjectDisposedException => Fail(ErrorArgument, Closed(function)),
        InvalidOperationException => Fail(ErrorInUse, function + ": model is in use by a call of another thread; give each thread a model of its own by cnn_share"),
        ArgumentException => Fail(ErrorArgument, function + ": " + failure.Message),
        _ => Fail(ErrorFailed, function + ": " + failure.GetType().Name + ": " + failure.Message),
    };

    private static int Fail(int code, string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        NativeMemory.Free(s_error);
        s_error = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(s_error, bytes.Length));
        s_error[bytes.Length] = 0;
        return code;
    }
}
