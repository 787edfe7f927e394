using CnnGen;
using CnnGen.Insight;

namespace ExplainSample.Looking;

/// <summary>A way to see what a class's score hangs on.</summary>
/// <param name="Id">Its name in addresses.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Text">What its map says.</param>
/// <param name="Compute">The map, H x W floats of the image's size, of an image and a unit.</param>
internal sealed record Method(string Id, string Name, string Text, Func<Looker, float[], int, float[]> Compute)
{
    private const int MostPlaces = 200;

    /// <summary>Whether it looks at the last layer with maps: where a network has none, there is nothing to see.</summary>
    public bool NeedsMaps { get; init; }

    /// <summary>Its name where there is room for a dozen signs.</summary>
    public string Label { get; init; } = Name;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Method> All { get; } =
    [
        new("saliency", "Saliency", "The brighter a pixel, the more the score changes with it (the gradient's size; Simonyan 2014).",
            (looker, image, index) => Heatmap.Largest(Attribution.Gradient(looker.Network, image, Unit.OfClass(looker.Network, index)), looker.Shape)),
        new("smoothgrad", "SmoothGrad", "The mean of the gradients of noisy copies, so that chance cancels out (Smilkov 2017).",
            (looker, image, index) => Heatmap.Largest(Attribution.SmoothGrad(looker.Network, image, Unit.OfClass(looker.Network, index), samples: 24), looker.Shape)),
        new("integrated", "Integrated gradients", "Each pixel's share in the score, against an empty image: red speaks for the class, blue against it (Sundararajan 2017).",
            (looker, image, index) => Heatmap.Sum(Attribution.Integrated(looker.Network, image, Unit.OfClass(looker.Network, index), looker.EmptyImage, steps: 32).Values, looker.Shape)) { Label = "Integrated" },
        new("gradientinput", "Gradient x input", "The gradient times the pixel: red speaks for the class, blue against it (Shrikumar 2016).",
            (looker, image, index) => Heatmap.Sum(Attribution.GradientTimesInput(looker.Network, image, Unit.OfClass(looker.Network, index)), looker.Shape)) { Label = "Grad x input" },
        new("guided", "Guided backpropagation", "What speaks for the class, sharply; it tells classes apart less well than the gradient (Springenberg 2015).",
            (looker, image, index) => Heatmap.Largest(Attribution.GuidedBackpropagation(looker.Network, image, Unit.OfClass(looker.Network, index)), looker.Shape)) { Label = "Guided" },
        new("gradcam", "Grad-CAM", "Where the last feature maps speak for the class: coarse, since these are small (Selvaraju 2017).",
            (looker, image, index) => Enlarged(looker, image, index, ClassActivation.GradCam)) { NeedsMaps = true },
        new("gradcampp", "Grad-CAM++", "As Grad-CAM, with weights that find several places of one class (Chattopadhyay 2018).",
            (looker, image, index) => Enlarged(looker, image, index, ClassActivation.GradCamPlusPlus)) { NeedsMaps = true },
        new("occlusion", "Occlusion", "How much the output falls where a square covers the image: red is needed, blue is in the way (Zeiler 2014).", Covered),
    ];

    /// <summary>Those that a network has something to show for.</summary>
    public static IReadOnlyList<Method> For(Looker looker) => [.. All.Where(method => looker.LastMaps is not null || !method.NeedsMaps)];

    private static float[] Enlarged(Looker looker, float[] image, int index, CamOf method)
    {
        var layer = looker.LastMaps ?? throw new ArgumentException("The network has no layer with maps before its scores, which Grad-CAM needs.");
        var shape = looker.Network.ShapeOf(layer);
        return Heatmap.Resize(method(looker.Network, image, layer, Unit.OfClass(looker.Network, index)), shape.Height, shape.Width, looker.Shape.Height, looker.Shape.Width);
    }

    private static float[] Covered(Looker looker, float[] image, int index)
    {
        var side = Math.Min(looker.Shape.Height, looker.Shape.Width);
        var size = Math.Max(1, side / 5);
        var stride = Math.Max(1, (int)Math.Ceiling(Math.Sqrt((double)looker.Shape.Height * looker.Shape.Width / MostPlaces)));
        return Occlusion.Of(looker.Predict, looker.OutputLength, image, looker.Shape, index, size, stride, looker.EmptyPixel).Pixels;
    }

    private delegate float[] CamOf(IExplainable network, ReadOnlySpan<float> image, int layer, Unit unit);
}
