using System.Net.Http.Json;
using System.Text.Json;
using CnnGen;
using ExplainSample.Looking;
using ExplainSample.Serving;
using MnistSample.Digits;

namespace ExplainSample.Tests;

/// <summary>A network of two paths over colour images that are not square: nothing of it is LeNet's.</summary>
[Model(3, 12, 10, Passes = Passes.Predict | Passes.Explain)]
[Conv2D(5, 3, Padding = 1), ReLU]
[Branch, Conv2D(4, 3, Padding = 1)]
[Branch, Conv2D(4, 1)]
[Add, MaxPool(2), Dense(3), Softmax]
public sealed partial class ColorNet;

/// <summary>A network without maps.</summary>
[Model(1, 6, 5, Passes = Passes.Predict | Passes.Explain)]
[Dense(4), Tanh, Dense(3), Softmax]
public sealed partial class FlatNet;

/// <summary>The page's server over LeNet-5, as the program starts it, one for all tests.</summary>
public sealed class Served : IAsyncLifetime
{
    private Subject _subject = null!;
    private PageServer _server = null!;

    /// <summary>The images that it is given.</summary>
    public static ByteImageDataset Digits { get; } = DigitArtist.Draw(20_000, 200, seed: 1, threads: 2);

    internal Uri Address => _server.Address;

    internal HttpClient Client { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _subject = Subject.Of(LeNet5.Pretrained.Share(), new ExplainData(Digits, "drawn by the tests"), null, []);
        _server = await PageServer.Start(_subject, port: 0);
        Client = new HttpClient { BaseAddress = _server.Address };
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>The outputs by the model's own prediction, which the page doesn't use.</summary>
    internal static float[] Expected(ReadOnlySpan<byte> pixels)
    {
        var scores = new float[10];
        LeNet5.Pretrained.Predict(pixels, scores);
        return scores;
    }

    internal static void AreClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-4f);
    }

    internal static Task<HttpResponseMessage> Ask(HttpClient client, string address, byte[] body) => client.PostAsync(address, new ByteArrayContent(body));

    internal static async Task<T> Answer<T>(Task<HttpResponseMessage> asked)
    {
        using var reply = await asked;
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return (await reply.Content.ReadFromJsonAsync<T>(PageServer.Json))!;
    }

    /// <summary>What is refused is refused with a sentence.</summary>
    internal static async Task<(int Status, string Sentence)> Refusal(Task<HttpResponseMessage> asked)
    {
        using var reply = await asked;
        var answer = await reply.Content.ReadFromJsonAsync<JsonElement>();
        var sentence = answer.GetProperty("error").GetString()!;
        Assert.Matches("^[A-Z'].*[.?]$", sentence);
        return ((int)reply.StatusCode, sentence);
    }
}
