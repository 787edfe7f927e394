using CnnGen.Generator.Arguments;
using CnnGen.Generator.Declarations;
using CnnGen.Generator.Diagnostics;
using CnnGen.Generator.Emitting;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Planning.Cpu.Kernels;
using CnnGen.Generator.Planning.Cpu.Memory;
using CnnGen.Generator.Weights;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator;

/// <summary>
/// The pipeline: read -> resolve -> compare with the weights -> plan and emit. What is read splits at once into its content, which all later steps see, and its
/// locations, which only diagnostics see: an edit that only moves text emits nothing anew.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CnnGenerator : IIncrementalGenerator
{
    internal const string ReadStep = "Read";
    internal const string ContentStep = "Content";
    internal const string ResolveStep = "Resolve";
    internal const string HeaderStep = "Header";
    internal const string WeightsFilesStep = "WeightsFiles";
    internal const string WeightsStep = "Weights";
    internal const string RequestStep = "Request";
    internal const string KernelsStep = "Kernels";
    internal const string SharedKernelsStep = "SharedKernels";
    internal const string BodyStep = "Body";
    internal const string ShellStep = "Shell";
    internal const string DiagnoseStep = "Diagnose";
    internal const string BlockStep = "Block";
    internal const string BlockRecordStep = "BlockRecord";

    private readonly GeneratorSteps _steps;

    /// <summary>The generator as the compiler runs it.</summary>
    public CnnGenerator()
        : this(new GeneratorSteps())
    {
    }

    internal CnnGenerator(GeneratorSteps steps) => _steps = steps;

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var declarations = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                "CnnGen.ModelAttribute",
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax or StructDeclarationSyntax,
                (attributed, cancellation) => Read(attributed, cancellation))
            .Where(static declaration => declaration is not null)
            .Select(static (declaration, _) => declaration!)
            .WithTrackingName(ReadStep);

        var project = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => ProjectOptions.Of(options));
        var repeated = declarations.Collect()
            .Select(static (all, _) => ModelContent.Repeated(all.Select(static declaration => declaration.Content)));
        var resolutions = declarations
            .Select(static (declaration, _) => declaration.Content)
            .WithTrackingName(ContentStep)
            .Combine(repeated)
            .Select(static (pair, _) => pair.Right.Contains(pair.Left) ? pair.Left.WithoutCode() : pair.Left)
            .Select((content, _) => Resolve(content))
            .WithTrackingName(ResolveStep)
            .Combine(WeightsFiles(context))
            .Select((pair, _) => CheckWeights(pair.Left, pair.Right))
            .WithTrackingName(WeightsStep)
            .Combine(project)
            .Select(static (pair, _) => pair.Right.IsNative ? pair.Left.WithoutIlgpu() : pair.Left);

        var clashes = declarations.Collect()
            .Select(static (all, _) => HintNames.Clashes(all.Select(static declaration => declaration.Content.HintName)));
        var named = resolutions.Combine(clashes).Select(static (pair, _) => pair.Left.WithDistinctFiles(pair.Right));

        var requests = named
            .Where(static resolution => resolution.Request is not null)
            .Select(static (resolution, _) => resolution.Request!)
            .WithTrackingName(RequestStep);
        context.RegisterSourceOutput(requests, (output, request) => Emit(output, request.ClassName, () => _steps.Signatures(request)));
        EmitBodies(context, requests);

        var shells = named
            .Where(static resolution => resolution is { Request: null, Shell: not null })
            .Select(static (resolution, _) => resolution.Shell!)
            .WithTrackingName(ShellStep);
        context.RegisterSourceOutput(shells, (output, shell) => Emit(output, shell.ClassName, () => [_steps.Shell(shell)]));

        // Both lists hold an item for each declaration, in the same order. Only problems are put beside the compilation, which changes with
        // every edit, so that a project without errors does nothing here.
        var problems = Together(declarations).Combine(Together(resolutions))
            .SelectMany(static (all, _) => all.Left.Zip(all.Right, Diagnoser.Locate).SelectMany(static problems => problems))
            .Collect()
            .SelectMany(static (all, _) => Diagnoser.OncePerLine(all))
            .WithTrackingName(DiagnoseStep);
        var reporting = project.Combine(context.CompilationProvider)
            .Select(static (pair, _) => new Reporting(pair.Right, pair.Left.Documents));
        Report(context, problems, reporting);
        InitializeBlocks(context, reporting);
    }

    // Values of the pipeline are classes, which share one compilation of Roslyn's methods for them. Each struct (a tuple of three, an ImmutableArray in a tuple) would have
    // all of these methods compiled anew when the generator runs first: 10 to 15 ms each.

    /// <summary>All values as one.</summary>
    private static IncrementalValueProvider<T[]> Together<T>(IncrementalValuesProvider<T> values)
        where T : class => values.Collect().Select(static (all, _) => all.ToArray());

    private static void Report(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<LocatedProblem> problems, IncrementalValueProvider<Reporting> reporting) =>
        context.RegisterSourceOutput(
            problems.Combine(reporting),
            static (output, pair) => output.ReportDiagnostic(Diagnoser.ToDiagnostic(pair.Left, pair.Right.Compilation, pair.Right.Documents)));

    /// <summary>
    /// The passes of all models. A kernel that several of them call is emitted once, for all; so each model's text depends on the others, but only as far as they share kernels with it.
    /// </summary>
    private void EmitBodies(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<EmitRequest> requests)
    {
        var models = requests
            .Select((request, _) => new ModelKernels(request, KernelsOf(request)))
            .WithTrackingName(KernelsStep);
        var shared = models.Collect()
            .Select(static (all, _) => ModelKernels.Shared(all))
            .WithTrackingName(SharedKernelsStep);
        var bodies = models.Combine(shared)
            .Select(static (pair, _) => pair.Left.WithShared(pair.Right))
            .WithTrackingName(BodyStep);
        context.RegisterImplementationSourceOutput(bodies, (output, body) => Emit(output, body.Request.ClassName, () => _steps.Bodies(body)));
        context.RegisterImplementationSourceOutput(shared, (output, kernels) => Emit(output, "CnnGen", () => _steps.Shared(kernels)));
    }

    private EquatableArray<Kernel> KernelsOf(EmitRequest request)
    {
        try
        {
            return _steps.Kernels(request);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What emits the model meets the same fault, and reports it.
            return [];
        }
    }

    /// <summary>The blocks of the project: what is wrong with them, whether or not a model uses them, and their records for models elsewhere.</summary>
    private void InitializeBlocks(IncrementalGeneratorInitializationContext context, IncrementalValueProvider<Reporting> reporting)
    {
        var blocks = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => node is ClassDeclarationSyntax { BaseList: not null },
                (syntax, cancellation) => ReadBlock(syntax, cancellation))
            .Where(static block => block is not null)
            .Select(static (block, _) => block!)
            .WithTrackingName(BlockStep);

        var records = blocks
            .Where(static block => block.Record is not null)
            .Select(static (block, _) => block.Record!)
            .Collect()
            .Select(static (all, _) => all.OrderBy(static record => record.Name, StringComparer.Ordinal).ToEquatableArray())
            .WithTrackingName(BlockRecordStep);
        context.RegisterSourceOutput(records, static (output, all) =>
        {
            if (all.Count == 0)
                return;
            var (hintName, text) = BlockRecordEmitter.Emit(all.Select(static record => (record.Name, record.Text)));
            output.AddSource(hintName, text);
        });
        Report(context, blocks.SelectMany(static (block, _) => block.Problems), reporting);
    }

    private BlockDeclaration? ReadBlock(GeneratorSyntaxContext syntax, CancellationToken cancellation)
    {
        var node = (ClassDeclarationSyntax)syntax.Node;
        try
        {
            return syntax.SemanticModel.GetDeclaredSymbol(node, cancellation) is INamedTypeSymbol symbol
                ? _steps.ReadBlock(node, symbol, syntax.SemanticModel.Compilation, cancellation)
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new BlockDeclaration(null, [new LocatedProblem(Diagnoser.Fault(node.Identifier.ValueText, exception), LocationInfo.Of(node.Identifier))]);
        }
    }

    /// <summary>The weights files of the project. A header is read again only where the compiler says that its file changed.</summary>
    private IncrementalValueProvider<EquatableArray<WeightsFile>> WeightsFiles(IncrementalGeneratorInitializationContext context) => context.AdditionalTextsProvider
        .Where(static text => text.Path.EndsWith(WeightsFile.Extension, StringComparison.OrdinalIgnoreCase))
        .Select((text, _) => new ReadText(text, ReadHeader(text.Path)))
        .WithTrackingName(HeaderStep)
        .Combine(context.AnalyzerConfigOptionsProvider)
        .Select(static (pair, _) =>
        {
            var options = pair.Right.GetOptions(pair.Left.Text);
            options.TryGetValue("build_metadata.AdditionalFiles.CnnGenEmbed", out var embed);
            options.TryGetValue("build_metadata.AdditionalFiles.CnnGenName", out var name);
            var path = pair.Left.Text.Path;
            return new WeightsFile(path, pair.Left.Header, embed ?? "", name is { Length: > 0 } ? name : WeightsFile.LastPart(path));
        })
        .WithTrackingName(WeightsFilesStep)
        .Collect()
        .Select(static (files, _) => files.ToEquatableArray());

    private ModelDeclaration? Read(GeneratorAttributeSyntaxContext attributed, CancellationToken cancellation)
    {
        var node = (TypeDeclarationSyntax)attributed.TargetNode;
        try
        {
            return _steps.Read(node, (INamedTypeSymbol)attributed.TargetSymbol, attributed.SemanticModel.Compilation, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return ModelReader.Unreadable(node, Diagnoser.Fault(node.Identifier.ValueText, exception));
        }
    }

    private Resolution Resolve(ModelContent content)
    {
        try
        {
            if (!content.CanResolve)
                return Resolution.Of(content, new BuildResult(null, []) { Outline = NetworkBuilder.Outline(content.Network) });
            var result = _steps.Build(content.Network);
            if (result.Network is { } network && _steps.CheckMemory(network) is { } problem)
                result = result with { Network = null, Problems = [new LayerProblem(LayerProblem.Model, problem), .. result.Problems] };
            return Resolution.Of(content, result);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var fault = new LayerProblem(LayerProblem.Model, Diagnoser.Fault(content.ClassName, exception));
            return Resolution.Of(content, new BuildResult(null, [fault]));
        }
    }

    private WeightsHeader ReadHeader(string path)
    {
        try
        {
            return _steps.ReadHeader(path);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Which model the file is for is known later, where this becomes its problem.
            return new WeightsHeader([], string.Join(": ", Diagnoser.Fault(WeightsFile.LastPart(path), exception).MessageArguments));
        }
    }

    private Resolution CheckWeights(Resolution resolution, EquatableArray<WeightsFile> files)
    {
        if (resolution is not { Request: { } request, Weights: { } weights })
            return resolution;
        try
        {
            return resolution.WithWeights(_steps.CheckWeights(request.Network, weights, files));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return resolution.WithProblems([new LayerProblem(LayerProblem.Weights, Diagnoser.Fault(resolution.ClassName, exception))]);
        }
    }

    private static void Emit(SourceProductionContext output, string model, Func<IReadOnlyList<(string HintName, string Text)>> emit)
    {
        try
        {
            foreach (var (hintName, text) in emit())
                output.AddSource(hintName, text);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var fault = Diagnoser.Fault(model, exception);
            output.ReportDiagnostic(Diagnostic.Create(Descriptors.GeneratorFault, Location.None, fault.MessageArguments.ToArray<object>()));
        }
    }
}

