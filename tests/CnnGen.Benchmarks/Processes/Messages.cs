using System.Text.Json.Serialization;

namespace CnnGen.Benchmarks.Processes;

/// <summary>What the benchmark asks of a process that it measures: one line of JSON. A request uses the fields that it needs.</summary>
internal sealed record Request
{
    /// <summary>export, open, run, train, time or ceiling.</summary>
    [JsonPropertyName("do")]
    public required string Do { get; init; }

    /// <summary>Which of the ways to compute that the process offers.</summary>
    public string? Session { get; init; }

    /// <summary>The network's name in the zoo.</summary>
    public string? Network { get; init; }

    /// <summary>A safetensors file.</summary>
    public string? Weights { get; init; }

    /// <summary>An ONNX file.</summary>
    public string? Model { get; init; }

    /// <summary>A file of batch x C x H x W floats.</summary>
    public string? Images { get; init; }

    /// <summary>A file of batch x outputs floats.</summary>
    public string? Targets { get; init; }

    /// <summary>The file to write the scores to.</summary>
    public string? Output { get; init; }

    /// <summary>The images of one call.</summary>
    public int Batch { get; init; }

    /// <summary>The threads to compute on.</summary>
    public int Threads { get; init; }

    /// <summary>The training steps to do.</summary>
    public int Steps { get; init; }

    /// <summary>How long to measure.</summary>
    public double Seconds { get; init; }

    /// <summary>How many seconds to go on before, untimed.</summary>
    public double WarmUp { get; init; }

    /// <summary>The calls to measure at least.</summary>
    public int Calls { get; init; }
}

/// <summary>What a process answers: one line of JSON.</summary>
internal sealed record Reply
{
    /// <summary>Who answers, in the first line.</summary>
    public string? Peer { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Seconds: half of the calls took less.</summary>
    public double Median { get; init; }

    /// <summary>Seconds of the fastest call.</summary>
    public double Minimum { get; init; }

    /// <summary>The calls measured.</summary>
    public int Calls { get; init; }

    /// <summary>The loss of each training step.</summary>
    public double[]? Losses { get; init; }

    /// <summary>Floating-point operations a second with 512-bit vectors, 0 without them.</summary>
    public double Avx512 { get; init; }

    /// <summary>Floating-point operations a second with 256-bit vectors.</summary>
    public double Avx2 { get; init; }

    /// <summary>Bytes read from memory a second.</summary>
    public double Bandwidth { get; init; }
}
