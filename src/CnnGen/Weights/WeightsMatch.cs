using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

/// <summary>Pairs a model's parameters with a file's tensors.</summary>
internal static class WeightsMatch
{
    /// <summary>Pairs every parameter with its tensor, or throws with all that doesn't fit.</summary>
    /// <exception cref="InvalidDataException">Something doesn't fit.</exception>
    public static List<(Parameter Parameter, SafeTensor Tensor)> Pairs(SafeTensorsFile file, ParameterStore parameters)
    {
        var wanted = parameters.All.Select(parameter => new WantedTensor(parameter.Name, parameter.Dimensions.ToArray())).ToList();
        var faults = new FaultList();
        foreach (var fault in WeightsComparison.Faults(wanted, file.Tensors.Select(tensor => tensor.Entry).ToList()))
            faults.Add(fault);
        if (faults.Count > 0)
        {
            throw new InvalidDataException(TrainingState.IsIn(file)
                ? $"{file.Name} is a training's state and not a model's weights; the model is left as it was. Resume of a Trainer takes it up, and Save of its model writes the weights."
                : $"{file.Name} doesn't fit the model, which is left as it was:{faults}\nLoad the weights of this network, or rename their tensors.");
        }

        return parameters.All
            .Select(parameter => (parameter, file.TryGet(parameter.Name, out var tensor) ? tensor : throw new InvalidOperationException(parameter.Name)))
            .ToList();
    }

    private static string Word(WeightsFault fault)
    {
        var (kind, wanted, found) = (fault.Kind, fault.Wanted, fault.Found);
        return kind switch
        {
            WeightsFaultKind.Missing => $"{wanted.Name} {Describe.Shape(wanted.Shape)} is missing{(fault.Meant() is { } near ? $"; the file has {near}" : "")}",
            WeightsFaultKind.Shape => $"{wanted.Name} has the shape {Describe.Shape(found!.Shape)} in the file, but {Describe.Shape(wanted.Shape)} in the model",
            WeightsFaultKind.Type => $"{wanted.Name} is {found!.Type.Name()} in the file, but has to be F32 (F16, BF16 and F64 are converted)",
            _ => $"{found!.Description} is no parameter of the model{Suggestion(fault)}",
        };

        // The wanted name is likelier one that the file lacks than one that it has too.
        static string Suggestion(WeightsFault fault) => fault.Meant() is { } meant
            ? $"; did you mean {meant}"
            : fault.Neighbour() is { } neighbour ? $"; the nearest is {neighbour}" : "";
    }

    /// <summary>Counts all faults and words the first few: a hostile file may have a million, and each wording looks for a near name.</summary>
    private sealed class FaultList
    {
        private const int Listed = 8;

        private readonly List<string> _texts = [];

        public int Count { get; private set; }

        public void Add(WeightsFault fault)
        {
            if (Count++ < Listed)
                _texts.Add(Word(fault));
        }

        public override string ToString() =>
            string.Concat(_texts.Select(text => $"\n  - {text}")) + (Count > Listed ? Invariant($"\n  - and {Count - Listed} more") : "");
    }
}
