using System.Reflection;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>What Warmup makes ready, and that it changes nothing else.</summary>
[Collection(AloneCollection.Name)]
public sealed class WarmupTests(StandardModels models)
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static TheoryData<string, InstructionSet> Models => StandardModels.NamesAndSets;

    [Theory]
    [MemberData(nameof(Models))]
    public void Results_and_parameters_stay_as_they_are(string name, InstructionSet set)
    {
        using var cold = models.Create(name, set);
        using var warm = models.Create(name, set);
        var (images, targets) = StandardModels.Batch(cold, 5);
        foreach (var purpose in Enum.GetValues<WarmupFor>())
            warm.Warmup(purpose, 5);

        foreach (var parameter in cold.Parameters.All)
            Assert.Equal(parameter.ToArray(), warm.Parameters[parameter.Name].ToArray());
        Assert.Equal(cold.Predict(images, 5), warm.Predict(images, 5));
        Assert.Equal(cold.ComputeGradients(images, targets, 5, 1), warm.ComputeGradients(images, targets, 5, 1));
        Assert.Equal(cold.Parameters.Gradients.ToArray(), warm.Parameters.Gradients.ToArray());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_method_is_compiled_for_one_purpose_or_the_other(string name, InstructionSet set)
    {
        var program = models.Assembly.Type($"CnnGen.Generated.{name}.{set}");
        string[] MethodsFor(WarmupFor purpose) => (string[])program.GetMethod("MethodsFor", Static)!.Invoke(null, [purpose])!;
        var methods = program.GetMethods(Static).Where(method => method.ReturnType == typeof(void)).Select(method => method.Name).ToList();

        var (predicting, training) = (MethodsFor(WarmupFor.Prediction), MethodsFor(WarmupFor.Training));

        Assert.Equal(methods.Order(), predicting.Union(training).Order());
        Assert.Equal(predicting.Distinct(), predicting);
        Assert.Equal(training.Distinct(), training);
        Assert.Contains("Predict", predicting);
        Assert.DoesNotContain("Train", predicting);
        Assert.Contains("Train", training);
        Assert.DoesNotContain("Predict", training);
    }

    [Fact]
    public void A_batch_of_none_is_an_error()
    {
        using var model = models.Create("LeNet5", InstructionSet.Scalar);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Warmup(WarmupFor.Prediction, 0));
    }
}
