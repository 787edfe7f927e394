using CnnGen;
using CnnGen.Images;
using ExplainSample.Looking;
using ExplainSample.Serving;
using ExplainSample.Tests.Browser;

namespace ExplainSample.Tests;

/// <summary>Images that are read when they are asked for, and can't be: the page says so and goes on, and the report is not written.</summary>
public sealed class UnreadableDataTests
{
    private static readonly byte[] s_pixels = Served.Digits.GetBytes(7).ToArray();

    [Fact]
    public async Task The_page_s_answers_say_what_can_t_be_read()
    {
        using var subject = SubjectOf(new Damaged(Served.Digits, readable: 0));
        await using var server = await PageServer.Start(subject, port: 0, instances: 1);
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Equal((500, "Image 4 of the data can't be read: 4.png is damaged."), await Served.Refusal(client.GetAsync("/api/example?index=4")));
        Assert.Equal("The images could not be looked at: 0.png is damaged.", (await Looked(client)).TopText);

        // What needs none of them is answered.
        Served.AreClose(Served.Expected(s_pixels), (await Served.Answer<ImageReply>(Served.Ask(client, "/api/look", s_pixels))).Outputs);
    }

    /// <summary>Found while the images were there, drawn when they are gone.</summary>
    [Fact]
    public async Task Images_that_go_while_the_page_is_served_are_said()
    {
        var images = new Damaged(Served.Digits, Served.Digits.Count);
        using var subject = SubjectOf(images);
        await using var server = await PageServer.Start(subject, port: 0, instances: 1);
        using var client = new HttpClient { BaseAddress = server.Address };

        Assert.Equal(9, (await Looked(client)).Top.Count);
        images.Readable = 0;
        var reply = await Looked(client);
        Assert.Empty(reply.Top);
        Assert.Matches(@"^The images could not be looked at: \d+\.png is damaged\.$", reply.TopText);
    }

    [ChromiumFact]
    public async Task The_page_shows_them()
    {
        using var subject = SubjectOf(new Damaged(Served.Digits, readable: 0));
        await using var server = await PageServer.Start(subject, port: 0, instances: 1);
        await using var browser = await Chromium.Start();
        await browser.Look(1100, 900, isDark: false);
        await browser.Open(server.Address);

        // The first example can't be had: the page says so beside an empty image, and is drawn on as ever.
        await browser.Until("document.body?.dataset.ready === 'true' && document.querySelector('#verdict').textContent.includes('draw something')");
        await browser.Until(@"!document.querySelector('#fault').hidden && /^Image \d+ of the data can't be read: \d+\.png is damaged\.$/.test(document.querySelector('#fault-text').textContent)");
        var (x, y, _, height) = await browser.PlaceOf("#keys");
        await browser.Drag([.. Enumerable.Range(0, 21).Select(i => (x, y + ((i - 10) * height / 30)))]);
        await browser.Until("document.querySelector('#scores .best .name')?.textContent === '1' && document.querySelector('#fault').hidden");
        await browser.Click(".layer:nth-child(1) .map");
        await browser.Until("document.querySelector('.detail .wide .help')?.textContent === 'The images could not be looked at: 0.png is damaged.'");
        Assert.DoesNotContain(browser.Complaints, complaint => !complaint.Contains("/api/example", StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_ends_with_a_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("explain-damaged-");
        try
        {
            Assert.Equal($"error: 20.png is damaged{Environment.NewLine}", Told(1, ["report", folder.FullName], new ExplainOptions<LeNet5>
            {
                Load = () => LeNet5.Pretrained.Share(),
                Data = _ => new ExplainData(new Damaged(Served.Digits, readable: 20), "damaged"),
            }));
            Assert.Empty(Directory.GetFileSystemEntries(folder.FullName));

            // A decoder's own fault, of a folder of pictures.
            Assert.Equal($"error: 'cat.png': too short{Environment.NewLine}", Told(1, ["report", folder.FullName], new ExplainOptions<LeNet5>
            {
                Load = () => LeNet5.Pretrained.Share(),
                Data = _ => throw new ImageException("'cat.png': too short"),
            }));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Any model is shown by one line; what it needs and doesn't have is said.</summary>
    [Fact]
    public void Another_model_is_shown_by_one_line()
    {
        var folder = Directory.CreateTempSubdirectory("explain-other-");
        try
        {
            var weights = Path.Combine(folder.FullName, "color.safetensors");
            using (var model = ColorNet.Create(seed: 3))
                model.Save(weights);

            Assert.Contains("ColorNet has no weights here: name a safetensors file by --weights FILE.", Told<ColorNet>(1, ["report", folder.FullName]), StringComparison.Ordinal);
            Assert.Contains("--epochs trains a model, and this program has no training of its own.", Told<ColorNet>(1, ["report", folder.FullName, "--epochs", "1"]), StringComparison.Ordinal);
            Assert.Equal("", Told<ColorNet>(0, ["report", folder.FullName, "--weights", weights]));
            Assert.Contains("<h1>ColorNet</h1>", File.ReadAllText(Path.Combine(folder.FullName, "report.html")), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Subject SubjectOf(ImageDataset images) => Subject.Of(LeNet5.Pretrained.Share(), new ExplainData(images, "made up"), null, []);

    /// <summary>What is known of a map once all images have been looked at.</summary>
    private static async Task<MapDetailReply> Looked(HttpClient client)
    {
        for (var i = 0; i < 300; i++)
        {
            var reply = await Served.Answer<MapDetailReply>(Served.Ask(client, "/api/map?layer=1&map=0", s_pixels));
            if (!reply.IsLooking)
                return reply;
            await Task.Delay(100);
        }

        Assert.Fail("The images are looked at without an end.");
        return null!;
    }

    /// <summary>What the program writes to standard error.</summary>
    private static string Told<TModel>(int exit, string[] arguments, ExplainOptions<TModel>? options = null)
        where TModel : class, IExplainableModel<TModel>
    {
        var before = Console.Error;
        using var told = new StringWriter();
        Console.SetError(told);
        try
        {
            Assert.Equal(exit, Explain.Run(arguments, options));
        }
        finally
        {
            Console.SetError(before);
        }

        return told.ToString();
    }

    /// <summary>Images of which only the first ones can be read.</summary>
    private sealed class Damaged(ImageDataset images, int readable) : ImageDataset(images.Shape, images.ClassCount, images.Count)
    {
        public int Readable { get; set; } = readable;

        public override void CopyImage(int index, Span<float> destination, Normalization normalization)
        {
            if (index >= Readable)
                throw new InvalidDataException(FormattableString.Invariant($"{index}.png is damaged"));
            images.CopyImage(index, destination, normalization);
        }

        public override int GetLabel(int index) => images.GetLabel(index);
    }
}
