namespace CnnGen.Runtime;

/// <summary>
/// What batch normalisation (Ioffe, Szegedy 2015, algorithm 1) does once for each channel, between the kernels that read the map: from sums to means,
/// from squares to the scale and shift that the forward pass applies, and from the gradient's sums to what the backward pass applies.
/// In double precision, the same on every instruction set.
/// </summary>
public static unsafe class BatchNormalization
{
    /// <summary>Adds up the sums that chunks of a batch left, in order: the same bits on any number of threads.</summary>
    /// <param name="partials">The first chunk's sums.</param>
    /// <param name="chunks">The number of chunks.</param>
    /// <param name="stride">Floats (half doubles) from one chunk's sums to the next's.</param>
    /// <param name="sums">Receives one double for each channel.</param>
    /// <param name="channels">The number of channels.</param>
    public static void SumPartials(double* partials, int chunks, int stride, double* sums, int channels)
    {
        for (var c = 0; c < channels; c++)
        {
            var sum = 0.0;
            for (var chunk = 0; chunk < chunks; chunk++)
                sum += ((double*)((float*)partials + ((long)chunk * stride)))[c];
            sums[c] = sum;
        }
    }

    /// <summary>Turns sums into means, in place.</summary>
    /// <param name="sums">One double for each channel; receives the means.</param>
    /// <param name="count">The elements of a channel, over the whole batch.</param>
    /// <param name="channels">The number of channels.</param>
    public static void Means(double* sums, long count, int channels)
    {
        for (var c = 0; c < channels; c++)
            sums[c] /= count;
    }

    /// <summary>The forward pass when training: y = x * scales + shifts normalises with the batch's statistics, which also move the running ones.</summary>
    /// <param name="means">The batch's means.</param>
    /// <param name="squares">The sums of (x - mean)^2; receives 1 / sqrt(variance + epsilon), which the backward pass wants.</param>
    /// <param name="count">The elements of a channel, over the whole batch, 1 or more.</param>
    /// <param name="gamma">The trained scale.</param>
    /// <param name="beta">The trained shift.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">The part of the batch's statistics in the new running ones, as in PyTorch: 0.1.</param>
    /// <param name="runningMean">Moved towards the means.</param>
    /// <param name="runningVariance">Moved towards the variances, taken over count - 1 (over 1 for a count of 1).</param>
    /// <param name="scales">Receives the factors.</param>
    /// <param name="shifts">Receives the addends.</param>
    /// <param name="channels">The number of channels.</param>
    public static void TrainingCoefficients(
        double* means, double* squares, long count, float* gamma, float* beta, float epsilon, float momentum, float* runningMean, float* runningVariance, float* scales, float* shifts, int channels)
    {
        for (var c = 0; c < channels; c++)
        {
            var inverseDeviation = 1 / Math.Sqrt((squares[c] / count) + epsilon);
            var unbiased = squares[c] / Math.Max(1, count - 1);
            runningMean[c] = (float)(((1 - (double)momentum) * runningMean[c]) + (momentum * means[c]));
            runningVariance[c] = (float)(((1 - (double)momentum) * runningVariance[c]) + (momentum * unbiased));
            squares[c] = inverseDeviation;
            scales[c] = (float)(gamma[c] * inverseDeviation);
            shifts[c] = (float)(beta[c] - (means[c] * gamma[c] * inverseDeviation));
        }
    }

    /// <summary>The forward pass when predicting: y = x * scales + shifts normalises with the running statistics.</summary>
    /// <param name="gamma">The trained scale.</param>
    /// <param name="beta">The trained shift.</param>
    /// <param name="runningMean">The running means.</param>
    /// <param name="runningVariance">The running variances.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="scales">Receives the factors.</param>
    /// <param name="shifts">Receives the addends.</param>
    /// <param name="channels">The number of channels.</param>
    public static void PredictionCoefficients(
        float* gamma, float* beta, float* runningMean, float* runningVariance, float epsilon, float* scales, float* shifts, int channels)
    {
        for (var c = 0; c < channels; c++)
        {
            var scale = gamma[c] / Math.Sqrt((double)runningVariance[c] + epsilon);
            scales[c] = (float)scale;
            shifts[c] = (float)(beta[c] - (runningMean[c] * scale));
        }
    }

    /// <summary>
    /// What a batch norm becomes when a prediction folds it into the layer before it: that layer's weights times scales, and shifts in the place of its bias.
    /// </summary>
    /// <param name="gamma">The trained scale.</param>
    /// <param name="beta">The trained shift.</param>
    /// <param name="runningMean">The running means.</param>
    /// <param name="runningVariance">The running variances.</param>
    /// <param name="bias">The bias of the layer before, or null.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="scales">Receives the factors.</param>
    /// <param name="shifts">Receives the addends.</param>
    /// <param name="channels">The number of channels.</param>
    public static void FoldedCoefficients(
        float* gamma, float* beta, float* runningMean, float* runningVariance, float* bias, float epsilon, float* scales, float* shifts, int channels)
    {
        for (var c = 0; c < channels; c++)
        {
            var scale = gamma[c] / Math.Sqrt((double)runningVariance[c] + epsilon);
            var mean = bias == null ? runningMean[c] : (double)runningMean[c] - bias[c];
            scales[c] = (float)scale;
            shifts[c] = (float)(beta[c] - (mean * scale));
        }
    }

    /// <summary>
    /// The backward pass: the parameters' gradients, and a, b, d such that the input's gradient is a * g + b * x + d, g being the output's. With
    /// s = 1 / sqrt(variance + epsilon) and z = (x - mean) * s it is gamma * s * (g - sum g / count - z * sum(g * z) / count).
    /// </summary>
    /// <param name="means">The batch's means.</param>
    /// <param name="inverseDeviations">What <see cref="TrainingCoefficients"/> left in its squares.</param>
    /// <param name="gSums">The sums of g.</param>
    /// <param name="gxSums">The sums of g * (x - mean).</param>
    /// <param name="count">The elements of a channel, over the whole batch, 1 or more.</param>
    /// <param name="gamma">The trained scale.</param>
    /// <param name="gammaGradient">Receives gamma's gradient.</param>
    /// <param name="betaGradient">Receives beta's gradient.</param>
    /// <param name="a">Receives the gradient's factors.</param>
    /// <param name="b">Receives the input's factors.</param>
    /// <param name="d">Receives the addends.</param>
    /// <param name="channels">The number of channels.</param>
    public static void BackwardCoefficients(
        double* means, double* inverseDeviations, double* gSums, double* gxSums, long count, float* gamma, float* gammaGradient, float* betaGradient, float* a, float* b, float* d, int channels)
    {
        for (var c = 0; c < channels; c++)
        {
            var s = inverseDeviations[c];
            gammaGradient[c] = (float)(gxSums[c] * s);
            betaGradient[c] = (float)gSums[c];
            var slope = gamma[c] * s * s * s * gxSums[c] / count;
            a[c] = (float)(gamma[c] * s);
            b[c] = (float)-slope;
            d[c] = (float)((slope * means[c]) - (gamma[c] * s * gSums[c] / count));
        }
    }
}