/// <summary>What the project's MSBuild properties say that all models have in common.</summary>
/// <param name="IsNative">Whether the project is published with NativeAOT: PublishAot, which the package's build files show.</param>
/// <param name="Documents">Where the documents are; null where that is not known.</param>
internal sealed record ProjectOptions(bool IsNative, string? Documents)
{
    public static ProjectOptions Of(AnalyzerConfigOptionsProvider options) => new(
        options.GlobalOptions.TryGetValue("build_property.PublishAot", out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase),
        Descriptors.Documents(options));
}

/// <summary>What turns problems into diagnostics.</summary>
/// <param name="Compilation">Has the source.</param>
/// <param name="Documents">Where the documents are; null where that is not known.</param>
internal sealed record Reporting(Compilation Compilation, string? Documents);

/// <summary>A weights file, and the header that was read from it.</summary>
internal sealed record ReadText(AdditionalText Text, WeightsHeader Header);

/// <summary>What the pipeline calls; a test puts a fault in the place of a step.</summary>
internal sealed record GeneratorSteps
{
    public Func<TypeDeclarationSyntax, INamedTypeSymbol, Compilation, CancellationToken, ModelDeclaration?> Read { get; init; } = ModelReader.Read;

    public Func<ClassDeclarationSyntax, INamedTypeSymbol, Compilation, CancellationToken, BlockDeclaration?> ReadBlock { get; init; } = BlockReader.Read;

    public Func<DeclaredNetwork, BuildResult> Build { get; init; } = NetworkBuilder.Build;

    public Func<Network, Problem?> CheckMemory { get; init; } = MemoryRules.Check;

    public Func<string, WeightsHeader> ReadHeader { get; init; } = HeaderReader.Read;

    public Func<Network, DeclaredWeights, EquatableArray<WeightsFile>, WeightsResult> CheckWeights { get; init; } = WeightsRules.Check;

    public Func<EmitRequest, IReadOnlyList<(string HintName, string Text)>> Signatures { get; init; } = ModelEmitter.EmitSignatures;

    public Func<EmitRequest, EquatableArray<Kernel>> Kernels { get; init; } = ModelEmitter.KernelsOf;

    public Func<BodyRequest, IReadOnlyList<(string HintName, string Text)>> Bodies { get; init; } = ModelEmitter.EmitBodies;

    public Func<EquatableArray<SharedKernel>, IReadOnlyList<(string HintName, string Text)>> Shared { get; init; } = ModelEmitter.EmitShared;

    public Func<ShellRequest, (string HintName, string Text)> Shell { get; init; } = ErrorShell.Emit;
}
