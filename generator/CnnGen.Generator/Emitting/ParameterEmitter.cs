using CnnGen.Generator.Planning.Cpu;

namespace CnnGen.Generator.Emitting;

/// <summary>Prints what makes a model's parameters: the name, the dimensions and the places of each.</summary>
internal static class ParameterEmitter
{
    public static void Emit(CodeWriter writer, ModelPlan plan)
    {
        var parameters = plan.Parameters;
        writer.Line("/// <summary>The parameters' memory: where each number lies in the order that the kernels read.</summary>");
        writer.Line("private static global::CnnGen.Runtime.ParameterStore NewParameters() => new(");
        writer.Line("    [");
        foreach (var parameter in parameters.All)
        {
            var spec = parameter.Spec;
            var axes = string.Join(", ", parameter.Axes
                .Where((axis, i) => axis.Count > 1 || i == parameter.Axes.Count - 1)
                .Select(axis => $"new({Literal.Number(axis.Count)}, {Literal.Number(axis.Stride)})"));
            var initialization = spec.Initializer switch
            {
                Initializer.Zeros => "Zeros",
                Initializer.Ones => "Ones",
                Initializer.Quarter => "Quarter",
                Initializer.Half => "Half",
                _ => parameter.UsesHe ? "He" : "Glorot",
            };
            var isTrained = spec.IsTrained ? "" : ", IsTrained: false";
            writer.Line($"        new({Literal.Text(parameter.Name)}, [{string.Join(", ", spec.Dimensions.Select(d => Literal.Number(d)))}], {Literal.Number(parameter.Offset)}, [{axes}], global::CnnGen.Runtime.Initialization.{initialization}, {Literal.Number(spec.FanIn)}, {Literal.Number(spec.FanOut)}{isTrained}),");
        }

        writer.Line("    ],");
        writer.Line($"    trainedLength: {Literal.Number(parameters.TrainedLength)},");
        writer.Line($"    totalLength: {Literal.Number(parameters.TotalLength)}{(plan.Network.IsTrainable ? "" : ", hasGradients: false")});");
    }
}
