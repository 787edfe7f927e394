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
        var kernels = models.Assembly.Type($"CnnGen.Generated.{name}.{set}");
        var shared = models.Assembly.Type($"CnnGen.SharedKernels.{set}");
        var program = models.Assembly.Type($"CnnGen.Generated.{name}.Program`2").MakeGenericType(kernels, shared);
        string[] Names(string method, WarmupFor purpose) => (string[])program.GetMethod(method, Static)!.Invoke(null, [purpose])!;
        string[] Methods(Type type, string[] names) => [.. names.SelectMany(kernel => ((KernelParts)type.GetMethod("PartsOf", Static)!.Invoke(null, [kernel])!).Methods).Select(method => method.Split('<')[0]).Distinct()];
        string[] Of(WarmupFor purpose) => Methods(kernels, Names("KernelsFor", purpose));
        var (predicting, training) = (Of(WarmupFor.Prediction), Of(WarmupFor.Training));
        var methods = kernels.GetMethods(Static).Where(method => method.ReturnType == typeof(void)).Select(method => method.Name).ToList();

        Assert.Equal(methods.Order(), predicting.Union(training).Order());
        Assert.Contains(methods, method => !predicting.Contains(method));
        foreach (var purpose in Enum.GetValues<WarmupFor>())
        {
            var common = Methods(shared, Names("SharedFor", purpose));
            Assert.Empty(common.Except(shared.GetMethods(Static).Select(method => method.Name)));
        }

        var passes = program.GetMethods(Static).Where(method => method.ReturnType == typeof(void)).Select(method => method.Name).ToList();
        Assert.Contains("Predict", passes);
        Assert.Contains("Train", passes);
        Assert.All(passes, pass => Assert.Matches("^(Predict|Prepare|Share|TransformShare|Train)", pass));
    }

    [Fact]
    public void A_batch_of_none_is_an_error()
    {
        using var model = models.Create("LeNet5", InstructionSet.Scalar);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Warmup(WarmupFor.Prediction, 0));
    }
}
