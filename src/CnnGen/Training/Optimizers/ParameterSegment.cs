namespace CnnGen.Runtime;

/// <summary>The memory of one trained parameter, and how it is trained: a run of the store's floats.</summary>
internal struct ParameterSegment
{
    /// <summary>The first float.</summary>
    public int Start;

    /// <summary>The float after the last, unused lanes included.</summary>
    public int End;

    /// <summary>What the rate is multiplied by.</summary>
    public float RateFactor;

    public float WeightDecay;

    /// <summary>The steps in which the rate rises to its full height; 0 for none.</summary>
    public int WarmUpSteps;

    public bool IsFrozen;

    /// <inheritdoc cref="Parameter.IsMatrix"/>
    public bool IsMatrix;

    /// <summary>The rate of the step at hand.</summary>
    public float Rate;

    /// <summary>A segment for each trained parameter, in the order of memory.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="groups">What is said of some of them.</param>
    /// <param name="weightDecay">The weight decay of those of which nothing is said.</param>
    /// <param name="isLeft">Whether another optimiser takes care of a parameter.</param>
    /// <exception cref="ArgumentException">A group names no parameter.</exception>
    /// <exception cref="InvalidOperationException">All parameters are frozen.</exception>
    public static ParameterSegment[] Of(ParameterStore parameters, IReadOnlyList<ParameterGroup> groups, double weightDecay, Func<Parameter, bool> isLeft)
    {
        var trained = Trained(parameters);
        var segments = new ParameterSegment[trained.Count];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = new ParameterSegment
            {
                Start = i == 0 ? 0 : trained[i].Definition.Offset,
                End = i + 1 < trained.Count ? trained[i + 1].Definition.Offset : parameters.TrainedLength,
                RateFactor = 1,
                WeightDecay = (float)weightDecay,
                IsMatrix = trained[i].IsMatrix,
            };
        }

        foreach (var group in groups)
        {
            var chosen = group.Choose(parameters);
            for (var i = 0; i < segments.Length; i++)
            {
                if (!chosen.Contains(trained[i].Name))
                    continue;
                segments[i].RateFactor *= (float)group.RateFactor;
                segments[i].WeightDecay = group.WeightDecay is { } own ? (float)own : segments[i].WeightDecay;
                segments[i].WarmUpSteps = Math.Max(segments[i].WarmUpSteps, group.WarmUpSteps);
                segments[i].IsFrozen |= group.IsFrozen;
            }
        }

        if (segments.Length > 0 && Array.TrueForAll(segments, segment => segment.IsFrozen))
        {
            throw new InvalidOperationException(
                $"The optimiser's groups freeze all {segments.Length} trained parameters, from {trained[0].Name} to {trained[^1].Name}: nothing is left to train. Freeze fewer.");
        }

        for (var i = 0; i < segments.Length; i++)
            segments[i].IsFrozen |= isLeft(trained[i]);
        return segments;
    }

    /// <summary>The trained parameters in the order of memory.</summary>
    public static List<Parameter> Trained(ParameterStore parameters) =>
        [.. parameters.All.Where(parameter => parameter.IsTrained).OrderBy(parameter => parameter.Definition.Offset)];
}
