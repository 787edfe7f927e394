using CnnGen.Runtime;
using ZooSample;

namespace CnnGen.Benchmarks.Processes;

/// <summary>This project's side: a process that holds one network and runs it on request, and measures what the machine could do at best.</summary>
internal sealed class OwnProcess
{
    private const float LearningRate = 0.001f;
    private const float Momentum = 0.9f;

    private readonly Sgd _optimizer = new(LearningRate, Momentum);
    private NetworkInstance? _model;
    private float[] _images = [];
    private float[] _targets = [];
    private float[] _scores = [];
    private int _batch;
    private bool _trains;

    public static void Serve()
    {
        var process = new OwnProcess();
        Wire.Serve($"CnnGen ({InstructionSets.Best})", process.Answer);
    }

    private Reply Answer(Request request) => request.Do switch
    {
        "open" => Open(request),
        "run" => Run(request),
        "train" => new Reply { Losses = [.. Enumerable.Range(0, request.Steps).Select(_ => Step())] },
        "time" => Time(request),
        "ceiling" => Ceiling.Measure(request.Threads, request.Seconds),
        _ => throw new ArgumentException($"'{request.Do}' is no request of this process."),
    };

    private NetworkInstance Model => _model ?? throw new InvalidOperationException("No network was opened.");

    private Reply Open(Request request)
    {
        if (!Catalogue.TryFind(request.Network!, out var network))
            throw new ArgumentException($"The zoo has no network '{request.Network}'.");
        Threads.Count = request.Threads;
        _batch = request.Batch;
        _model = network.Create();
        ModelWeights.Load(request.Weights!, _model.Parameters);
        _images = Floats.Read(request.Images!, _batch * network.InputShape.Length);
        _scores = new float[_batch * network.OutputLength];
        _trains = request.Targets is not null;
        if (_trains)
            _targets = Floats.Read(request.Targets!, _scores.Length);
        return new Reply();
    }

    private Reply Run(Request request)
    {
        Predict();
        Floats.Write(request.Output!, _scores);
        return new Reply();
    }

    private Reply Time(Request request)
    {
        Action call = _trains ? () => Step() : Predict;
        var timing = Timing.Measure(call, request.Seconds, request.WarmUp, request.Calls);
        return new Reply { Median = timing.Median, Minimum = timing.Minimum, Calls = timing.Calls };
    }

    private void Predict() => Model.Predict(_images, _scores, _batch);

    private double Step() => Model.Step(_images, _targets, _batch, _optimizer);
}
