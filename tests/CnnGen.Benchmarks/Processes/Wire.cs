using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnGen.Benchmarks.Processes;

/// <summary>The two ends of a line of JSON.</summary>
internal static class Wire
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, Options);

    /// <exception cref="JsonException">The line is not such a message.</exception>
    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, Options) ?? throw new JsonException($"'{line}' is no message.");

    /// <summary>Answers requests until the input ends.</summary>
    /// <param name="peer">Who answers.</param>
    /// <param name="answer">Does what a request asks.</param>
    public static void Serve(string peer, Func<Request, Reply> answer)
    {
        Console.Out.WriteLine(Write(new Reply { Peer = peer }));
        Console.Out.Flush();
        while (Console.In.ReadLine() is { } line)
        {
            Reply reply;
            try
            {
                reply = answer(Read<Request>(line));
            }
            catch (Exception error)
            {
                // It is the benchmark's to say it: it knows what it asked for.
                reply = new Reply { Error = error.ToString() };
            }

            Console.Out.WriteLine(Write(reply));
            Console.Out.Flush();
        }
    }
}
