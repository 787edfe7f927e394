using CnnGen.Generator.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>A sum of a pointer and a number takes the C# compiler several times as long as an element's address, and there are more of them than of anything else.</summary>
[Collection(AloneCollection.Name)]
public sealed class PointerTests(StandardModels models)
{
    /// <summary>Where memory of a method's own begins: once a method.</summary>
    private const string OnACacheLine = "memory + (64 - ";

    [Fact]
    public void Places_are_the_addresses_of_elements()
    {
        var addresses = 0;
        foreach (var source in models.Assembly.Run.Sources)
        {
            var tree = models.Assembly.Run.Output.SyntaxTrees.Single(tree => tree.FilePath.EndsWith(source.HintName, StringComparison.Ordinal));
            var nodes = tree.GetRoot().DescendantNodes().ToList();
            addresses += nodes.OfType<PrefixUnaryExpressionSyntax>().Count(node => node.IsKind(SyntaxKind.AddressOfExpression) && node.Operand is ElementAccessExpressionSyntax);
            var meanings = models.Assembly.Run.Output.GetSemanticModel(tree);
            Assert.All(
                nodes.OfType<BinaryExpressionSyntax>().Where(node => node.IsKind(SyntaxKind.AddExpression) || node.IsKind(SyntaxKind.SubtractExpression)),
                sum => Assert.False(
                    IsPointer(sum.Left) && !IsPointer(sum.Right) && !sum.ToString().StartsWith(OnACacheLine, StringComparison.Ordinal), $"{source.HintName}: {sum}"));

            bool IsPointer(ExpressionSyntax node) => meanings.GetTypeInfo(node).Type is IPointerTypeSymbol;
        }

        Assert.InRange(addresses, 3000, int.MaxValue);
    }
}
