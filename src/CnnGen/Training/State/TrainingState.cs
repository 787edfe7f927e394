using System.Globalization;
using static System.FormattableString;

namespace CnnGen.Runtime;

/// <summary>The parts of a training state that know no model class: what is written of each, and how it is put back.</summary>
internal static class TrainingState
{
    /// <summary>Of the file: another number where an older library couldn't read it, or this one an older file.</summary>
    public const string Version = "2";

    public const string VersionKey = "cnngen.training";

    /// <summary>Whether a file is the state of a training, whatever its version.</summary>
    public static bool IsIn(SafeTensorsFile file) => file.Metadata.ContainsKey(VersionKey);

    public static void WriteParameters(StateWriter writer, ParameterStore parameters)
    {
        foreach (var parameter in parameters.All)
            writer.Add("model." + parameter.Name, parameter, () => parameters.ValuesAndStatistics);
    }

    /// <summary>Finds the parameters' numbers, or throws with all that differs.</summary>
    public static List<(Parameter Parameter, float[] Values)> ReadParameters(StateReader reader, ParameterStore parameters)
    {
        var faults = new List<string>();
        foreach (var parameter in parameters.All)
        {
            var name = "model." + parameter.Name;
            if (!reader.Shapes.TryGetValue(name, out var shape))
                faults.Add($"{parameter} is missing");
            else if (!WeightsComparison.HasShape(shape, parameter.Dimensions))
                faults.Add($"{parameter.Name} has the shape {Describe.Shape(shape)} in the file, but {Describe.Shape(parameter.Dimensions)} in the model");
        }

        var own = parameters.All.Select(parameter => "model." + parameter.Name).ToHashSet(StringComparer.Ordinal);
        faults.AddRange(reader.Shapes.Keys.Where(name => name.StartsWith("model.", StringComparison.Ordinal) && !own.Contains(name))
            .Select(name => $"{Describe.Name(name["model.".Length..])} is no parameter of the model"));
        if (faults.Count > 0)
            throw new InvalidDataException($"{reader.Name} is a training state of another network:\n  - {string.Join("\n  - ", faults.Take(8))}{(faults.Count > 8 ? Invariant($"\n  - and {faults.Count - 8} more") : "")}\nResume with the network that was trained.");
        return [.. parameters.All.Select(parameter => (parameter, reader.Tensor("model." + parameter.Name, parameter.Length)))];
    }

    /// <summary>The optimiser and those within it, outermost first.</summary>
    /// <exception cref="InvalidOperationException">One of them is not of the library.</exception>
    public static List<Optimizer> Chain(Optimizer optimizer)
    {
        var chain = new List<Optimizer>();
        for (var one = optimizer; one != null; one = one.Inner)
        {
            if (!one.IsOfLibrary)
                throw new InvalidOperationException($"A training with the optimiser {one.GetType().Name} can't be saved and resumed: what it keeps between steps is not known. Use an optimiser of the library's.");
            chain.Add(one);
        }

        return chain;
    }

    public static void WriteOptimizer(StateWriter writer, Optimizer optimizer, ParameterStore parameters)
    {
        var trained = ParameterSegment.Trained(parameters);
        var chain = Chain(optimizer);
        writer.Add("optimizer", Kinds(chain));
        for (var depth = 0; depth < chain.Count; depth++)
        {
            var (state, names) = (chain[depth].StateOf(parameters), chain[depth].StateNames!);
            var prefix = Invariant($"optimizer{depth}.");
            state.Refresh();
            writer.Add(prefix + "steps", state.Steps);
            writer.Add(prefix + "product", state.Product);
            for (var kind = 0; kind < names.Count; kind++)
            {
                for (var i = 0; i < trained.Count; i++)
                {
                    var index = kind;
                    if (!state.Segments[i].IsFrozen)
                        writer.Add($"{prefix}{names[kind]}.{trained[i].Name}", trained[i], () => state.Copied(index));
                }
            }
        }
    }

