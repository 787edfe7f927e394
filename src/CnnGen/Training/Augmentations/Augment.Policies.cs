using CnnGen.Runtime;

namespace CnnGen;

public static partial class Augment
{
    /// <summary>
    /// RandAugment (Cubuk et al. 2020): so many changes one after the other, each drawn from torchvision's fourteen (nothing, shears, moves, a turn, brightness, saturation, contrast, sharpness, posterize, solarize, autocontrast, equalize) at one strength.
    /// Changes of place are bilinear, and what comes in from outside is zero, the mean of normalised images; torchvision's are of the nearest pixel, and black. Grey images have no saturation to be changed: what would do so does nothing.
    /// </summary>
    /// <param name="shape">The images' shape, of 1 or 3 channels.</param>
    /// <param name="normalization">The model's (<c>Net.Normalization</c>).</param>
    /// <param name="changes">How many changes, 1 to 14.</param>
    /// <param name="magnitude">The strength, from 0 to 30.</param>
    /// <exception cref="ArgumentException">Images of that shape have no colours, or the normalisation is of another number of channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ImageAugmentation RandAugment(ImageShape shape, Normalization normalization, int changes = 2, int magnitude = 9)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(changes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(changes, PolicyChange.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(magnitude, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(magnitude, PolicyChange.MostMagnitude);
        var colors = ColorsOf(shape, normalization);
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            var random = new CounterRandom(seed, 0);
            for (var i = 0; i < changes; i++)
                PolicyChange.Draw(ref random, PolicyStrengths.RandAugment, magnitude).Apply(shape, colors, image);
        };
    }

    /// <summary>
    /// TrivialAugment (Müller, Hutter 2021; torchvision's <c>TrivialAugmentWide</c>): one change of those of <see cref="RandAugment"/>, at a strength that is drawn too, up to stronger ones.
    /// </summary>
    /// <param name="shape">The images' shape, of 1 or 3 channels.</param>
    /// <param name="normalization">The model's (<c>Net.Normalization</c>).</param>
    /// <exception cref="ArgumentException">Images of that shape have no colours, or the normalisation is of another number of channels.</exception>
    public static ImageAugmentation TrivialAugment(ImageShape shape, Normalization normalization)
    {
        var colors = ColorsOf(shape, normalization);
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            var random = new CounterRandom(seed, 0);
            var magnitude = random.NextInt(PolicyChange.MostMagnitude + 1);
            PolicyChange.Draw(ref random, PolicyStrengths.TrivialAugment, magnitude).Apply(shape, colors, image);
        };
    }
}
