using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

public static partial class Augment
{
    /// <summary>
    /// Random brightness, contrast and saturation, in an order that is drawn too, as torchvision's <c>ColorJitter</c> has them: each a factor that is uniform from 1 - the number (but 0 at least) to 1 + the number. Brightness multiplies,
    /// contrast goes by the image's mean grey, saturation by each pixel's. Results are bounded to what bytes can be.
    /// </summary>
    /// <param name="shape">The images' shape, of 1 or 3 channels.</param>
    /// <param name="normalization">The model's (<c>Net.Normalization</c>), by which images come back to the numbers of their bytes and then to the model's again.</param>
    /// <param name="brightness">0 or more, finite; 0 leaves it.</param>
    /// <param name="contrast">0 or more, finite; 0 leaves it.</param>
    /// <param name="saturation">0 or more, finite; 0 leaves it.</param>
    /// <exception cref="ArgumentException">Images of that shape have no colours, grey ones no saturation, or the normalisation is of another number of channels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ImageAugmentation ColorJitter(ImageShape shape, Normalization normalization, double brightness = 0.4, double contrast = 0.4, double saturation = 0.4)
    {
        CheckStrength(brightness, nameof(brightness));
        CheckStrength(contrast, nameof(contrast));
        CheckStrength(saturation, nameof(saturation));
        var colors = ColorsOf(shape, normalization);
        if (saturation > 0 && shape.Channels != 3)
            throw new ArgumentException($"Images of shape {shape} are grey and have no saturation. Give saturation: 0.", nameof(saturation));
        return (image, _, seed) =>
        {
            CheckImage(shape, image);
            var random = new CounterRandom(seed, 0);
            var (bright, contrasted, saturated) = (Factor(ref random, brightness), Factor(ref random, contrast), Factor(ref random, saturation));
            Span<int> order = [0, 1, 2];
            for (var i = 2; i > 0; i--)
            {
                var other = random.NextInt(i + 1);
                (order[i], order[other]) = (order[other], order[i]);
            }

            colors.ToUnit(image);
            foreach (var change in order)
            {
                if (change == 0 && brightness > 0)
                    ColorOperations.Brightness(image, bright);
                else if (change == 1 && contrast > 0)
                    ColorOperations.Contrast(shape, image, contrasted);
                else if (change == 2 && saturation > 0)
                    ColorOperations.Saturation(shape, image, saturated);
            }

            colors.FromUnit(image);
        };
    }

    private static float Factor(ref CounterRandom random, double strength) => (float)Between(ref random, Math.Max(0, 1 - strength), 1 + strength);

    private static UnitColors ColorsOf(ImageShape shape, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        if (shape.Channels is not (1 or 3))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Images of shape {shape} have {shape.Channels} channels, but colours are of 1 (grey) or 3 (red, green, blue). Use changes of place only."), nameof(shape));
        if (normalization.Mean.Length != shape.Channels)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The normalisation is for {normalization.Mean.Length} channels, but images of shape {shape} have {shape.Channels}. Give that of the model, such as Net.Normalization."),
                nameof(normalization));
        }

        return new UnitColors(shape, normalization);
    }

    private static void CheckStrength(double value, string name)
    {
        if (!(value >= 0 && float.IsFinite((float)value)))
            throw new ArgumentOutOfRangeException(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, but must be a finite number, 0 or more, such as 0.4."));
    }
}
