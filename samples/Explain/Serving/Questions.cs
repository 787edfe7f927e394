using System.Globalization;
using CnnGen.Images;
using CnnGen.Insight;
using ExplainSample.Looking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExplainSample.Serving;

/// <summary>What may be asked, and the answers. An image is H x W x C bytes in the question's body.</summary>
internal sealed class Questions(Subject subject, InstancePool<Looker> pool, Strongest strongest)
{
    private static readonly DecodeOptions s_bounds = new() { MaxPixels = 50_000_000, MaxMemory = 128L << 20, MaxTime = TimeSpan.FromSeconds(5) };

    private static readonly Dictionary<string, string> s_types = new()
    {
        ["index.html"] = "text/html; charset=utf-8",
        ["page.css"] = "text/css; charset=utf-8",
        ["page.js"] = "text/javascript; charset=utf-8",
        ["pad.js"] = "text/javascript; charset=utf-8",
        ["layers.js"] = "text/javascript; charset=utf-8",
        ["maps.js"] = "text/javascript; charset=utf-8",
    };

    /// <summary>The ways to look that there are for this network.</summary>
    private readonly IReadOnlyList<Method> _methods = MethodsOf(subject);

    /// <summary>Adds the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => PageFile("index.html"));
        routes.MapGet("/{file}", (string file) => PageFile(file));
        routes.MapGet("/api/model", () => Results.Json(Model()));
        routes.MapGet("/api/architecture.svg", () => Results.Text(subject.Architecture, "image/svg+xml; charset=utf-8"));
        routes.MapGet("/api/history.svg", () => subject.History is { } history
            ? Results.Text(history.ToSvg(), "image/svg+xml; charset=utf-8")
            : Fault(StatusCodes.Status404NotFound, "Nobody knows the history of this model's training."));
        routes.MapGet("/api/example", (HttpContext context) => Example(context));
        Post("/api/decode", Decode);
        Post("/api/predict", context => Look(context, hasLayers: false));
        Post("/api/look", context => Look(context, hasLayers: true));
        Post("/api/overlay", Overlay);
        Post("/api/map", Detail);
        routes.MapFallback(() => Fault(StatusCodes.Status404NotFound, "There is no such page."));

