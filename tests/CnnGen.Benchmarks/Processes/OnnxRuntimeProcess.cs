using CnnGen.Runtime;
using ZooSample;

namespace CnnGen.Benchmarks.Processes;

/// <summary>ONNX Runtime as a peer: a process that holds one network and runs it on request, input and output allocated once.</summary>
internal sealed unsafe class OnnxRuntimeProcess(OnnxRuntimeLibrary library)
{
    private AlignedBuffer? _images;
    private AlignedBuffer? _scores;
    private void* _session;
    private void* _imagesTensor;
    private void* _scoresTensor;
    private int _scoresLength;

    public static void Serve(string path)
    {
        var library = new OnnxRuntimeLibrary(path);
        Wire.Serve($"ONNX Runtime {library.Version}", new OnnxRuntimeProcess(library).Answer);
    }

    private Reply Answer(Request request) => request.Do switch
    {
        "open" => Open(request),
        "run" => Run(request),
        "time" => Time(request),
        _ => throw new ArgumentException($"'{request.Do}' is no request of this process."),
    };

    private Reply Open(Request request)
    {
        if (!Catalogue.TryFind(request.Network!, out var network))
            throw new ArgumentException($"The zoo has no network '{request.Network}'.");
        var shape = network.InputShape;
        var imagesLength = request.Batch * shape.Length;
        _scoresLength = request.Batch * network.OutputLength;
        _images = new AlignedBuffer(imagesLength);
        _scores = new AlignedBuffer(_scoresLength);
        Floats.Read(request.Images!, imagesLength).CopyTo(new Span<float>(_images.Pointer, imagesLength));

        _session = library.CreateSession(request.Model!, request.Threads);
        _imagesTensor = library.CreateTensor(_images.Pointer, [request.Batch, shape.Channels, shape.Height, shape.Width]);
        var output = network.OutputShape;
        _scoresTensor = library.CreateTensor(
            _scores.Pointer,
            output.Height * output.Width == 1 ? [request.Batch, output.Channels] : [request.Batch, output.Channels, output.Height, output.Width]);
        return new Reply();
    }

    private Reply Run(Request request)
    {
        Predict();
        Floats.Write(request.Output!, new ReadOnlySpan<float>(_scores!.Pointer, _scoresLength));
        return new Reply();
    }

    private Reply Time(Request request)
    {
        var timing = Timing.Measure(Predict, request.Seconds, request.WarmUp, request.Calls);
        return new Reply { Median = timing.Median, Minimum = timing.Minimum, Calls = timing.Calls };
    }

    private void Predict() => library.Run(_session, _imagesTensor, _scoresTensor);
}
