using System.Net;
using System.Text;
using System.Text.Json;
using CnnGen;
using CnnGen.Insight;
using ExplainSample.Looking;
using ExplainSample.Serving;

namespace ExplainSample.Tests;

/// <summary>What the page's server answers.</summary>
public sealed class ServerTests(Served served) : IClassFixture<Served>
{
    private readonly HttpClient _client = served.Client;

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere()
    {
        using var reply = await _client.GetAsync("/");
        var page = await reply.Content.ReadAsStringAsync();

        Assert.Equal("text/html", reply.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", reply.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (var file in (string[])["page.css", "page.js", "pad.js", "layers.js", "maps.js"])
        {
            using var part = await _client.GetAsync("/" + file);
            Assert.Equal(HttpStatusCode.OK, part.StatusCode);
            page += await part.Content.ReadAsStringAsync();
        }

        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_is_described()
    {
        var model = await Served.Answer<JsonElement>(_client.GetAsync("/api/model"));

        Assert.Equal(("LeNet5", 1, 28, 28), (model.GetProperty("name").GetString(), model.GetProperty("channels").GetInt32(), model.GetProperty("height").GetInt32(), model.GetProperty("width").GetInt32()));
        Assert.Equal(LeNet5.Summary.Layers.Select(layer => layer.Name), model.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString()));
        Assert.All(model.GetProperty("layers").EnumerateArray(), layer => Assert.True(layer.GetProperty("nanoseconds").GetDouble() >= 0));
        Assert.Equal(3 * 256, model.GetProperty("diverging").GetBytesFromBase64().Length);
        Assert.False(model.GetProperty("hasHistory").GetBoolean());
        Assert.Equal(404, (await Served.Refusal(_client.GetAsync("/api/history.svg"))).Status);
        Assert.Contains("<title>LeNet5:", await _client.GetStringAsync("/api/architecture.svg"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_looked_at_layer_by_layer()
    {
        var pixels = Served.Digits.GetBytes(7).ToArray();
        var reply = await Served.Answer<ImageReply>(Served.Ask(_client, "/api/look", pixels));

        Served.AreClose(Served.Expected(pixels), reply.Outputs);
        Assert.Equal(LeNet5.Summary.Layers.Count, reply.Layers.Count);
        Assert.Equal((6, 28, 28), (reply.Layers[0].Maps.Count, reply.Layers[0].Maps[0].Height, reply.Layers[0].Maps[0].Width));
        var dense = reply.Layers[LeNet5.Pretrained.Dense1.Index - 1];
        Assert.Equal((1, 1, 120), (dense.Maps.Count, dense.Maps[0].Height, dense.Maps[0].Width));
        Assert.True(dense.IsVector);

        // The bytes stand for the numbers that the model's own inspection has.
        using var inspection = LeNet5.Pretrained.Inspect(Image(pixels));
        var expected = inspection[LeNet5.Pretrained.Conv1];
        var map = reply.Layers[0].Maps[2];
        for (var i = 0; i < map.Data.Length; i++)
            Assert.Equal(expected[(2 * 28 * 28) + i], map.Low + ((map.High - map.Low) * map.Data[i] / 255), 0.005 * (map.High - map.Low));
        Assert.Empty((await Served.Answer<ImageReply>(Served.Ask(_client, "/api/predict", pixels))).Layers);
    }

    [Fact]
    public async Task A_map_is_explained()
    {
        await WaitForStrongest();
        var pixels = Served.Digits.GetBytes(7).ToArray();
        var model = LeNet5.Pretrained;
        var reply = await Served.Answer<MapDetailReply>(Served.Ask(_client, $"/api/map?layer={model.ReLU2.Index}&map=3", pixels));

        using var inspection = LeNet5.Pretrained.Inspect(Image(pixels));
        var map = inspection[model.ReLU2].Slice(3 * 100, 100).ToArray();
        var best = Array.IndexOf(map, map.Max());
        Assert.Equal((best / 10, best % 10, map[best]), (reply.Y, reply.X, reply.Value));

        // By hand: pooled rows y to y + 4, of the first convolution rows 2y to 2y + 9, of the image two more on each side.
        Assert.Equal(new AreaReply((2 * reply.Y) - 2, (2 * reply.X) - 2, 14, 14), reply.Field);
        Assert.Equal(6, reply.Filters.Count);
        Assert.Contains("Filter 3 of Conv2, 5 x 5 over 6 channels", reply.FilterText, StringComparison.Ordinal);
        Assert.Equal(9, reply.Top.Count);
        Assert.Equal(reply.Top.Select(one => one.Value).OrderDescending(), reply.Top.Select(one => one.Value));

        // The strongest of all, found by asking for each image.
        var strongest = Enumerable.Range(0, Served.Digits.Count).Max(i =>
        {
            inspection.Run(Image(Served.Digits.GetBytes(i)), 1);
            return inspection[model.ReLU2].Slice(3 * 100, 100).ToArray().Max();
        });
        Assert.Equal(strongest, reply.Top[0].Value, 1e-4f);
        var dense = await Served.Answer<MapDetailReply>(Served.Ask(_client, $"/api/map?layer={model.Dense1.Index}&map=5", pixels));
        Assert.Equal(16, dense.Filters.Count);
    }

    [Fact]
    public async Task A_network_without_maps_is_offered_no_method_that_needs_them()
    {
        using var subject = Subject.Of(FlatNet.Create(seed: 1), null, null, []);
        await using var server = await PageServer.Start(subject, port: 0);
        using var client = new HttpClient { BaseAddress = server.Address };
        var model = await Served.Answer<JsonElement>(client.GetAsync("/api/model"));

        var methods = model.GetProperty("methods").EnumerateArray().Select(method => method.GetProperty("id").GetString()!).ToList();
        Assert.Equal(Method.All.Count(method => !method.NeedsMaps), methods.Count);
        Assert.DoesNotContain("gradcam", methods);
        Assert.Contains("saliency", methods);
        var (status, sentence) = await Served.Refusal(Served.Ask(client, "/api/overlay?method=gradcam&class=0", new byte[30]));
        Assert.Equal(400, status);
        Assert.DoesNotContain("gradcam", sentence, StringComparison.Ordinal);
        Assert.Equal(30, (await Served.Answer<OverlayReply>(Served.Ask(client, "/api/overlay?method=saliency&class=0", new byte[30]))).Map.Data.Length);
        Assert.Equal(PageServer.MostBytes, model.GetProperty("mostBytes").GetInt32());
    }

    [Fact]
    public void Names_of_other_classes_than_the_model_has_are_refused()
    {
        var images = new ByteImageDataset(FlatNet.InputShape, new byte[30], new[] { 1 }, 2) { ClassNames = ["cat", "dog"] };

        var fault = Assert.Throws<ArgumentException>(() => Subject.Of(FlatNet.Create(), new ExplainData(images, "made up"), null, []));
        Assert.Contains("FlatNet has 3 outputs, but the images name 2 classes", fault.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Methods => [.. Method.All.Select(method => method.Id)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Each_method_gives_a_map_of_the_image(string method)
    {
        var pixels = Served.Digits.GetBytes(3).ToArray();
        var reply = await Served.Answer<OverlayReply>(Served.Ask(_client, $"/api/overlay?method={method}&class=3", pixels));
        var other = await Served.Answer<OverlayReply>(Served.Ask(_client, $"/api/overlay?method={method}&class=5", pixels));

        Assert.Equal((28, 28, 784), (reply.Map.Height, reply.Map.Width, reply.Map.Data.Length));
        Assert.True(reply.Map.High > reply.Map.Low);
        Assert.NotEqual(reply.Map.Data, other.Map.Data);
    }

    [Fact]
    public async Task The_saliency_is_the_gradient_of_the_class()
    {
        var pixels = Served.Digits.GetBytes(3).ToArray();
        var reply = await Served.Answer<OverlayReply>(Served.Ask(_client, "/api/overlay?method=saliency&class=3", pixels));
        using var inspection = LeNet5.Pretrained.Inspect(Image(pixels));
        var seed = new float[10];
        seed[3] = 1;
        inspection.Backward(LeNet5.Pretrained.Dense3, seed);

        Assert.Equal(inspection.ImageGradient.ToArray().Max(Math.Abs), reply.Map.High, 1e-4f);
    }

    [Fact]
    public async Task A_picture_is_brought_to_the_network_s_size()
    {
        var digit = Served.Digits.GetBytes(4).ToArray();
        var large = new Picture(280, 280, Rgb.Black);
        for (var i = 0; i < 280 * 280; i++)
            large[i % 280, i / 280] = Rgb.Grey(digit[(i / 2800 * 28) + (i % 280 / 10)]);
        var reply = await Served.Answer<DecodedReply>(Served.Ask(_client, "/api/decode", large.ToPng()));

        Assert.Equal((280, 280), (reply.Width, reply.Height));
        Assert.Equal(digit, reply.Pixels);
    }

    [Fact]
    public async Task What_is_malformed_is_refused_with_a_sentence()
    {
        var pixels = new byte[784];
        async Task Refused(int status, string part, string address, byte[] body)
        {
            var (found, sentence) = await Served.Refusal(Served.Ask(_client, address, body));
            Assert.Equal(status, found);
            Assert.Contains(part, sentence, StringComparison.Ordinal);
        }

        await Refused(400, "has 784 bytes, height x width x channels, but 783 were sent", "/api/look", new byte[783]);
        await Refused(400, "but more were sent", "/api/look", new byte[100_000]);
        await Refused(400, "but 0 were sent", "/api/predict", []);
        await Refused(400, "from 0 to 9", "/api/overlay?method=saliency&class=10", pixels);
        await Refused(400, "from 0 to 9", "/api/overlay?method=saliency&class=-1", pixels);
        await Refused(400, "There are saliency, smoothgrad", "/api/overlay?method=magic&class=1", pixels);
        await Refused(400, "from 1 to 13", "/api/map?layer=0&map=0", pixels);
        await Refused(400, "from 1 to 13", "/api/map?layer=99999999999&map=0", pixels);
        await Refused(400, "from 0 to 5", "/api/map?layer=1&map=6", pixels);
        await Refused(400, "The file is empty", "/api/decode", []);
        await Refused(400, "This is no picture that can be read", "/api/decode", Encoding.ASCII.GetBytes("GIF89a, but no more"));
        await Refused(400, "This is no picture that can be read", "/api/decode", new Picture(64, 64, Rgb.White).ToPng()[..60]);

        // Whoever asks first whether he may send it isn't interrupted.
        using var large = new HttpRequestMessage(HttpMethod.Post, "/api/decode") { Content = new ByteArrayContent(new byte[PageServer.MostBytes + 1]) };
        large.Headers.ExpectContinue = true;
        var (status, answer) = await Served.Refusal(_client.SendAsync(large));
        Assert.Equal((413, "The file is too large: at most 16 MiB are read."), (status, answer));
        Assert.Equal(404, (await Served.Refusal(_client.GetAsync("/no/such/page"))).Status);
        Assert.Equal(404, (await Served.Refusal(_client.GetAsync("/secret.txt"))).Status);
        Assert.Equal(400, (await Served.Refusal(_client.GetAsync("/api/example?index=200"))).Status);
    }

    [Fact]
    public async Task A_picture_that_claims_to_be_huge_takes_no_memory()
    {
        // A header of a PNG of 60,000 x 60,000 pixels, and nothing behind it.
        var png = new Picture(1, 1, Rgb.White).ToPng();
        (png[18], png[19], png[22], png[23]) = (0xEA, 0x60, 0xEA, 0x60);
        var (status, sentence) = await Served.Refusal(Served.Ask(_client, "/api/decode", png));

        Assert.Equal(400, status);
        Assert.Contains("no picture that can be read", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_this_machine_s_own_names_are_answered()
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, "/api/model");
        question.Headers.Host = "elsewhere.example";
        Assert.Equal(400, (await Served.Refusal(_client.SendAsync(question))).Status);
        Assert.True(served.Address.IsLoopback);
    }

    [Fact]
    public async Task Another_network_is_shown_without_images_and_history()
    {
        using var subject = Subject.Of(ColorNet.Create(seed: 4), null, null, []);
        await using var server = await PageServer.Start(subject, port: 0, instances: 1);
        using var client = new HttpClient { BaseAddress = server.Address };
        var pixels = Enumerable.Range(0, 360).Select(i => (byte)(i * 7)).ToArray();
        var expected = new float[3];
        ColorNet.Create(seed: 4).Predict(pixels, expected);

        var reply = await Served.Answer<ImageReply>(Served.Ask(client, "/api/look", pixels));
        Served.AreClose(expected, reply.Outputs);
        Assert.Equal((12, 10), (reply.Layers[0].Maps[0].Height, reply.Layers[0].Maps[0].Width));
        var detail = await Served.Answer<MapDetailReply>(Served.Ask(client, "/api/map?layer=5&map=2", pixels));
        Assert.Empty(detail.Filters);
        Assert.Contains("--data DIR", detail.TopText, StringComparison.Ordinal);
        Assert.Equal(120, (await Served.Answer<OverlayReply>(Served.Ask(client, "/api/overlay?method=occlusion&class=2", pixels))).Map.Data.Length);
        Assert.Equal(404, (await Served.Refusal(client.GetAsync("/api/example?index=0"))).Status);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        using var subject = Subject.Of(ColorNet.Create(), null, null, []);
        var fault = await Assert.ThrowsAsync<IOException>(() => PageServer.Start(subject, served.Address.Port, instances: 1));
        Assert.Contains("Name another one by --port", fault.Message, StringComparison.Ordinal);
    }

    private async Task WaitForStrongest()
    {
        for (var i = 0; i < 300; i++)
        {
            var reply = await Served.Answer<MapDetailReply>(Served.Ask(_client, "/api/map?layer=1&map=0", new byte[784]));
            if (reply.Top.Count > 0)
                return;
            await Task.Delay(100);
        }

        Assert.Fail("The strongest activations were not found.");
    }

    private static float[] Image(ReadOnlySpan<byte> pixels)
    {
        var image = new float[784];
        LeNet5.Normalization.Apply(pixels, image);
        return image;
    }
}
