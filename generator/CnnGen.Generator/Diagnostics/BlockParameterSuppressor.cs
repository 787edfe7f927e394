using System.Collections.Immutable;
using CnnGen.Generator.Declarations;
using CnnGen.Generator.Arguments.Formulas;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CnnGen.Generator.Diagnostics;

/// <summary>
/// The compiler warns that a parameter of a block's primary constructor is unread (CS9113). The generator reads it where an expression of the block's layers names it: only a parameter
/// that none names is unread.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockParameterSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor s_read = new("CNN9113", "CS9113", "An expression of the block's layers names the parameter.");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = [s_read];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree)
                continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            if (node.FirstAncestorOrSelf<ParameterSyntax>() is { Parent.Parent: TypeDeclarationSyntax type } parameter
                && context.GetSemanticModel(tree).GetDeclaredSymbol(type, context.CancellationToken) is INamedTypeSymbol symbol
                && AttributeReader.IsBlock(symbol)
                && ReadAttribute.Of(symbol, context.CancellationToken).Any(layer => Names(layer.Data, parameter.Identifier.ValueText)))
                context.ReportSuppression(Suppression.Create(s_read, diagnostic));
        }
    }

    private static bool Names(AttributeData layer, string parameter) => layer.ConstructorArguments
        .Concat(layer.NamedArguments.Select(argument => argument.Value))
        .Any(argument => argument is { Kind: TypedConstantKind.Primitive, Value: string text }
            && FormulaParser.Parse(text).Formula is { } formula
            && formula.Names.Any(name => name.Text == parameter));
}
