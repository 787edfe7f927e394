using System.Globalization;
using System.Text;
using CnnGen.Insight;
using ExplainSample.Looking;
using ExplainSample.Serving;

namespace ExplainSample.Tests;

/// <summary>Many who ask at once: each gets the answer to his own question.</summary>
public sealed class LoadTests(Served served) : IClassFixture<Served>
{
    /// <summary>How many questions: <c>CNNGEN_LOAD=10000</c> makes it a campaign.</summary>
    private static int Questions => int.TryParse(Environment.GetEnvironmentVariable("CNNGEN_LOAD"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : 400;

    [Fact]
    public async Task Thirty_two_people_do_not_disturb_one_another()
    {
        var wrong = await Task.WhenAll(Enumerable.Range(0, 32).Select(async person =>
        {
            using var client = new HttpClient { BaseAddress = served.Address };
            var faults = 0;
            for (var turn = 0; turn < 6; turn++)
            {
                var pixels = Served.Digits.GetBytes((person + (32 * turn)) % Served.Digits.Count).ToArray();
                var expected = Served.Expected(pixels);
                var reply = await Served.Answer<ImageReply>(Served.Ask(client, "/api/look", pixels));
                faults += reply.Outputs.Zip(expected, (a, b) => Math.Abs(a - b)).Max() > 1e-4 ? 1 : 0;
                if (turn == 2)
                    await Served.Answer<OverlayReply>(Served.Ask(client, "/api/overlay?method=integrated&class=1", pixels));
            }

            return faults;
        }));

        Assert.Equal(0, wrong.Sum());
    }

    /// <summary>A tenth of the questions is malformed, in every way that somebody thought of.</summary>
    [Fact]
    public async Task No_question_gets_a_wrong_answer()
    {
        var expected = Enumerable.Range(0, Served.Digits.Count).Select(i => Served.Expected(Served.Digits.GetBytes(i))).ToArray();
        var png = new Picture(40, 40, Rgb.White).ToPng();
        var (right, refused) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, Questions), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, _) =>
        {
            if (i % 10 == 9)
            {
                var (address, body) = (i / 10 % 7) switch
                {
                    0 => ("/api/predict", new byte[i % 784]),
                    1 => ("/api/look", new byte[785 + (i % 1000)]),
                    2 => ("/api/decode", png[..(i % png.Length)]),
                    3 => ("/api/decode", Encoding.ASCII.GetBytes($"P5 {i} {i} 255\n")),
                    4 => ("/api/overlay?method=gradcam&class=x", new byte[784]),
                    5 => ($"/api/map?layer={i}&map=0", new byte[784]),
                    _ => ("/api/nothing", new byte[3]),
                };
                Assert.InRange((await Served.Refusal(Served.Ask(served.Client, address, body))).Status, 400, 404);
                Interlocked.Increment(ref refused);
                return;
            }

            var reply = await Served.Answer<ImageReply>(Served.Ask(served.Client, "/api/predict", Served.Digits.GetBytes(i % Served.Digits.Count).ToArray()));
            Served.AreClose(expected[i % expected.Length], reply.Outputs);
            Interlocked.Increment(ref right);
        });

        Assert.Equal((Questions - (Questions / 10), Questions / 10), (right, refused));
    }

    [Fact]
    public async Task Who_waits_is_served_in_turn_and_too_many_are_refused()
    {
        using var pool = new InstancePool<Single>([new Single()], mostWaiting: 3, TimeSpan.FromMinutes(1));
        using var go = new ManualResetEventSlim();
        var order = new List<int>();
        var first = Task.Run(() => pool.Use(_ =>
        {
            go.Wait();
            return 0;
        }, default));
        while (pool.FreeCount > 0)
            await Task.Delay(5);
        var waiting = new List<Task<int>>();
        for (var i = 1; i <= 3; i++)
        {
            var own = i;
            waiting.Add(pool.Use(_ =>
            {
                order.Add(own);
                return own;
            }, default));
        }

        await Assert.ThrowsAsync<OverloadedException>(() => pool.Use(_ => 4, default));
        go.Set();
        await Task.WhenAll([first, .. waiting]);
        Assert.Equal([1, 2, 3], order);
        Assert.Equal(5, await pool.Use(_ => 5, default));

        // What fails gives the object back.
        await Assert.ThrowsAsync<InvalidDataException>(() => pool.Use<int>(_ => throw new InvalidDataException(), default));
        Assert.Equal(1, pool.FreeCount);
    }

    [Fact]
    public async Task Whoever_waits_too_long_or_has_gone_is_let_go()
    {
        using var pool = new InstancePool<Single>([], mostWaiting: 3, TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAsync<OverloadedException>(() => pool.Use(_ => 1, default));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pool.Use(_ => 1, gone.Token));
    }

    [Fact]
    public async Task An_overloaded_server_says_so()
    {
        using var subject = Subject.Of(ColorNet.Create(), null, null, []);
        await using var server = await PageServer.Start(subject, port: 0, instances: 1, mostWaiting: 0);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var go = new ManualResetEventSlim();
        var busy = Task.Run(() => server.Pool.Use(_ =>
        {
            go.Wait();
            return 0;
        }, default));
        while (server.Pool.FreeCount > 0)
            await Task.Delay(5);
        var (status, sentence) = await Served.Refusal(Served.Ask(client, "/api/predict", new byte[360]));

        Assert.Equal((503, "Too many ask at once. Try again in a moment."), (status, sentence));
        go.Set();
        await busy;
        await Served.Answer<ImageReply>(Served.Ask(client, "/api/predict", new byte[360]));
    }

    private sealed class Single : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
