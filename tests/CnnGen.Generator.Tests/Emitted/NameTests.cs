using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Layers whose names emitted code has for something else, too.</summary>
public class NameTests
{
    [Fact]
    public void Layers_may_have_the_names_of_what_emitted_code_calls()
    {
        using var assembly = EmittedAssembly.Compile("""
            [Model(2, 6, 6)]
            [Conv2D(3, 1, Name = "Rows"), Conv2D(3, 1, Name = "Int"), Conv2D(3, 1, Name = "Context"), Conv2D(3, 1, Name = "I")]
            [Conv2D(3, 1, Name = "Chunk"), BatchNorm(Name = "First"), Conv2D(3, 1, Name = "Worker"), Conv2D(3, 1, Name = "Arena")]
            [Conv2D(3, 1, Name = "Images"), Conv2D(3, 1, Name = "From"), Conv2D(3, 1, Name = "Argument"), Conv2D(3, 1, Name = "Outputs")]
            [MaxPool(2, Name = "Class"), Tanh(Name = "Conv1Gradient"), Dropout(0.2f, Name = "Unit"), Dense(4, Name = "Losses"), Dense(3, Name = "Targets"), Softmax(Name = "Train")]
            public partial class Named;
            """);
        using var model = assembly.Create("Named");
        foreach (var set in EmittedModel.Sets)
            Comparison.AssertAgrees(model, Expected.Random(model.Network, 5, seed: 1), set);
    }

    /// <summary>Large dense layers have methods of their own, and large convolutions are shared by threads: their methods are named after the layers.</summary>
    [Fact]
    public void Layers_may_have_the_names_of_what_emitted_code_calls_by_number()
    {
        using var assembly = EmittedAssembly.Compile("""
            [Model(16, 24, 24)]
            [Conv2D(32, 3, Padding = 1, Name = "A", Algorithm = ConvAlgorithm.Winograd4x4), Conv2D(32, 3, Padding = 1, Name = "ATransform", Algorithm = ConvAlgorithm.Winograd4x4)]
            [MaxPool(4), Dense(600, Name = "Images1"), Dense(600, Name = "Shared1"), Dense(600, Name = "Images2"), Dense(3, Name = "Images3")]
            public partial class Numbered;
            """);

        Assert.Contains("PredictImages1", assembly.Type("CnnGen.Generated.Numbered.Program`1").GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic).Select(method => method.Name));
    }

    [Fact]
    public void Models_may_stand_in_a_namespace_and_in_a_class()
    {
        using var assembly = EmittedAssembly.Compile("""
            namespace Some.Where
            {
                public static partial class Outer
                {
                    [Model(1, 4, 4)]
                    [Conv2D(2, 3), ReLU, Dense(2), Softmax]
                    internal sealed partial class Inner;
                }
            }
            """);

        Assert.Single(assembly.Assembly.GetTypes(), type => type.FullName == "Some.Where.Outer+Inner");
    }
}
