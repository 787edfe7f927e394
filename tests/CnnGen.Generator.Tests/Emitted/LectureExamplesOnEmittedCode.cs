using CnnGen.Generator.Tests.Reference;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>The lecture's examples on emitted code; what every instruction set gives must be the blackboard's numbers to the bit.</summary>
public sealed class LectureExamplesOnEmittedCode : LectureExamples
{
    private protected override ILectureModel Compile(string attributes)
    {
        // The lecture's networks end in maps.
        var end = attributes.IndexOf(']');
        var source = attributes[..(end - 1)] + ", Loss = Loss.HalfSquaredError)]" + attributes[(end + 1)..] + " public partial class Lecture;";
        return new Emitted(EmittedAssembly.Compile(source).Create("Lecture"));
    }

    private sealed class Emitted(EmittedModel model) : ILectureModel
    {
        public string OutputShape => ((ImageShape)model.Type.GetProperty("OutputShape")!.GetValue(null)!).ToString();

        public long ParameterCount => (long)model.Type.GetField("ParameterCount")!.GetRawConstantValue()!;

        public double[] Predict(double[] image, Dictionary<string, double[]> parameters)
        {
            model.SetParameters(parameters);
            var results = EmittedModel.Sets.Select(set =>
            {
                model.InstructionSet = set;
                return Array.ConvertAll(model.Predict(image.ToFloats()), x => (double)x);
            }).ToList();
            foreach (var other in results.Skip(1))
                Assert.Equal(results[0], other);
            return results[0];
        }
    }
}
