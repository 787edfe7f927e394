namespace CnnGen.Insight.Tests.Explaining;

/// <summary>
/// A network whose gradients are known: layer 1 has the maps 2x and x^2 of the one channel of the image x, layer 2 two scores: the sum of w * (2x) + v * x^2, and -3 times the sum of 2x.
/// </summary>
internal sealed class QuadraticNetwork(int side, float[] w, float[] v) : IExplainable
{
    private float[] _images = [];
    private int _count;
    private float[] _mapGradients = [];
    private float[] _imageGradients = [];

    /// <summary>The forward passes that were asked for.</summary>
    public int Forwards { get; private set; }

    public int LayerCount => 2;

    public int OutputLayer => 2;

    public int ScoreLayer => 2;

    private int Plane => side * side;

    public ImageShape ShapeOf(int layer) => layer switch { 0 => new(1, side, side), 1 => new(2, side, side), _ => new(2, 1, 1) };

    public void Forward(ReadOnlySpan<float> images, int count)
    {
        Assert.Equal(count * Plane, images.Length);
        (_images, _count) = (images.ToArray(), count);
        Forwards++;
    }

    public void CopyActivations(int layer, Span<float> activations)
    {
        Assert.Equal(_count * ShapeOf(layer).Length, activations.Length);
        for (var n = 0; n < _count; n++)
        {
            var (first, second) = (0.0, 0.0);
            for (var i = 0; i < Plane; i++)
            {
                var x = _images[(n * Plane) + i];
                if (layer == 1)
                    (activations[(2 * n * Plane) + i], activations[(((2 * n) + 1) * Plane) + i]) = (2 * x, x * x);
                first += (w[i] * 2.0 * x) + (v[i] * x * x);
                second -= 6.0 * x;
            }

            if (layer == 2)
                (activations[2 * n], activations[(2 * n) + 1]) = ((float)first, (float)second);
        }
    }

    public void Backward(int layer, ReadOnlySpan<float> seed, RectifierRule rule = RectifierRule.Gradient)
    {
        Assert.Equal(_count * ShapeOf(layer).Length, seed.Length);
        _mapGradients = new float[_count * 2 * Plane];
        _imageGradients = new float[_count * Plane];
        for (var n = 0; n < _count; n++)
        {
            for (var i = 0; i < Plane; i++)
            {
                var (linear, square) = layer == 2
                    ? ((seed[2 * n] * w[i]) - (3 * seed[(2 * n) + 1]), seed[2 * n] * v[i])
                    : (seed[(2 * n * Plane) + i], seed[(((2 * n) + 1) * Plane) + i]);
                (_mapGradients[(2 * n * Plane) + i], _mapGradients[(((2 * n) + 1) * Plane) + i]) = (linear, square);
                _imageGradients[(n * Plane) + i] = (2 * linear) + (2 * square * _images[(n * Plane) + i]);
            }
        }
    }

    public void CopyGradients(int layer, Span<float> gradients) => (layer == 0 ? _imageGradients : _mapGradients).CopyTo(gradients);
}
