using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>
/// What can be read off emitted kernels of which integers are never below 0: indices of threads, numbers of images, literals, and what is made of such by sums, products, quotients and remainders. Integers that a helper
/// is given count as such, and each call of it is looked at in turn.
/// </summary>
internal sealed class NotNegative(SyntaxNode root)
{
    /// <summary>Parameters that may be below 0 by what they are: places of windows, which nothing is divided of.</summary>
    private static readonly string[] s_places = ["top", "left"];

    private readonly Dictionary<SyntaxNode, Dictionary<string, List<ExpressionSyntax>>> _assigned = [];

    public static bool IsDivisionOfIntegers(BinaryExpressionSyntax expression) =>
        expression.Kind() is SyntaxKind.DivideExpression or SyntaxKind.ModuloExpression
        && !expression.DescendantNodesAndSelf().OfType<LiteralExpressionSyntax>().Any(literal => literal.Token.Value is float)
        && !IsFloat(expression.Left)
        && !IsFloat(expression.Right);

    /// <summary>The integers that helpers are given, which <see cref="Holds"/> takes on trust within them.</summary>
    public IEnumerable<(InvocationExpressionSyntax Call, ExpressionSyntax Argument)> Passed()
    {
        var helpers = root.DescendantNodes().OfType<MethodDeclarationSyntax>().ToDictionary(method => method.Identifier.ValueText);
        foreach (var call in root.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (call.Expression is not IdentifierNameSyntax name || !helpers.TryGetValue(name.Identifier.ValueText, out var helper))
                continue;
            for (var i = 0; i < call.ArgumentList.Arguments.Count; i++)
            {
                var parameter = helper.ParameterList.Parameters[i];
                if (parameter.Type!.ToString() == "int" && !s_places.Contains(parameter.Identifier.ValueText))
                    yield return (call, call.ArgumentList.Arguments[i].Expression);
            }
        }
    }

    public bool Holds(ExpressionSyntax expression) => Holds(expression, []);

    private bool Holds(ExpressionSyntax expression, HashSet<string> open) => expression switch
    {
        ParenthesizedExpressionSyntax inner => Holds(inner.Expression, open),
        LiteralExpressionSyntax { Token.Value: int } => true,
        BinaryExpressionSyntax binary when binary.Kind() is SyntaxKind.AddExpression or SyntaxKind.MultiplyExpression or SyntaxKind.DivideExpression or SyntaxKind.ModuloExpression =>
            Holds(binary.Left, open) && Holds(binary.Right, open),
        MemberAccessExpressionSyntax member => member.ToString() is "Grid.IdxX" or "Grid.IdxY" or "Group.IdxX",
        InvocationExpressionSyntax call when call.Expression.ToString() == "Math.Max" => call.ArgumentList.Arguments.Any(argument => Holds(argument.Expression, open)),
        InvocationExpressionSyntax call when call.Expression.ToString() == "Math.Min" => call.ArgumentList.Arguments.All(argument => Holds(argument.Expression, open)),
        // Where a region's part lies in a map, as far as the map has it.
        InvocationExpressionSyntax call => call.Expression.ToString() is "GpuRegions.PartStart" or "GpuRegions.PartEnd",
        IdentifierNameSyntax name => HoldsOf(name, open),
        _ => false,
    };

    /// <summary>A local is never below 0 where nothing that it is set to is; a loop's variable starts so and only rises.</summary>
    private bool HoldsOf(IdentifierNameSyntax name, HashSet<string> open)
    {
        var text = name.Identifier.ValueText;
        var method = name.FirstAncestorOrSelf<MethodDeclarationSyntax>()!;
        if (method.ParameterList.Parameters.FirstOrDefault(parameter => parameter.Identifier.ValueText == text) is { } parameter)
            return parameter.Type!.ToString() == "int" && !s_places.Contains(text);
        if (!open.Add(text))
            return true;
        var values = AssignedIn(method).TryGetValue(text, out var all) ? all : [];
        var holds = values.Count > 0 && values.All(value => Holds(value, open));
        open.Remove(text);
        return holds;
    }

    private Dictionary<string, List<ExpressionSyntax>> AssignedIn(MethodDeclarationSyntax method)
    {
        if (_assigned.TryGetValue(method, out var known))
            return known;
        var assigned = new Dictionary<string, List<ExpressionSyntax>>();
        foreach (var variable in method.DescendantNodes().OfType<VariableDeclaratorSyntax>().Where(variable => variable.Initializer is not null))
            Add(variable.Identifier.ValueText, variable.Initializer!.Value);
        foreach (var assignment in method.DescendantNodes().OfType<AssignmentExpressionSyntax>().Where(assignment => assignment.Left is IdentifierNameSyntax))
        {
            // What is taken away may lead below.
            var value = assignment.IsKind(SyntaxKind.SubtractAssignmentExpression) ? SyntaxFactory.ParseExpression("-1") : assignment.Right;
            Add(assignment.Left.ToString(), value);
        }

        _assigned.Add(method, assigned);
        return assigned;

        void Add(string name, ExpressionSyntax value)
        {
            if (!assigned.TryGetValue(name, out var values))
                assigned.Add(name, values = []);
            values.Add(value);
        }
    }

    /// <summary>Whether an operand is a float: a call of the run-time's, a view's element, or a local that is declared so.</summary>
    private static bool IsFloat(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                return IsFloat(inner.Expression);
            case BinaryExpressionSyntax binary:
                return IsFloat(binary.Left) || IsFloat(binary.Right);
            case ElementAccessExpressionSyntax:
                return true;
            case InvocationExpressionSyntax call:
                return call.Expression.ToString() is var name && (name.StartsWith("MathF.", StringComparison.Ordinal) || (name.StartsWith("GpuMath.", StringComparison.Ordinal) && name != "GpuMath.TapsWithin"));
            case IdentifierNameSyntax identifier:
                var method = identifier.FirstAncestorOrSelf<MethodDeclarationSyntax>()!;
                return method.DescendantNodes().OfType<VariableDeclarationSyntax>()
                    .Any(declaration => declaration.Type.ToString() == "float" && declaration.Variables.Any(variable => variable.Identifier.ValueText == identifier.Identifier.ValueText));
            default:
                return false;
        }
    }
}
