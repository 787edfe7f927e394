using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExplainSample.Tests.Browser;

/// <summary>A Chromium without a window and one page of it, driven by the DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly CancellationTokenSource _end = new();
    private Task _listening = Task.CompletedTask;
    private int _last;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page's scripts complained of.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<Chromium> Start()
    {
        var profile = Directory.CreateTempSubdirectory("explain-chromium-").FullName;
        var start = new ProcessStartInfo(ChromiumFactAttribute.Program!) { RedirectStandardError = true, RedirectStandardOutput = true };

        // Without its sandbox, which containers lack; it sees nothing but the page of this test.
        foreach (var argument in (string[])[
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
            $"--user-data-dir={profile}", "about:blank"])
            start.ArgumentList.Add(argument);
        var chromium = new Chromium(Process.Start(start)!, profile);
        try
        {
            await chromium.Connect();
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a command and waits for its result.</summary>
    public async Task<JsonNode> Send(string method, object? parameters = null)
    {
        var id = Interlocked.Increment(ref _last);
        var asked = _asked[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { } }), WebSocketMessageType.Text, true, _end.Token);
        return await asked.Task.WaitAsync(s_patience);
    }

    /// <summary>The value of an expression in the page; a promise's is awaited.</summary>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        var reply = await Send("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        Assert.True(reply["exceptionDetails"] is null, reply.ToJsonString());
        return reply["result"]!["value"]?.DeepClone();
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task Until(string expression)
    {
        var start = Stopwatch.GetTimestamp();
        while ((await Evaluate($"Boolean({expression})"))!.GetValue<bool>() is false)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"In vain: {expression}. The page said: {string.Join(" | ", Complaints)}");
            await Task.Delay(50);
        }
    }

    /// <summary>Opens an address.</summary>
    public Task Open(Uri address) => Send("Page.navigate", new { url = address.ToString() });

    /// <summary>The window's size, and whether the reader prefers dark.</summary>
    public async Task Look(int width, int height, bool isDark, double scale = 1)
    {
        await Send("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = scale, mobile = width < 600 });
        await Send("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = isDark ? "dark" : "light" } } });
    }

    /// <summary>Where an element is: its middle and its size.</summary>
    public async Task<(double X, double Y, double Width, double Height)> PlaceOf(string selector)
    {
        var box = await Evaluate($$"""
            (() => {
              const element = document.querySelector({{JsonSerializer.Serialize(selector)}});
              element.scrollIntoView({ block: "center" });
              const box = element.getBoundingClientRect();
              return [box.x, box.y, box.width, box.height];
            })()
            """);
        var numbers = box!.AsArray().Select(number => number!.GetValue<double>()).ToArray();
        return (numbers[0] + (numbers[2] / 2), numbers[1] + (numbers[3] / 2), numbers[2], numbers[3]);
    }

    /// <summary>Clicks the middle of an element.</summary>
    public async Task Click(string selector)
    {
        var (x, y, _, _) = await PlaceOf(selector);
        await Drag([(x, y)]);
    }

    /// <summary>Presses the mouse at the first place, moves it along and lets go at the last.</summary>
    public async Task Drag(IReadOnlyList<(double X, double Y)> places)
    {
        await Mouse("mouseMoved", places[0], 0);
        await Mouse("mousePressed", places[0], 1);
        foreach (var place in places.Skip(1))
            await Mouse("mouseMoved", place, 1);
        await Mouse("mouseReleased", places[^1], 0);
    }

    /// <summary>Presses a key and lets it go.</summary>
    public async Task Key(string key, int code, string text = "")
    {
        await Send("Input.dispatchKeyEvent", new { type = text.Length > 0 ? "keyDown" : "rawKeyDown", key, windowsVirtualKeyCode = code, text });
        await Send("Input.dispatchKeyEvent", new { type = "keyUp", key, windowsVirtualKeyCode = code });
    }

    /// <summary>Puts a picture of the window into a file.</summary>
    public async Task Screenshot(string path, bool isWhole = false)
    {
        var reply = await Send("Page.captureScreenshot", new { format = "png", captureBeyondViewport = isWhole });
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(reply["data"]!.GetValue<string>()));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _socket.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _listening.ContinueWith(_ => { }, TaskScheduler.Default);
        for (var attempt = 0; attempt < 20 && Directory.Exists(_profile); attempt++)
        {
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException)
            {
                // Its last processes are still writing.
                await Task.Delay(100);
            }
        }

        _end.Dispose();
    }

    private async Task Connect()
    {
        const string Sign = "DevTools listening on ws://";
        using var patience = new CancellationTokenSource(s_patience);
        string? line;
        while ((line = await _process.StandardError.ReadLineAsync(patience.Token)) is not null && !line.StartsWith(Sign, StringComparison.Ordinal))
        {
        }

        Assert.NotNull(line);
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, _end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        using var client = new HttpClient();
        var pages = await client.GetFromJsonAsync<JsonArray>($"http://{line[Sign.Length..].Split('/')[0]}/json/list", patience.Token);
        var page = pages!.First(one => one!["type"]!.GetValue<string>() == "page");
        await _socket.ConnectAsync(new Uri(page!["webSocketDebuggerUrl"]!.GetValue<string>()), patience.Token);
        _listening = Listen();
        await Send("Page.enable");
        await Send("Runtime.enable");
        await Send("Log.enable");
    }

    private async Task Listen()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        while (!_end.IsCancellationRequested)
        {
            message.SetLength(0);
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), _end.Token);
                message.Write(buffer.AsSpan(0, part.Count));
            }
            while (!part.EndOfMessage);
            var node = JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!;
            if (node["id"] is { } id && _asked.TryRemove(id.GetValue<int>(), out var asked))
            {
                if (node["error"] is { } error)
                    asked.SetException(new InvalidOperationException(error.ToJsonString()));
                else
                    asked.SetResult(node["result"]!);
            }
            else if (node["method"]?.GetValue<string>() is "Runtime.exceptionThrown" || node["params"]?["entry"]?["level"]?.GetValue<string>() == "error")
            {
                Complaints.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{node["params"]!.ToJsonString()}"));
            }
        }
    }

    private Task Mouse(string type, (double X, double Y) place, int buttons) =>
        Send("Input.dispatchMouseEvent", new { type, x = place.X, y = place.Y, button = type == "mouseMoved" && buttons == 0 ? "none" : "left", buttons, clickCount = type == "mouseMoved" ? 0 : 1 });
}
