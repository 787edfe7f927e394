using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace CnnGen.Generator.Tests.Support;

/// <summary>A project with weights files among its AdditionalFiles, in a folder of its own that goes when it's disposed of.</summary>
internal sealed class WeightsProject : AnalyzerConfigOptionsProvider, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnngen-weights-");
    private readonly Dictionary<string, Metadata> _metadata = [];
    private readonly List<AdditionalText> _texts = [];

    public IReadOnlyList<AdditionalText> Texts => _texts;

    /// <summary>The files that a build makes resources, and the resources' names.</summary>
    public List<(string Path, string Resource)> Inside { get; } = [];

    public override AnalyzerConfigOptions GlobalOptions { get; } = new Metadata([]);

    /// <summary>A header of F32 tensors, and zeros.</summary>
    public static byte[] Make(params (string Name, string Type, long[] Shape)[] tensors)
    {
        var header = new StringBuilder();
        var offset = 0L;
        foreach (var (name, type, shape) in tensors)
        {
            var size = type switch { "F64" or "I64" => 8, "F16" or "BF16" => 2, "U8" => 1, _ => 4 };
            var end = offset + (size * shape.Aggregate(1L, (a, b) => a * b));
            header.Append(header.Length == 0 ? "{" : ",")
                .Append(FormattableString.Invariant($"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{end}]}}"));
            offset = end;
        }

        return Make(header.Append(header.Length == 0 ? "{}" : "}").ToString(), (int)offset);
    }

    public static byte[] Make(string header, int dataLength)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Adds a file, as the build files of CnnGen show it to the compiler; <paramref name="embed"/> is null without those.</summary>
    public WeightsProject Add(string name, byte[]? content, string? embed = "Inside", string? resource = null)
    {
        var path = PathOf(name);
        if (content is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        var text = new Binary(path);
        _texts.Add(text);
        var values = new Dictionary<string, string>();
        if (embed is not null)
        {
            values.Add("build_metadata.AdditionalFiles.CnnGenEmbed", embed);
            values.Add("build_metadata.AdditionalFiles.CnnGenName", resource ?? Path.GetFileName(name));
            if (embed == "Inside")
                Inside.Add((path, resource ?? Path.GetFileName(name)));
        }

        _metadata[path] = new Metadata(values);
        return this;
    }

    public GeneratorDriver Driver(CnnGenerator? generator = null) => CSharpGeneratorDriver.Create(
        [(generator ?? new CnnGenerator()).AsSourceGenerator()],
        _texts,
        GeneratorHarness.ParseOptions,
        this,
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public GeneratorRun Run(params string[] sources) => Run(GeneratorHarness.Compile(sources));

    public GeneratorRun Run(CSharpCompilation compilation, CnnGenerator? generator = null)
    {
        var driver = Driver(generator).RunGeneratorsAndUpdateCompilation(compilation, out var output, out _);
        return new GeneratorRun(driver, compilation, (CSharpCompilation)output);
    }

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _metadata[textFile.Path];

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A file that is no text: asking for its text is what the generator must not do.</summary>
    private sealed class Binary(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("All of a weights file was asked for as text.");
    }

    private sealed class Metadata(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
