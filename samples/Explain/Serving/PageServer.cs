using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainSample.Looking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplainSample.Serving;

/// <summary>The page's server, on this machine alone. Nothing is kept of those who ask: what is answered hangs on the question.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    /// <summary>The most bytes of a question: a photograph has room.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>How many questions may wait for an answer.</summary>
    public const int MostWaiting = 128;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly WebApplication _application;
    private readonly InstancePool<Looker> _pool;
    private readonly CancellationTokenSource _stop;

    private PageServer(WebApplication application, InstancePool<Looker> pool, CancellationTokenSource stop, Uri address) => (_application, _pool, _stop, Address) = (application, pool, stop, address);

    /// <summary>Where the page is.</summary>
    public Uri Address { get; }

    /// <summary>What looks.</summary>
    public InstancePool<Looker> Pool => _pool;

    /// <summary>How numbers are written: also those that are not finite, which JSON has no sign for.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Serves until the user ends it.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static void Run(Subject subject, int port)
    {
        // What the page shows from its first moment on.
        _ = subject.Architecture;
        RunAsync(subject, port).GetAwaiter().GetResult();

        static async Task RunAsync(Subject subject, int port)
        {
            await using var server = await Start(subject, port);
            Console.WriteLine($"{subject.Name} is shown at {server.Address} (Ctrl+C ends it).");
            await server._application.WaitForShutdownAsync();
        }
    }

    /// <summary>Starts to serve.</summary>
    /// <param name="subject">What is shown.</param>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="instances">How many questions are worked on at once; 0 for one a processor.</param>
    /// <param name="mostWaiting">How many may wait.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<PageServer> Start(Subject subject, int port, int instances = 0, int mostWaiting = MostWaiting)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(PageServer).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.NumberHandling = Json.NumberHandling);
        builder.Services.AddRouting();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MostBytes;
            options.Limits.MaxConcurrentConnections = 512;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            Listen(options, port);
        });
        var application = builder.Build();
        var stop = new CancellationTokenSource();
        var pool = new InstancePool<Looker>([.. Enumerable.Range(0, instances > 0 ? instances : Environment.ProcessorCount).Select(_ => Ready(subject))], mostWaiting, s_patience);
        application.Use(Guard);
        new Questions(subject, pool, new Strongest(subject, stop.Token)).Map(application);
        try
        {
            await application.StartAsync();
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            await stop.CancelAsync();
            await application.DisposeAsync();
            pool.Dispose();
            throw new IOException($"Port {port.ToString(System.Globalization.CultureInfo.InvariantCulture)} can't be had: {fault.Message} Name another one by --port.", fault);
        }

        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new PageServer(application, pool, stop, new Uri(address));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _application.DisposeAsync();
        _pool.Dispose();
        _stop.Dispose();
    }

    private static void Listen(KestrelServerOptions options, int port)
    {
        // A port that is to be found has to be one address's.
        if (port == 0)
            options.Listen(IPAddress.Loopback, 0);
        else
            options.ListenLocalhost(port);
    }

    /// <summary>A network that has computed once: its memory is there and its kernels are compiled.</summary>
    private static Looker Ready(Subject subject)
    {
        var looker = subject.NewLooker();
        looker.Look(new byte[subject.InputShape.Length], hasLayers: true);
        return looker;
    }

    /// <summary>Answers only what was asked of this machine by its own names, and lets the page load nothing from elsewhere.</summary>
    private static async Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.Value!.EndsWith(".svg", StringComparison.Ordinal)
            ? "default-src 'none'; style-src 'unsafe-inline'" // Drawings have their colours inside.
            : "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        if (context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            await Questions.Fault(StatusCodes.Status400BadRequest, "This page is for this machine: ask for localhost.").ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OverloadedException fault)
        {
            headers.RetryAfter = "1";
            await Questions.Fault(StatusCodes.Status503ServiceUnavailable, fault.Message).ExecuteAsync(context);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException fault)
        {
            var isLarge = fault.StatusCode == StatusCodes.Status413PayloadTooLarge;
            await Questions.Fault(fault.StatusCode, isLarge ? $"The file is too large: at most {MostBytes >> 20} MiB are read." : "The question can't be read.").ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            await Console.Error.WriteLineAsync($"error: {context.Request.Path}: {fault}");
            await Questions.Fault(StatusCodes.Status500InternalServerError, "This should not have happened; the terminal says what did.").ExecuteAsync(context);
        }
    }
}
