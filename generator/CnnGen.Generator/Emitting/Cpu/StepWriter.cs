using CnnGen.Generator.Planning.Cpu;
using CnnGen.Generator.Planning.Cpu.Kernels;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>Prints the calls of a region: loops over images around the steps of single images, and nothing around the others.</summary>
internal sealed class StepWriter(CodeWriter writer, KernelCalls kernels, Func<PlanBuffer, bool> hasCopyPerImage, string chunkStride)
{
    private string _described = "";

    /// <summary>The variables that the region's calls name, in the order of their first use.</summary>
    public static IReadOnlyList<PlanBuffer> BuffersOf(IEnumerable<Step> steps) =>
        [.. steps.SelectMany(step => step.Call.Arguments).OfType<Argument.Buffer>().Select(argument => argument.Memory).Distinct()];

    /// <summary>The memory outside the program that the steps name, in the order of its kinds.</summary>
    public static IReadOnlyList<ExternalMemory> ExternalsOf(IEnumerable<Step> steps)
    {
        var named = new bool[(int)ExternalMemory.Result + 1];
        foreach (var step in steps)
        {
            if (step.When is Condition.Given given)
                named[(int)given.Memory] = true;
            foreach (var argument in step.Call.Arguments)
            {
                if (argument is Argument.External external)
                    named[(int)external.Memory] = true;
                else if (argument is Argument.Parameter parameter)
                    named[(int)(parameter.IsGradient ? ExternalMemory.Gradients : ExternalMemory.Parameters)] = true;
            }
        }

        var all = new List<ExternalMemory>();
        for (var memory = 0; memory < named.Length; memory++)
        {
            if (named[memory])
                all.Add((ExternalMemory)memory);
        }

        return all;
    }

    public static string NameOf(ExternalMemory memory) => memory switch
    {
        ExternalMemory.Images => "images",
        ExternalMemory.Regions => "regions",
        ExternalMemory.Targets => "targets",
        ExternalMemory.Scores => "scores",
        ExternalMemory.ImageGradients => "imageGradients",
        ExternalMemory.Parameters => "parameters",
        ExternalMemory.Gradients => "gradients",
        ExternalMemory.Seed => "seed",
        ExternalMemory.Result => "result",
        _ => "losses",
    };

    /// <summary>Prints one call of a range of units, from and to.</summary>
    public void WriteRange(Step step) => WriteStep(step, isInLoop: false, range: "from, to");

    /// <summary>Prints one call of a range, from and to, that counts from the starts of what stands before.</summary>
    public void WriteRange(Step step, int start) => WriteStep(
        step, isInLoop: false, range: start == 0 ? "from, to" : $"from - {Literal.Number(start)}, to - {Literal.Number(start)}");

    /// <summary>Prints one call on the single image at hand, which stands first in the region's buffers.</summary>
    public void WriteSingle(Step step) => WriteStep(step, isInLoop: false, range: null);

    /// <summary>Prints a call of one of a kernel's phases, with some of its arguments and what the phase takes besides.</summary>
    public void WritePhase(Kernel kernel, string phase, IEnumerable<Argument> arguments, string others) =>
        writer.Line($"{kernels.NameOf(kernel)}_{phase}({string.Join(", ", arguments.Select(argument => Text(argument, isInLoop: false)))}, {others});");

    public void Write(IReadOnlyList<Step> steps)
    {
        foreach (var run in Runs(steps, step => step.Scope == StepScope.Image))
        {
            var isInLoop = run[0].Scope == StepScope.Image;
            using (isInLoop ? writer.Block("for (nint i = 0; i < rows; i++)") : default(CodeWriter.Scope?))
                WriteRun(run, isInLoop);
        }
    }

    /// <summary>Prints calls one after the other; neighbours that are made on one condition stand under it together.</summary>
    private void WriteRun(IReadOnlyList<Step> steps, bool isInLoop)
    {
        foreach (var run in Runs(steps, ConditionOf))
        {
            var condition = ConditionOf(run[0]);
            if (run.Count == 1 || condition.Length == 0)
            {
                foreach (var step in run)
                    WriteStep(step, isInLoop, range: null);
                continue;
            }

            using (writer.Block(condition))
            {
                foreach (var step in run)
                    WriteCall(step, isInLoop, range: null);
            }
        }
    }

    /// <summary>Neighbours that have something in common.</summary>
    private static IEnumerable<IReadOnlyList<Step>> Runs<T>(IReadOnlyList<Step> steps, Func<Step, T> keyOf)
    {
        for (var first = 0; first < steps.Count;)
        {
            var key = keyOf(steps[first]);
            var run = steps.Skip(first).TakeWhile(step => Equals(keyOf(step), key)).ToList();
            yield return run;
            first += run.Count;
        }
    }

    private static string ConditionOf(Step step) => step.When is { } condition ? TextOf(condition) : "";

