using System.Reflection;
using System.Text.RegularExpressions;
using CnnGen.Generator.Tests.Support;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>
/// The limits past which RyuJIT gives up optimising a method: 60,000 bytes of IL, 2,000 locals; and about 1,000 fused multiply-adds, where it has run out of the inliner's budget.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed partial class BudgetTests(StandardModels models)
{
    public static TheoryData<string> Models => StandardModels.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Methods_are_small_enough_to_be_optimised(string name)
    {
        var bodies = Nested(models.Assembly.Type(name)).Concat(models.Assembly.Assembly.GetTypes().Where(type => type.Namespace == "CnnGen.Generated." + name))
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (method.Name, Body: method.GetMethodBody()))
            .Where(method => method.Body is not null)
            .ToList();

        Assert.True(bodies.Count > 50, "There are too few methods for this to be the model.");
        Assert.All(bodies, method =>
        {
            Assert.InRange(method.Body!.GetILAsByteArray()!.Length, 1, 59_999);
            Assert.InRange(method.Body.LocalVariables.Count, 0, 1_999);
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void No_kernel_holds_more_than_1000_multiply_adds(string name)
    {
        var methods = models.Assembly.Run.Sources
            .Where(source => source.HintName.StartsWith(name + ".", StringComparison.Ordinal))
            .SelectMany(source => MethodStart().Split(source.SourceText.ToString()).Skip(1))
            .Select(text => (Name: text[..text.IndexOf('(')], Count: MultiplyAdd().Count(text)))
            .ToList();

        Assert.Contains(methods, method => method.Count > 20);
        Assert.All(methods, method => Assert.True(method.Count <= 1000, $"{method.Name} holds {method.Count}."));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void What_is_emitted_does_not_depend_on_the_culture_or_the_run(string name)
    {
        var source = name switch { "LeNet5" => StandardModels.LeNet5, "Vgg" => StandardModels.Vgg, _ => StandardModels.Everything };
        var texts = Texts(GeneratorHarness.Run(source));
        IReadOnlyList<string> hostile = [];
        var thread = new Thread(() =>
        {
            var culture = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.GetCultureInfo("de-DE").Clone();
            culture.NumberFormat.NegativeSign = "\u2212";
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
            System.Globalization.CultureInfo.CurrentCulture = culture;
            Assert.Equal("1,5", 1.5.ToString());
            hostile = Texts(GeneratorHarness.Run(source));
        });
        thread.Start();
        thread.Join();

        Assert.Equal(8, texts.Count);
        Assert.Equal(texts.SelectMany(text => text.Split('\n')), hostile.SelectMany(text => text.Split('\n')));
    }

    private static IReadOnlyList<string> Texts(GeneratorRun run) => [.. run.Sources.Select(source => source.HintName + "\n" + source.SourceText)];

    private static IEnumerable<Type> Nested(Type type) =>
        type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).SelectMany(Nested).Prepend(type);

    [GeneratedRegex(@"^ *(?:public|private) static \S+ (?=\w+\()", RegexOptions.Multiline)]
    private static partial Regex MethodStart();

    [GeneratedRegex(@"MultiplyAdd\(")]
    private static partial Regex MultiplyAdd();
}
