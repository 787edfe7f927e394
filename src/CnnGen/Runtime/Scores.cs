namespace CnnGen.Runtime;

/// <summary>What outputs say.</summary>
internal static class Scores
{
    /// <summary>The place of the highest score, the first of equal ones.</summary>
    public static int Highest(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }

        return best;
    }
}
