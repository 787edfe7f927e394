using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator.Diagnostics;

/// <summary>
/// Warns of layers on a class without <c>[Model]</c>. An analyzer, since the generator looks at classes with <c>[Model]</c> only.
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
            start.RegisterSymbolAction(symbol => Check(symbol, layer, model), SymbolKind.NamedType);
        });
    }

    private static void Check(SymbolAnalysisContext context, INamedTypeSymbol layer, INamedTypeSymbol model)
    {
        AttributeData? first = null;
        foreach (var attribute in context.Symbol.GetAttributes())
        {
            if (SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, model))
                return;
            if (first is null && SymbolEqualityComparer.Default.Equals(attribute.AttributeClass?.BaseType, layer))
                first = attribute;
        }

        if (first?.ApplicationSyntaxReference is not { } reference)
            return;
        var name = first.AttributeClass!.Name;
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.LayerWithoutModel,
            Location.Create(reference.SyntaxTree, reference.Span),
            context.Symbol.Name,
            name.Substring(0, name.Length - "Attribute".Length)));
    }
}