    public static string TextOf(Condition condition) => condition switch
    {
        Condition.Given given => $"if ({NameOf(given.Memory)} != null)",
        Condition.SeedOf seed => $"if (context->Layer == {Literal.Number(seed.Node)})",
        Condition.SeedOfOthers seed => $"if (context->Layer != {Literal.Number(seed.Node)})",
        Condition.Through through => $"if (context->Last >= {Literal.Number(through.Node)})",
        Condition.By by => $"if (context->Rule == RectifierRule.{by.Rule})",
        _ => throw new InvalidOperationException($"Unknown condition {condition}."),
    };

    private void WriteStep(Step step, bool isInLoop, string? range)
    {
        var condition = ConditionOf(step);
        if (condition.Length == 0)
        {
            WriteCall(step, isInLoop, range);
            return;
        }

        Describe(step);
        writer.Line(condition);
        writer.Line("    " + CallText(step.Call, isInLoop, range));
    }

    private void WriteCall(Step step, bool isInLoop, string? range)
    {
        Describe(step);
        writer.Line(CallText(step.Call, isInLoop, range));
    }

    /// <summary>Several calls may do one operation's work.</summary>
    private void Describe(Step step)
    {
        if (step.Description != _described)
            writer.Line("// " + (_described = step.Description));
    }

    private string CallText(Call call, bool isInLoop, string? range)
    {
        var arguments = string.Join(", ", ArgumentTexts(call, isInLoop));
        if (call.Kernel is not { } kernel)
            return $"{MethodText(call.Method!.Value)}({arguments}{(range is null ? "" : ", " + range)});";
        if (kernel.HasUnits)
            arguments += ", " + (range ?? "0, " + kernels.UnitsOf(kernel));
        return $"{kernels.NameOf(kernel)}({arguments});";
    }

    private IEnumerable<string> ArgumentTexts(Call call, bool isInLoop)
    {
        var position = 0;
        foreach (var argument in call.Arguments)
        {
            // A buffer of doubles is cleared as the floats that it takes.
            var isClearedDoubles = call.Method == RunTimeMethod.Clear && argument is Argument.Buffer { Memory.IsDouble: true };
            yield return (isClearedDoubles ? "(float*)" : "") + Text(argument, isInLoop);

            // The sums over chunks also want to know how far apart the chunks' sums lie.
            if (call.Method is RunTimeMethod.SumPartials or RunTimeMethod.SumChannelPartials && position == 1)
                yield return chunkStride;
            position++;
        }
    }

    private string Text(Argument argument, bool isInLoop) => argument switch
    {
        Argument.Buffer buffer => Literal.Address(BufferText(buffer, isInLoop)),
        Argument.External external => Literal.Address(ExternalText(external, isInLoop)),
        Argument.Parameter parameter => Literal.Address($"{(parameter.IsGradient ? "gradients" : "parameters")} + Offsets.{parameter.Plan.ConstantName}"),
        Argument.Value value => ValueText(value),
        Argument.Integer integer => Literal.Number(integer.Number),
        Argument.Float number => Literal.Float(number.Number),
        _ => throw new InvalidOperationException("Unknown argument."),
    };

    private string BufferText(Argument.Buffer buffer, bool isInLoop)
    {
        var text = Literal.At(buffer.Memory.Name, buffer.Offset);
        return isInLoop && buffer.Memory.Kind == BufferKind.Image && hasCopyPerImage(buffer.Memory)
            ? text + " + " + Literal.Times("i", buffer.Memory.Length)
            : text;
    }

    private static string ExternalText(Argument.External external, bool isInLoop)
    {
        var text = NameOf(external.Memory);
        return isInLoop && external.ImageStride > 0 ? text + " + " + Literal.Times("i", external.ImageStride) : text;
    }

    private static string ValueText(Argument.Value value)
    {
        var name = value.Kind switch
        {
            RunTimeValue.Rows => "rows",
            RunTimeValue.Count => "context->Count",
            RunTimeValue.Chunks => "context->ChunkCount",
            RunTimeValue.Image => "first + i",
            RunTimeValue.Seed => "context->DropoutSeed",
            _ => "1f / context->Count",
        };
        return value.Factor == 1 ? name : $"(long){name} * {Literal.Number(value.Factor)}";
    }

    private static string MethodText(RunTimeMethod method) => method switch
    {
        _ when LibraryMethod.Of(method) is { } library => KernelCalls.OwnType + "." + library.Name,
        RunTimeMethod.SumChannelPartials => "BatchNormalization.SumPartials",
        RunTimeMethod.BatchNormMeans => "BatchNormalization.Means",
        RunTimeMethod.BatchNormTrainingCoefficients => "BatchNormalization.TrainingCoefficients",
        RunTimeMethod.BatchNormBackwardCoefficients => "BatchNormalization.BackwardCoefficients",
        _ => throw new InvalidOperationException($"Unknown method {method}."),
    };
}
