namespace CnnGen.Insight;

/// <summary>Where a layer's feature maps speak for a unit: class activation maps by gradients.</summary>
public static class ClassActivation
{
    /// <summary>
    /// Grad-CAM (Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep Networks", section 3): the layer's maps, each weighted with the mean of the unit's gradient by it, summed; what is below zero becomes 0.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="layer">The place of a layer before the unit's, whose output is a map: mostly the last convolution's, or the activation behind it.</param>
    /// <param name="unit">What is explained: mostly the score of a class.</param>
    /// <returns>Floats of the layer's H x W, 0 or more; <see cref="Heatmap.Resize"/> brings them to the image's size.</returns>
    /// <exception cref="ArgumentException">The image has another length, or the layer is none before the unit's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public static float[] GradCam(IExplainable network, ReadOnlySpan<float> image, int layer, Unit unit)
    {
        var (activations, gradients, shape) = Run(network, image, layer, unit);
        var plane = shape.Height * shape.Width;
        return Weighted(activations, shape, channel =>
        {
            var sum = 0.0;
            foreach (var gradient in gradients.AsSpan(channel * plane, plane))
                sum += gradient;
            return sum / plane;
        });
    }

    /// <summary>
    /// Grad-CAM++ (Chattopadhyay et al. 2018, "Grad-CAM++", equations 11 and 19): as Grad-CAM, but a map's weight is the sum of the gradients above zero, each weighted with g^2 / (2 g^2 + g^3 S), where S is the
    /// sum of the map. A factor that is common to all maps (the exponential of the score) is left out.
    /// </summary>
    /// <inheritdoc cref="GradCam"/>
    public static float[] GradCamPlusPlus(IExplainable network, ReadOnlySpan<float> image, int layer, Unit unit)
    {
        var (activations, gradients, shape) = Run(network, image, layer, unit);
        var plane = shape.Height * shape.Width;
        return Weighted(activations, shape, channel =>
        {
            var sum = 0.0;
            foreach (var activation in activations.AsSpan(channel * plane, plane))
                sum += activation;
            var weight = 0.0;
            foreach (var single in gradients.AsSpan(channel * plane, plane))
            {
                var gradient = (double)single;
                var divisor = (2 * gradient * gradient) + (gradient * gradient * gradient * sum);
                if (gradient > 0 && divisor != 0)
                    weight += gradient * gradient * gradient / divisor;
            }

            return weight;
        });
    }

    /// <summary>Guided Grad-CAM (Selvaraju et al. 2017, section 3.2): guided backpropagation, each pixel multiplied with the enlarged map of Grad-CAM: as sharp as the one, as good at telling classes apart as the other.</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">C x H x W floats.</param>
    /// <param name="layer">The place of the layer whose maps Grad-CAM weighs.</param>
    /// <param name="unit">What is explained.</param>
    /// <returns>C x H x W floats of the image's shape.</returns>
    /// <exception cref="ArgumentException">The image has another length, or the layer is none before the unit's.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public static float[] GuidedGradCam(IExplainable network, ReadOnlySpan<float> image, int layer, Unit unit)
    {
        var map = GradCam(network, image, layer, unit);
        var (shape, small) = (network.ShapeOf(0), network.ShapeOf(layer));
        var large = Heatmap.Resize(map, small.Height, small.Width, shape.Height, shape.Width);
        var guided = Attribution.GuidedBackpropagation(network, image, unit);
        for (var i = 0; i < guided.Length; i++)
            guided[i] *= large[i % large.Length];
        return guided;
    }

    private static (float[] Activations, float[] Gradients, ImageShape Shape) Run(IExplainable network, ReadOnlySpan<float> image, int layer, Unit unit)
    {
        Attribution.Check(network, image, unit);
        if (layer < 1 || layer >= unit.Layer)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The maps of layer {layer} can't explain a unit of layer {unit.Layer}: take a layer before it, 1 to {unit.Layer - 1}."), nameof(layer));
        }

        var shape = network.ShapeOf(layer);
        var (activations, gradients) = (new float[shape.Length], new float[shape.Length]);
        network.Forward(image, 1);
        network.Backward(unit.Layer, unit.Seed(network, 1));
        network.CopyActivations(layer, activations);
        network.CopyGradients(layer, gradients);
        return (activations, gradients, shape);
    }

    private static float[] Weighted(float[] activations, ImageShape shape, Func<int, double> weightOf)
    {
        var plane = shape.Height * shape.Width;
        var sum = new double[plane];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var weight = weightOf(channel);
            for (var i = 0; i < plane; i++)
                sum[i] += weight * activations[(channel * plane) + i];
        }

        var map = new float[plane];
        for (var i = 0; i < plane; i++)
            map[i] = (float)Math.Max(0, sum[i]);
        return map;
    }
}
