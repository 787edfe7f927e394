using Microsoft.CodeAnalysis;

namespace CnnGen.Generator.Diagnostics;

/// <summary>What layers and losses say of numbers that don't suit what arrives, beyond windows and groups.</summary>
internal static partial class Descriptors
{
    private static DiagnosticDescriptor[] OfLayers() =>
    [
        Create(
            "CNN1019",
            Declaration,
            "A kernel that is no odd square",
            "{0}: a kernel has n rows of n numbers of an odd n, but {1} are given. Write 1, 9 or 25 of them, row by row."),
        Create(
            "CNN2021",
            Shape,
            "A reflection beyond its map",
            "{0} reflects {1} {2}, but its input has {3}, of which at most {4} can be mirrored at the edge. Use at most {4}, or Mode = PadMode.Edge."),
        Create(
            "CNN2022",
            Shape,
            "A part larger than its map",
            "{0} keeps {1} {2} from number {3} on, but its input has {4}. Keep {5}."),
        Create(
            "CNN2023",
            Shape,
            "Corners of squares",
            "{0}: AlignCorners is of Mode = UpsampleMode.Bilinear; squares of equal pixels have no corners to align. Add that mode, or remove AlignCorners."),
        Create(
            "CNN2024",
            Shape,
            "A number that does not divide the channels",
            "{0}: the {1} {2} must divide the {3} {4} of its input. Use {5} {2}."),
        Create(
            "CNN2025",
            Shape,
            "A normalisation of single values",
            "{0} normalises single values: of each only its mean is there, and 0 is left. {1}."),
        Create(
            "CNN2026",
            Shape,
            "An output padding as large as the stride",
            "{0}: OutputPadding = {1} must be less than Stride = {2}: it says which of as many sizes is meant. Use OutputPadding = {3}."),
        Create(
            "CNN2027",
            Shape,
            "A padding that leaves nothing",
            "{0}: Padding = {1} leaves nothing of its {2}x{3} output. Use a smaller Padding."),
        Create(
            "CNN2028",
            Shape,
            "Constants of other channels",
            "{0} has {1} numbers as {2}, but its input has {3} {4}. Write {3} numbers, one for each, or one number for all."),
        Create(
            "CNN2029",
            Shape,
            "A layer of regions without regions",
            "{0} ({1}) reads the regions that come with each image, but the model says of none. Say how many: [Model(..., Regions = 64)]."),
        Create(
            "CNN2030",
            Shape,
            "A layer that mixes regions",
            "{0} ({1}) takes rows of a map together, but what arrives are {2} regions of {3} features each, which are no neighbours. Use Dense, which acts on each region alone, or move the layer above the RoIPool or RoIAlign."),
        Create(
            "CNN2031",
            Shape,
            "Regions that nothing reads",
            "{0}: {1} regions come with each image, but no layer reads them. Remove Regions, or add RoIPool or RoIAlign."),
        Create(
            "CNN3022",
            Naming,
            "Classes without boxes",
            "{0}: Loss.ClassesAndBoxes compares the classes of a Softmax and four numbers for each of them, side by side, but the last layer is {1} ({2}), which gives something else. End with [Branch, Dense(21), Softmax] [Branch, Dense(84)] [Concat] for 21 classes, or say another loss."),
        Create(
            "CNN3021",
            Naming,
            "A number of another loss",
            "{0}: {1} is a number of Loss.{2}, but the loss is {3}, which has none such. Remove it, or say Loss = Loss.{2}."),
        Create(
            "CNN3015",
            Naming,
            "Nothing is left to train",
            "{0}: every layer with parameters is frozen, so that training would change nothing. Let one of them train, {1} for instance, or say Passes = Passes.Predict."),
        Create(
            "CNN3016",
            Naming,
            "Features of no layer",
            "{0}: Features names '{1}', which is no layer and no block of the network; {2}"),
        Create(
            "CNN5007",
            Habit,
            "Regions of another scale",
            "{0} multiplies the coordinates of regions, which are pixels of the image, with {1}; but its map has {2}x{3} elements for an image of {4}x{5}. Write SpatialScale = {6}.",
            DiagnosticSeverity.Warning),
    ];
}
