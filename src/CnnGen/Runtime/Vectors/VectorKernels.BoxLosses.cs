using System.Runtime.CompilerServices;

namespace CnnGen.Runtime;

public abstract unsafe partial class VectorKernels<TUnit, TVector, TInts, TWide>
{
    /// <summary>
    /// The Huber loss (delta 1) of the wanted class's box at each place, and its gradient (Girshick 2015, section 2.3): t[c] times the sum over the box's 4 numbers, summed over the classes c from 1 on
    /// (class 0 is the background, which has no box), the mean over the places. Other classes' boxes add nothing, whatever they are.
    /// </summary>
    /// <param name="boxes">Number j of class c at place p is at (4 c + j) * places + p.</param>
    /// <param name="target">The wanted probabilities of the classes, that of class c at place p at c * places + p, and behind them the wanted boxes, laid out as <paramref name="boxes"/>.</param>
    /// <param name="gradient">Receives the gradient, laid out as <paramref name="boxes"/>; not <paramref name="boxes"/>.</param>
    /// <param name="classes">The number of classes, the background among them.</param>
    /// <param name="places">The number of regions or pixels.</param>
    /// <param name="scale">The weight of this image in the gradient: 1 / batch. The loss returned is not scaled.</param>
    /// <returns>The loss.</returns>
    [MethodImpl(Kernel)]
    public static double LabelBoxes(float* boxes, float* target, float* gradient, int classes, int places, float scale)
    {
        if (classes <= 0 || places <= 0)
            return 0;
        const int Numbers = RegionBox.Length;
        var wanted = target + ((nint)classes * places);
        for (nint i = 0; i < (nint)classes * Numbers * places; i++)
            gradient[i] = 0;
        double sum = 0;
        for (nint c = 1; c < classes; c++)
        {
            for (nint p = 0; p < places; p++)
            {
                var weight = target[(c * places) + p];
                if (weight == 0)
                    continue;
                for (nint j = 0; j < Numbers; j++)
                {
                    var at = (((c * Numbers) + j) * places) + p;
                    var error = (double)boxes[at] - wanted[at];
                    sum += weight * (Math.Abs(error) <= 1 ? error * error / 2 : Math.Abs(error) - 0.5);
                    gradient[at] = scale / places * weight * (float)Math.Clamp(error, -1, 1);
                }
            }
        }

        return sum / places;
    }
}