        void Post(string address, Func<HttpContext, Task<IResult>> answer) => routes.MapPost(address, (Delegate)answer);
    }

    /// <summary>Why there is no answer, as a sentence.</summary>
    public static IResult Fault(int status, string sentence) => Results.Json(new FaultReply(sentence), statusCode: status);

    private static IResult PageFile(string name)
    {
        if (!s_types.TryGetValue(name, out var type))
            return Fault(StatusCodes.Status404NotFound, "There is no such page.");
        var stream = typeof(Questions).Assembly.GetManifestResourceStream("page/" + name)!;
        return Results.Stream(stream, type);
    }

    private static IReadOnlyList<Method> MethodsOf(Subject subject)
    {
        using var looker = subject.NewLooker();
        return Method.For(looker);
    }

    private object Model() => new
    {
        subject.Name,
        subject.InputShape.Channels,
        subject.InputShape.Height,
        subject.InputShape.Width,
        subject.ClassNames,
        subject.GivesProbabilities,
        subject.Summary.Parameters,
        subject.Summary.MultiplyAdds,
        Images = subject.Data?.Images.Count ?? 0,
        Origin = subject.Data?.Origin,
        HasHistory = subject.History is not null,
        Sequential = Table(ColorMap.Sequential),
        Diverging = Table(ColorMap.Diverging),
        PageServer.MostBytes,
        Methods = _methods.Select(method => new { method.Id, method.Name }),
        subject.Costs.ThreadCount,
        Layers = subject.Summary.Layers.Zip(subject.Costs.Layers, (layer, cost) => new
        {
            layer.Name,
            layer.Kind,
            layer.OutputShape,
            layer.ReceptiveField,
            layer.Parameters,
            layer.MultiplyAdds,
            cost.Nanoseconds,
        }),
    };

    private static byte[] Table(ColorMap map) => [.. map.Colors.ToArray().SelectMany(color => (byte[])[color.R, color.G, color.B])];

    private IResult Example(HttpContext context)
    {
        if (subject.Data is not { } data)
            return Fault(StatusCodes.Status404NotFound, "No images are at hand: --data DIR gives some.");
        if (Number(context, "index", data.Images.Count) is not { } index)
            return Fault(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"'index' has to be a number from 0 to {data.Images.Count - 1}."));
        var (shape, floats) = (subject.InputShape, new float[subject.InputShape.Length]);
        try
        {
            data.Images.CopyImage(index, floats, subject.Normalization);
        }
        catch (Exception fault) when (DataFaults.Are(fault))
        {
            return Fault(StatusCodes.Status500InternalServerError, string.Create(CultureInfo.InvariantCulture, $"Image {index} of the data can't be read: {fault.Message.TrimEnd('.')}."));
        }

        // A picture has three channels, whatever the image has.
        var rgb = Picture.OfImage(floats, shape, subject.Normalization).Pixels;
        var pixels = shape.Channels == 3 ? rgb : [.. rgb.Where((_, i) => i % 3 == 0)];
        return Results.Json(new ExampleReply(pixels, index, data.Images.ClassCount > 0 ? subject.ClassNames[data.Images.GetLabel(index)] : null));
    }

    private async Task<IResult> Decode(HttpContext context)
    {
        var file = await Body(context, PageServer.MostBytes);
        if (file.Length == 0)
            return Fault(StatusCodes.Status400BadRequest, "The file is empty.");
        try
        {
            // Decoding takes a processor as looking does, so that it waits its turn as well.
            var reply = await pool.Use(
                _ =>
                {
                    var image = Image.Decode(file, s_bounds).WithChannels(subject.InputShape.Channels == 3 ? 3 : 1);
                    return new DecodedReply(image.Resize(subject.InputShape.Width, subject.InputShape.Height).Pixels, image.Width, image.Height);
                },
                context.RequestAborted);
            return Results.Json(reply);
        }
        catch (ImageException fault)
        {
            return Fault(StatusCodes.Status400BadRequest, $"This is no picture that can be read: {fault.Message.TrimEnd('.')}.");
        }
    }

    private async Task<IResult> Look(HttpContext context, bool hasLayers)
    {
        var (pixels, fault) = await Pixels(context);
        return fault ?? Results.Json(await pool.Use(looker => looker.Look(pixels, hasLayers), context.RequestAborted));
    }

    private async Task<IResult> Overlay(HttpContext context)
    {
        var name = context.Request.Query["method"].ToString();
        if (_methods.FirstOrDefault(one => one.Id == name) is not { } method)
            return Fault(StatusCodes.Status400BadRequest, $"There is no method of this name. There are {string.Join(", ", _methods.Select(one => one.Id))}.");
        if (Number(context, "class", subject.ClassNames.Count) is not { } index)
            return Fault(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"'class' has to be a number from 0 to {subject.ClassNames.Count - 1}."));
        var (pixels, fault) = await Pixels(context);
        if (fault is not null)
            return fault;
        try
        {
            return Results.Json(await pool.Use(looker => looker.Overlay(pixels, method, index), context.RequestAborted));
        }
        catch (ArgumentException refusal)
        {
            return Fault(StatusCodes.Status400BadRequest, refusal.Message);
        }
    }

    private async Task<IResult> Detail(HttpContext context)
    {
        var layers = subject.Summary.Layers.Count;
        if (Number(context, "layer", layers + 1) is not (> 0 and var layer))
            return Fault(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"'layer' has to be a number from 1 to {layers}."));
        var channels = int.Parse(subject.Summary.Layers[layer - 1].OutputShape.Split('x')[0], CultureInfo.InvariantCulture);
        if (Number(context, "map", channels) is not { } map)
            return Fault(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"'map' has to be a number from 0 to {channels - 1}."));
        var (pixels, fault) = await Pixels(context);
        return fault ?? Results.Json(await pool.Use(looker => looker.Detail(pixels, layer, map, strongest), context.RequestAborted));
    }

    private async Task<(byte[] Pixels, IResult? Fault)> Pixels(HttpContext context)
    {
        var (shape, expected) = (subject.InputShape, subject.InputShape.Length);
        var pixels = await Body(context, expected);
        return pixels.Length == expected
            ? (pixels, null)
            : (pixels, Fault(StatusCodes.Status400BadRequest, string.Create(
                CultureInfo.InvariantCulture,
                $"An image of {shape} has {expected} bytes, height x width x channels, but {(pixels.Length > expected ? "more" : pixels.Length.ToString(CultureInfo.InvariantCulture))} were sent.")));
    }

    /// <summary>The question's body, or a byte more than the most where it is longer.</summary>
    private static async Task<byte[]> Body(HttpContext context, int most)
    {
        var bytes = new byte[(int)Math.Min(most + 1L, Math.Max(0, context.Request.ContentLength ?? most + 1L))];
        var length = 0;
        while (length < bytes.Length && await context.Request.Body.ReadAsync(bytes.AsMemory(length), context.RequestAborted) is > 0 and var read)
            length += read;
        return length == bytes.Length ? bytes : bytes[..length];
    }

    private static int? Number(HttpContext context, string name, int bound) =>
        int.TryParse(context.Request.Query[name].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < bound ? number : null;
}
