using CnnGen.Generator.Arguments;
using CnnGen.Generator.Emitting;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Infrastructure;
using CnnGen.Generator.Weights;

namespace CnnGen.Generator.Declarations;

/// <summary>One class with <c>[Model]</c>, as it was written.</summary>
/// <param name="Content">Everything but the locations.</param>
/// <param name="Model">Where <c>[Model]</c> stands.</param>
/// <param name="Layers">Where each layer's attribute stands.</param>
/// <param name="Problems">What is wrong with the declaration's form.</param>
internal sealed record ModelDeclaration(
    ModelContent Content,
    AttributeLocations Model,
    EquatableArray<AttributeLocations> Layers,
    EquatableArray<LocatedProblem> Problems)
{
    /// <summary>Where <c>[Weights]</c> stands, if it does.</summary>
    public AttributeLocations? Weights { get; init; }

    /// <summary>Where <c>[Normalize]</c> stands, where the class has it.</summary>
    public AttributeLocations? Normalize { get; init; }

    /// <summary>Where the blocks stand that the layers use.</summary>
    public EquatableArray<BlockLocations> Blocks { get; init; } = [];
}

/// <summary>A declaration without its locations: what all later steps see, so that moved text stops here.</summary>
/// <param name="Namespace">Null for the global one.</param>
/// <param name="ContainingTypes">The types around the class, outermost first.</param>
/// <param name="Accessibility">As C# writes it.</param>
/// <param name="ClassKeyword"><c>class</c>, or what it is instead: <c>record</c>, <c>struct</c> or <c>record struct</c>.</param>
/// <param name="ClassName">As C# writes it, with its type parameters.</param>
/// <param name="Network">The declared layers.</param>
/// <param name="CanResolve">False where the layers are not known: the C# itself has errors, or their order is unclear.</param>
/// <param name="CanEmit">False where the declaration's form is wrong.</param>
/// <param name="CanEmitShell">False where no second part of the class could be written.</param>
internal sealed record ModelContent(
    string? Namespace,
    EquatableArray<ContainingType> ContainingTypes,
    string Accessibility,
    string ClassKeyword,
    string ClassName,
    DeclaredNetwork Network,
    bool CanResolve,
    bool CanEmit,
    bool CanEmitShell)
{
    /// <summary>What <c>[Weights]</c> asks for; null where there is none, or its C# has errors.</summary>
    public DeclaredWeights? Weights { get; init; }

    /// <summary>Whether the class gets <c>Pretrained</c>.</summary>
    public bool HasPretrained { get; init; }

    /// <summary>Whether the project references what a class for GPUs needs.</summary>
    public bool HasGpuTypes { get; init; }

    /// <summary>What the shell's constructor passes to the base class's, where that is needed to call one.</summary>
    public string? BaseArguments { get; init; }

    /// <summary>Where all stands that is emitted and isn't a member of the class.</summary>
    public string KernelNamespace { get; init; } = "";

    /// <summary>The same where another declaration has the class's name too, in a file of which all that is emitted would stand twice.</summary>
    public ModelContent WithoutCode() => this with { CanEmit = false, CanEmitShell = false };

    /// <summary>The declarations whose full name another one had before: a class and a record, say, which C# says are an error.</summary>
    public static EquatableArray<ModelContent> Repeated(IEnumerable<ModelContent> all) => all
        .GroupBy(content => content.HintName)
        .SelectMany(group => group.Skip(1))
        .ToEquatableArray();

    /// <summary>Where the names of the class's files begin, unless another's differ by case alone.</summary>
    public string HintName => HintNames.Of(Namespace, ContainingTypes, ClassName);
}

/// <summary>What a declaration became: something to emit, and what is wrong.</summary>
/// <param name="ClassName">For messages.</param>
/// <param name="Request">Where nothing is wrong.</param>
/// <param name="Shell">What is emitted where there is no request.</param>
/// <param name="Problems">What is wrong with the network or its weights.</param>
/// <param name="Weights">What <c>[Weights]</c> asks for, if anything.</param>
internal sealed record Resolution(
    string ClassName, EmitRequest? Request, ShellRequest? Shell, EquatableArray<LayerProblem> Problems, DeclaredWeights? Weights)
{
    /// <summary>The same, with the weights checked.</summary>
    public Resolution WithWeights(WeightsResult result) => result.Carried is { } carried
        ? this with { Request = Request! with { Weights = carried } }
        : WithProblems(result.Problems.Select(problem => new LayerProblem(LayerProblem.Weights, problem)));

    /// <summary>The same, with nothing but the shell to emit.</summary>
    public Resolution WithProblems(IEnumerable<LayerProblem> problems) =>
        this with { Request = null, Problems = Problems.Concat(problems).ToEquatableArray() };

    /// <summary>The same in a project that is published without a compiler at run time, which ILGPU needs.</summary>
    public Resolution WithoutIlgpu() => Request is { Network.IsForGpu: true }
        ? WithProblems([new LayerProblem(LayerProblem.Model, new Problem("CNN6002", "Targets", [Request.Network.Name]))])
        : this;

    /// <summary>The same, with names for its files that no other model's have.</summary>
    public Resolution WithDistinctFiles(EquatableArray<string> clashes)
    {
        if ((Request?.HintName ?? Shell?.HintName) is not { } name || !clashes.Contains(name))
            return this;
        var suffix = HintNames.Suffix(name);
        return this with
        {
            Request = Request is null ? null : Request with { HintSuffix = suffix },
            Shell = Shell is null ? null : Shell with { HintSuffix = suffix },
        };
    }

    public static Resolution Of(ModelContent content, BuildResult result)
    {
        var request = content.CanEmit && result.Network is { } network
            ? new EmitRequest(content.Namespace, content.ContainingTypes, content.Accessibility, content.ClassKeyword, content.ClassName, content.KernelNamespace, network)
            : null;

        // Where weights or the project's settings are still to be checked, a shell stands by.
        var shell = content.CanEmitShell && (request is null || content.Weights is not null || request.Network.IsForGpu)
            ? new ShellRequest(
                content.Namespace,
                content.ContainingTypes,
                content.Accessibility,
                content.ClassKeyword,
                content.ClassName,
                content.Network.UserMembers) { HasPretrained = content.HasPretrained, HasGpu = content.HasGpuTypes && content.Network.IsForGpu, HasRegions = content.Network.Model.Find("Regions") is not null, Layers = result.Outline, BaseArguments = content.BaseArguments }
            : null;
        return new Resolution(content.ClassName, request, shell, result.Problems, content.Weights);
    }
}
