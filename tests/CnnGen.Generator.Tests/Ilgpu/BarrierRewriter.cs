using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>
/// Makes emitted kernels with barriers iterators that yield there, and leaves all else as it is: the test double then runs a group's threads in turns of one thread. Threads of the system's, which it has for kernels that nobody
/// rewrote, take most of a test's time to hand over.
/// </summary>
internal sealed class BarrierRewriter : CSharpSyntaxRewriter
{
    private const string Barrier = "Group.Barrier();";

    private const string Load = "LoadStreamKernel";

    /// <summary>The methods that have become iterators, each behind its namespace.</summary>
    private readonly HashSet<string> _iterators = [];

    public static CSharpCompilation Rewrite(CSharpCompilation compilation)
    {
        // First the kernels, then what loads them.
        var rewriter = new BarrierRewriter();
        foreach (var text in new[] { Barrier, Load })
        {
            foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.ToString().Contains(text, StringComparison.Ordinal)))
                compilation = compilation.ReplaceSyntaxTree(tree, rewriter.Rewrite((CSharpSyntaxTree)tree));
        }

        return compilation;
    }

    private SyntaxTree Rewrite(CSharpSyntaxTree tree) => CSharpSyntaxTree.Create((CSharpSyntaxNode)Visit(tree.GetRoot()), tree.Options, tree.FilePath, tree.Encoding);

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        if (!node.DescendantNodes().OfType<ExpressionStatementSyntax>().Any(IsBarrier))
            return node;
        _iterators.Add(NameIn(node, node.Identifier.ValueText));
        var type = SyntaxFactory.ParseTypeName("global::System.Collections.Generic.IEnumerable<int>").WithTriviaFrom(node.ReturnType);
        return ((MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!).WithReturnType(type);
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node) =>
        IsBarrier(node) ? SyntaxFactory.ParseStatement("yield return 0;").WithTriviaFrom(node) : base.VisitExpressionStatement(node);

    /// <summary><c>accelerator.LoadStreamKernel&lt;...&gt;(Kernels.Name)</c> of one that yields.</summary>
    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node) =>
        node is { Expression: MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier.ValueText: Load } name } access, ArgumentList.Arguments: [{ Expression: MemberAccessExpressionSyntax kernel }] }
            && _iterators.Contains(NameIn(node, kernel.Name.Identifier.ValueText))
            ? node.WithExpression(access.WithName(name.WithIdentifier(SyntaxFactory.Identifier("LoadIterator"))))
            : base.VisitInvocationExpression(node);

    public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node) => SyntaxFactory.ParseStatement("yield break;").WithTriviaFrom(node);

    private static string NameIn(SyntaxNode node, string method) => $"{node.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()?.Name}.{method}";

    private static bool IsBarrier(ExpressionStatementSyntax statement) => statement.ToString() == Barrier;
}