    /// <summary>Finds all that the optimisers keep, and returns what puts it back.</summary>
    public static Action ReadOptimizer(StateReader reader, Optimizer optimizer, ParameterStore parameters)
    {
        var trained = ParameterSegment.Trained(parameters);
        var chain = Chain(optimizer);
        if (reader.Text("optimizer") != Kinds(chain))
            throw new InvalidDataException($"{reader.Name} is a training state of the optimiser {Describe.Name(reader.Text("optimizer"))}, but this trainer's is {Kinds(chain)}. Make the trainer with that one.");
        var actions = new List<Action>();
        for (var depth = 0; depth < chain.Count; depth++)
        {
            var (state, names) = (chain[depth].StateOf(parameters), chain[depth].StateNames!);
            var prefix = Invariant($"optimizer{depth}.");
            var (steps, product) = (reader.Number(prefix + "steps"), reader.Double(prefix + "product"));
            actions.Add(() => (state.Steps, state.Product) = (steps, product));
            for (var kind = 0; kind < names.Count; kind++)
            {
                for (var i = 0; i < trained.Count; i++)
                {
                    if (state.Segments[i].IsFrozen)
                        continue;
                    var (index, parameter) = (kind, trained[i]);
                    var values = reader.Tensor($"{prefix}{names[kind]}.{parameter.Name}", parameter.Length);
                    actions.Add(() => parameter.Scatter(values, state[index]));
                }
            }
        }

        return () => actions.ForEach(action => action());
    }

    public static void WriteHistory(StateWriter writer, TrainingHistory? history)
    {
        writer.Add("history.epochs", history == null ? -1 : history.Epochs.Count);
        writer.Add("history.stop", history?.StopReason ?? "");
        for (var i = 0; i < (history?.Epochs.Count ?? 0); i++)
        {
            var epoch = history!.Epochs[i];
            writer.Add(Invariant($"history.{i}"), Numbers(
                epoch.Epoch, epoch.Loss, epoch.Accuracy, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.LearningRate, epoch.Seconds, epoch.ImagesPerSecond));
        }
    }

    public static TrainingHistory? ReadHistory(StateReader reader)
    {
        var count = reader.Integer("history.epochs");
        if (count < 0)
            return null;
        var history = new TrainingHistory { StopReason = reader.Text("history.stop") is { Length: > 0 } reason ? reason : null };
        for (var i = 0; i < count; i++)
        {
            var n = Numbers(reader, Invariant($"history.{i}"), 8);
            history.Add(new EpochResult((int)n[0]!, n[1]!.Value, n[2]!.Value, n[3], n[4], (float)n[5]!, n[6]!.Value, n[7]!.Value));
        }

        return history;
    }

    public static void WriteRun(StateWriter writer, TrainingRun? run, ParameterStore parameters)
    {
        writer.Add("run", run == null ? 0 : run.StreamSteps == 0 ? 1L : 2);
        if (run == null)
            return;
        if (run.StreamSteps > 0)
        {
            writer.Add("run.streamSteps", run.StreamSteps);
            writer.Add("run.streamTotal", run.StreamTotal);
            writer.Add("run.streamRead", run.StreamRead);
        }

        writer.Add("run.epochs", run.Epochs);
        writer.Add("run.batchSize", run.BatchSize);
        writer.Add("run.images", run.Images);
        writer.Add("run.imagesMark", run.ImagesMark);
        writer.Add("run.batches", run.Batches);
        writer.Add("run.accumulation", run.Accumulation);
        writer.Add("run.epoch", run.Epoch);
        writer.Add("run.batch", run.Batch);
        writer.Add("run.lossSum", run.LossSum);
        writer.Add("run.right", run.Right);
        writer.Add("run.seconds", run.Seconds);
        var last = run.Last;
        writer.Add("run.last", Numbers(last.Epoch, last.Epochs, last.Batch, last.Batches, last.Loss, last.Accuracy, last.LearningRate, last.ImagesPerSecond));
        if (!run.IsWithinStep)
            return;
        run.Accumulated!.Refresh();
        foreach (var parameter in ParameterSegment.Trained(parameters))
            writer.Add("accumulated." + parameter.Name, parameter, () => run.Accumulated!.Copy);
    }

