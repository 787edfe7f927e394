using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ClassifySample.Images;
using ClassifySample.Reporting;
using CnnGen;
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
            *model = Handle(weights is null ? LeNet5.Pretrained.Share() : LeNet5.Load(Marshal.PtrToStringUTF8((nint)weights)!));
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
            *shared = Handle(Model(model).Share());
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
            var handle = GCHandle.FromIntPtr(model);
            ((LeNet5)handle.Target!).Dispose();
            handle.Free();
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
            Model(model).Predict(
                new ReadOnlySpan<float>(images, checked(count * LeNet5.InputShape.Length)), new Span<float>(scores, checked(count * LeNet5.OutputLength)), count);
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
            Model(model).Predict(
                new ReadOnlySpan<byte>(pixels, checked(count * LeNet5.InputShape.Length)), new Span<float>(scores, checked(count * LeNet5.OutputLength)), count);
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
            new Classifier(Model(model), invert: false).Classify(new ReadOnlySpan<byte>(file, (int)length))
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

    private static LeNet5 Model(nint handle) => (LeNet5)GCHandle.FromIntPtr(handle).Target!;

    private static nint Handle(LeNet5 model) => GCHandle.ToIntPtr(GCHandle.Alloc(model));

    private static string? Missing(string function, nint model, void* input, string name, int count, float* scores) =>
        model == 0 ? function + ": model is null"
        : count < 0 ? function + ": count is " + count + ", but must be 0 or more"
        : input is null && count > 0 ? function + ": " + name + " is null"
        : scores is null && count > 0 ? function + ": scores is null; it receives the scores"
        : null;

    /// <summary>Texts of constants lie in the library's read-only data and stay there.</summary>
    private static byte* Constant(ReadOnlySpan<byte> text) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(text));

    private static int Fail(string function, Exception failure) => Fail(ErrorFailed, function + ": " + failure.GetType().Name + ": " + failure.Message);

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
