using System.Collections.Immutable;
using CnnGen.Generator.Declarations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator.Diagnostics;

/// <summary>
/// Refuses layers, <c>[Weights]</c> and <c>[Normalize]</c> on a class without <c>[Model]</c>. An analyzer, since the generator looks at classes with <c>[Model]</c> only.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LayerWithoutModelAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.LayerWithoutModel];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName("CnnGen.LayerAttribute") is not { } layer
                || start.Compilation.GetTypeByMetadataName("CnnGen.ModelAttribute") is not { } model)
                return;
            INamedTypeSymbol[] others =
                [.. new[] { "CnnGen.WeightsAttribute", "CnnGen.NormalizeAttribute" }.Select(start.Compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>()];
            start.RegisterSymbolAction(symbol => Check(symbol, model, layer, others), SymbolKind.NamedType);
        });
    }

    /// <param name="context">The class.</param>
    /// <param name="model"><c>[Model]</c>.</param>
    /// <param name="layer">The base of all layers.</param>
    /// <param name="others">The attributes that say something of a model beside its layers.</param>
    private static void Check(SymbolAnalysisContext context, INamedTypeSymbol model, INamedTypeSymbol layer, INamedTypeSymbol[] others)
    {
        // A block is no model, and has layers.
        if (AttributeReader.IsBlock((INamedTypeSymbol)context.Symbol))
            return;
        AttributeData? firstLayer = null;
        AttributeData? firstOther = null;
        foreach (var attribute in context.Symbol.GetAttributes())
        {
            if (SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, model))
                return;
            if (DerivesFrom(attribute.AttributeClass, layer))
                firstLayer ??= attribute;
            else if (others.Contains(attribute.AttributeClass, SymbolEqualityComparer.Default))
                firstOther ??= attribute;
        }

        // One error a class. A layer tells more of what was meant.
        var first = firstLayer ?? firstOther;
        if (first?.ApplicationSyntaxReference is not { } reference)
            return;
        var name = first.AttributeClass!.Name;
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.Linked(Descriptors.LayerWithoutModel, Descriptors.Documents(context.Options.AnalyzerConfigOptionsProvider)),
            Location.Create(reference.SyntaxTree, reference.Span),
            context.Symbol.Name,
            (firstLayer is null ? "" : "the layer ") + "[" + (name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name) + "]",
            firstLayer is null ? "it and the layers" : "the layers"));
    }

    private static bool DerivesFrom(INamedTypeSymbol? attribute, INamedTypeSymbol layer)
    {
        for (var type = attribute?.BaseType; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, layer))
                return true;
        }

        return false;
    }
}
