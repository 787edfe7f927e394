using System.Globalization;
using System.Text.Json;
using CnnGen.Insight;
using ExplainSample.Looking;
using ExplainSample.Serving;

namespace ExplainSample.Tests.Browser;

/// <summary>The page as somebody uses it: drawing, predicting, choosing maps, overlays, covering; by pointer and by keyboard. Pictures of it are left in <c>screenshots</c> beside the tests.</summary>
public sealed class PageTests(Served served) : IClassFixture<Served>
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "screenshots");

    [ChromiumFact]
    public async Task A_digit_is_drawn_and_looked_into()
    {
        await using var browser = await Opened(1360, 1000, isDark: false);
        await browser.Until("document.querySelectorAll('.map').length >= 6 + 6 + 6 + 16");
        await browser.Screenshot(Shot("light-start"));

        // A one: down the middle.
        await browser.Click("#clear");
        await browser.Until("document.querySelector('#verdict').textContent.includes('draw something')");
        var (x, y, width, height) = await browser.PlaceOf("#keys");
        await browser.Drag([.. Enumerable.Range(0, 21).Select(i => (x, y + ((i - 10) * height / 30)))]);
        await browser.Until("document.querySelector('#scores .best .name')?.textContent === '1'");
        var pixels = await Pixels(browser);
        Assert.Equal(1, Best(Served.Expected(pixels)));
        Assert.InRange(pixels.Count(value => value > 127), 20, 90);

        // An overlay, and what it says.
        await browser.Evaluate("(() => { const m = document.querySelector('#method'); m.value = 'integrated'; m.dispatchEvent(new Event('change')); })()");
        await browser.Until("document.querySelector('#overlay').dataset.method === 'integrated'");
        Assert.True(await Painted(browser) > 20);
        Assert.StartsWith("For 1: ", (await browser.Evaluate("document.querySelector('#overlay-text').textContent"))!.GetValue<string>(), StringComparison.Ordinal);

        // A map of the second convolution.
        await browser.Click(".layer:nth-child(5) .map:nth-child(4)");
        await browser.Until("document.querySelectorAll('.detail .strip img').length >= 6 + 18");
        await browser.Until("[...document.querySelectorAll('.detail img')].every(image => image.complete && image.naturalWidth > 0)");
        Assert.Equal("Map 3 of ReLU2", (await browser.Evaluate("document.querySelector('.detail').getAttribute('aria-label')"))!.GetValue<string>());
        Assert.False((await browser.Evaluate("document.querySelector('#field').hidden"))!.GetValue<bool>());
        await browser.Screenshot(Shot("light-detail"));
        await browser.Click(".detail button");
        await browser.Until("document.querySelector('.detail') === null && document.querySelector('#field').hidden");

        // Covered at its middle, what was a one is less of one.
        await browser.Evaluate("document.querySelector('#method').value = ''; document.querySelector('#method').dispatchEvent(new Event('change'))");
        await browser.Click("input[value=cover]");
        await browser.Until("!document.querySelector('#covered').hidden");
        (x, y, _, _) = await browser.PlaceOf("#keys");
        await browser.Drag([(x - (width / 3), y), (x, y), (x, y + 4)]);
        await browser.Until("document.querySelector('#covered').textContent.startsWith('1 without the square')");
        var covered = await Pixels(browser);
        Assert.True(covered.Count(value => value > 127) < pixels.Count(value => value > 127));
        Assert.Equal(0, covered[(14 * 28) + 14]);
        await browser.Screenshot(Shot("light-cover"));
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task The_keyboard_alone_draws_and_chooses()
    {
        await using var browser = await Opened(1100, 900, isDark: true);
        await browser.Evaluate("document.querySelector('#keys').focus()");
        await browser.Key("Delete", 46);
        await browser.Until("document.querySelector('#verdict').textContent.includes('draw something')");
        for (var i = 0; i < 8; i++)
            await browser.Key("ArrowUp", 38);
        await browser.Key(" ", 32, " ");
        for (var i = 0; i < 17; i++)
            await browser.Key("ArrowDown", 40);
        await browser.Until("document.querySelector('#scores .best .name')?.textContent === '1'");
        await browser.Until("document.querySelector('#announce').textContent.startsWith('Prediction: 1')");

        // Tab comes to each layer once, arrows go through its maps, Enter chooses.
        await browser.Evaluate("document.querySelector('.layer:nth-child(1) .map').focus()");
        await browser.Key("ArrowRight", 39);
        await browser.Key("ArrowRight", 39);
        await browser.Key("Enter", 13, "\r");
        await browser.Until("document.querySelector('.detail')?.getAttribute('aria-label') === 'Map 2 of Conv1'");
        Assert.Equal(1, (await browser.Evaluate("[...document.querySelectorAll('.layer:nth-child(1) .map')].filter(map => map.tabIndex === 0).length"))!.GetValue<int>());

        // Whatever takes the focus has a name.
        var nameless = await browser.Evaluate("""
            [...document.querySelectorAll('button, select, input, [tabindex="0"]')].filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim())).map(e => e.outerHTML)
            """);
        Assert.Empty(nameless!.AsArray());
        await browser.Until("document.querySelectorAll('.detail .strip img').length >= 1 + 18");
        await browser.Screenshot(Shot("dark-detail"));

        // What was chosen is read aloud, and Escape leads back to the map.
        await browser.Until("/^Conv1, map 2: .* at row \\d+, column \\d+\\. More below/.test(document.querySelector('#announce').textContent)");
        await browser.Evaluate("document.querySelector('.detail button').focus()");
        await browser.Key("Escape", 27);
        await browser.Until("document.querySelector('.detail') === null && document.activeElement.getAttribute('aria-label')?.startsWith('Map 2 of Conv1')");
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task The_curves_of_a_training_are_shown_where_there_was_one()
    {
        var trained = ExplainTraining.Of<LeNet5>()(Served.Digits.Subset(0, 100), Served.Digits, 2);
        using var subject = Subject.Of(trained.Model, null, trained.History, trained.Evolutions);
        await using var server = await PageServer.Start(subject, port: 0, instances: 1);
        await using var browser = await Opened(1360, 1000, isDark: true, address: server.Address);

        await browser.Until("!document.querySelector('#history-section').hidden && document.querySelector('#history').naturalWidth > 0 && document.querySelector('#architecture').naturalWidth > 0");
        await browser.Evaluate("document.querySelector('#history-section').scrollIntoView()");
        await browser.Screenshot(Shot("dark-history"));
        Assert.True((await browser.Evaluate("document.querySelector('#example').hidden"))!.GetValue<bool>());
        Assert.Empty(browser.Complaints);
    }

    [ChromiumFact]
    public async Task A_picture_is_dropped_and_a_bad_one_gets_a_sentence()
    {
        await using var browser = await Opened(390, 844, isDark: false, scale: 2);
        await browser.Screenshot(Shot("phone"));

        // Black ink on white paper, as a photograph has it.
        var digit = Served.Digits.GetBytes(6).ToArray();
        var paper = new Picture(112, 112, Rgb.White);
        for (var i = 0; i < 112 * 112; i++)
            paper[i % 112, i / 112] = Rgb.Grey((byte)(255 - digit[(i / 448 * 28) + (i % 112 / 4)]));
        await Drop(browser, "digit.png", paper.ToPng());
        await browser.Until("document.querySelector('#source').textContent.startsWith('digit.png, 112')");
        Assert.Equal(digit, await Pixels(browser));
        Assert.True((await browser.Evaluate("document.querySelector('#fault').hidden"))!.GetValue<bool>());

        await Drop(browser, "bad.png", paper.ToPng()[..40]);
        await browser.Until("document.querySelector('#fault-text').textContent.startsWith('This is no picture that can be read')");
        await browser.Screenshot(Shot("phone-fault"));
        await browser.Click("#fault-close");
        await browser.Until("document.querySelector('#fault').hidden && document.activeElement.id === 'keys'");

        // Nothing is wider than the phone.
        Assert.True((await browser.Evaluate("document.documentElement.scrollWidth <= window.innerWidth"))!.GetValue<bool>());
        await browser.Evaluate("document.querySelector('#layers').scrollIntoView()");
        await browser.Screenshot(Shot("phone-layers"));
        await browser.Evaluate("document.querySelector('#architecture').scrollIntoView()");
        await browser.Until("document.querySelector('#architecture').complete");
        await browser.Look(1360, 1000, isDark: true);
        await browser.Evaluate("document.querySelector('#architecture').scrollIntoView()");
        await browser.Screenshot(Shot("dark-architecture"));
        await browser.Evaluate("window.scrollTo(0, 0)");
        await browser.Screenshot(Shot("dark-start"));

        // The refusal is an answer of the server's, which browsers note; scripts complain of nothing.
        Assert.DoesNotContain(browser.Complaints, complaint => !complaint.Contains("/api/decode", StringComparison.Ordinal));
    }

    private static string Shot(string name) => Path.Combine(s_folder, name + ".png");

    private async Task<Chromium> Opened(int width, int height, bool isDark, double scale = 1, Uri? address = null)
    {
        var browser = await Chromium.Start();
        await browser.Look(width, height, isDark, scale);
        await browser.Open(address ?? served.Address);
        await browser.Until("document.body?.dataset.ready === 'true' && (document.querySelector('#scores .best') || document.querySelector('#verdict').textContent.includes('draw something'))");
        return browser;
    }

    /// <summary>What stands on the canvas, in grey.</summary>
    private static async Task<byte[]> Pixels(Chromium browser)
    {
        var data = await browser.Evaluate("(() => { const c = document.querySelector('#pad'); return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 === 0); })()");
        return [.. data!.AsArray().Select(value => (byte)value!.GetValue<int>())];
    }

    private static async Task<int> Painted(Chromium browser) => (await browser.Evaluate(
        "(() => { const c = document.querySelector('#overlay'); return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((value, i) => i % 4 === 3 && value > 40).length; })()"))!.GetValue<int>();

    private static Task Drop(Chromium browser, string name, byte[] file) => browser.Evaluate(string.Create(CultureInfo.InvariantCulture, $$"""
        (() => {
          const bytes = Uint8Array.from(atob("{{Convert.ToBase64String(file)}}"), sign => sign.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], {{JsonSerializer.Serialize(name)}}));
          document.querySelector("#stage").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        })()
        """));

    private static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());
}