    public static TrainingRun? ReadRun(StateReader reader, ParameterStore parameters)
    {
        var kind = reader.Number("run");
        if (kind == 0)
            return null;
        var isStream = kind == 2;
        var last = Numbers(reader, "run.last", 8);
        var run = new TrainingRun
        {
            Epochs = reader.Integer("run.epochs"),
            BatchSize = reader.Integer("run.batchSize"),
            Images = reader.Integer("run.images"),
            ImagesMark = reader.Unsigned("run.imagesMark"),
            Batches = reader.Integer("run.batches"),
            Accumulation = reader.Integer("run.accumulation"),
            StreamSteps = isStream ? reader.Integer("run.streamSteps") : 0,
            StreamTotal = isStream ? reader.Integer("run.streamTotal") : 0,
            StreamRead = isStream ? reader.Number("run.streamRead") : 0,
            Epoch = reader.Integer("run.epoch"),
            Batch = reader.Integer("run.batch"),
            LossSum = reader.Double("run.lossSum"),
            Right = reader.Integer("run.right"),
            Seconds = reader.Double("run.seconds"),
            Last = new TrainingProgress((int)last[0]!, (int)last[1]!, (int)last[2]!, (int)last[3]!, last[4]!.Value, last[5]!.Value, (float)last[6]!, last[7]!.Value),
        };
        if (!run.IsWithinStep)
            return run;
        run.Accumulated = new MovableFloats(parameters.TrainedLength, hasStatistics: false);
        foreach (var parameter in ParameterSegment.Trained(parameters))
            parameter.Scatter(reader.Tensor("accumulated." + parameter.Name, parameter.Length), run.Accumulated.Span);
        return run;
    }

    public static void WriteAverage(StateWriter writer, WeightAverage? average, ParameterStore parameters)
    {
        writer.Add("average.updates", average?.Updates ?? -1);
        if (average is not { Updates: > 0 })
            return;
        average.Refresh();
        foreach (var parameter in parameters.All)
            writer.Add("average." + parameter.Name, parameter, () => average.Copied);
    }

    public static Action ReadAverage(StateReader reader, WeightAverage? average, ParameterStore parameters)
    {
        average?.CheckFree(parameters);
        var updates = reader.Number("average.updates");
        if ((updates < 0) != (average == null))
            throw new InvalidDataException($"{reader.Name} is a training state {(average == null ? "with" : "without")} an average of the weights, but this trainer has {(average == null ? "none" : "one")}. Make it as it was then.");
        if (updates <= 0)
            return () => average?.Restore(parameters, 0);
        var values = parameters.All.Select(parameter => reader.Tensor("average." + parameter.Name, parameter.Length)).ToList();
        return () =>
        {
            average!.Restore(parameters, updates);
            for (var i = 0; i < values.Count; i++)
                parameters.All[i].Scatter(values[i], average.Values);
        };
    }

    private static string Kinds(List<Optimizer> chain) =>
        string.Join(" around ", chain.Select(one => one.StateNames!.Count == 0 ? one.GetType().Name : $"{one.GetType().Name} ({string.Join(", ", one.StateNames)})"));

    private static string Numbers(params double?[] numbers) =>
        string.Join(' ', numbers.Select(number => number?.ToString("R", CultureInfo.InvariantCulture) ?? "-"));

    private static double?[] Numbers(StateReader reader, string key, int count)
    {
        var parts = reader.Text(key).Split(' ');
        var numbers = new double?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] == "-")
                continue;
            numbers[i] = double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InvalidDataException($"{reader.Name} is damaged: '{Describe.Name(parts[i])}' is no number of '{key}'. Resume from an earlier file.");
        }

        return parts.Length == count ? numbers : throw new InvalidDataException(Invariant($"{reader.Name} is damaged: '{key}' has {parts.Length} numbers instead of {count}. Resume from an earlier file."));
    }
}
