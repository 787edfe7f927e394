namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>What compiles and is rarely meant: CNN5xxx, all of them warnings.</summary>
public static class HabitCases
{
    public static IEnumerable<DiagnosticCase> All =>
    [
        new(
            "channels last", "CNN5001", "[Model(28, 28, 1)] [Conv2D(6, 1), Dense(10), Softmax]", "Model(28, 28, 1)",
            "Net: [Model(channels, height, width)] reads 28, 28, 1 as 28 channels of 28x1. For an image of 28x28 with 1 channels write [Model(1, 28, 28)]; "
                + "where it is meant, name the arguments: [Model(channels: 28, height: 28, width: 1)].",
            "28, 28, 1 => 1, 28, 28", "28, 28, 1 => channels: 28, height: 28, width: 1"),
        new(
            "colours last", "CNN5001", "[Model(32, 48, 3)] [Dense(10), Softmax]", "Model(32, 48, 3)",
            "Net: [Model(channels, height, width)] reads 32, 48, 3 as 32 channels of 48x3. For an image of 32x48 with 3 channels write [Model(3, 32, 48)]; "
                + "where it is meant, name the arguments: [Model(channels: 32, height: 48, width: 3)].",
            "32, 48, 3 => 3, 32, 48", "32, 48, 3 => channels: 32, height: 48, width: 3"),
        new(
            "a pool's stride after its kernel", "CNN5002", "[Model(3, 9, 8)] [MaxPool(3, 2), Dense(2)]", "2",
            "MaxPool1: MaxPool(3, 2) is a window of 3 rows and 2 columns. For a window of 3x3 with stride 2 write MaxPool(3, Stride = 2); "
                + "where it is meant, name the arguments: MaxPool(kernelHeight: 3, kernelWidth: 2).",
            "9, 8 => 9, 9)] [MaxPool(3, Stride = 2), Dense(2)] // ", "(3, 2) => (kernelHeight: 3, kernelWidth: 2)"),
        new(
            "a pool's stride after its kernel, with padding", "CNN5002", "[Model(3, 8, 8)] [AveragePool(2, 1), Dense(2)]", "1",
            "AveragePool1: AveragePool(2, 1) is a window of 2 rows and 1 columns. For a window of 2x2 with stride 1 write AveragePool(2, Stride = 1); "
                + "where it is meant, name the arguments: AveragePool(kernelHeight: 2, kernelWidth: 1).",
            "(2, 1) => (2, Stride = 1)", "(2, 1) => (kernelHeight: 2, kernelWidth: 1)"),
        new(
            "a convolution's input channels", "CNN5003", "[Model(3, 8, 8)] [Conv2D(3, 6, 5), Dense(2)]", "3",
            "Conv1: Conv2D(3, 6, 5) has 3 filters of 6 rows and 5 columns; the channels of the input are known and not written. "
                + "For 6 filters of 5x5 write Conv2D(6, 5); where it is meant, name the arguments: Conv2D(3, kernelHeight: 6, kernelWidth: 5).",
            "(3, 6, 5) => (6, 5)", "(3, 6, 5) => (3, kernelHeight: 6, kernelWidth: 5)"),
        new(
            "Softmax twice", "CNN5004", "[Dense(4), Softmax, Softmax(Name = \"Last\")]", "Softmax",
            "Softmax1 makes probabilities of its input, but Last computes on with them: Softmax belongs at the end of a network. Remove it.",
            "Softmax, => "),
        new(
            "Softmax between layers", "CNN5004", "[Dense(4), Softmax, Dropout, Dense(2)]", "Softmax",
            "Softmax1 makes probabilities of its input, but Dropout1 computes on with them: Softmax belongs at the end of a network. Move it to the end, or remove it.",
            "Softmax, Dropout, Dense(2) => Dropout, Dense(2), Softmax", "Softmax, => "),
        new(
            "ReLU right before Softmax", "CNN5005", "[Dense(4), ReLU, Softmax]", "ReLU",
            "ReLU1 sets every score below 0 to 0 before Softmax1 makes probabilities of them, so that the network cannot be sure of a class. "
                + "Remove it: Softmax takes scores of any size.",
            "ReLU, => "),
        new(
            "Tanh right before Softmax", "CNN5005", "[Conv2D(4, 8), Tanh, Dropout, Flatten, Softmax]", "Tanh",
            "Tanh1 keeps every score between -1 and 1 before Softmax1 makes probabilities of them, so that the network cannot be sure of a class. "
                + "Remove it: Softmax takes scores of any size.",
            "Tanh, => "),
        new(
            "Sigmoid right before Softmax", "CNN5005", "[Dense(4), Sigmoid, Softmax]", "Sigmoid",
            "Sigmoid1 keeps every score between 0 and 1 before Softmax1 makes probabilities of them, so that the network cannot be sure of a class. "
                + "Remove it: Softmax takes scores of any size.",
            "Sigmoid, => "),
        new(
            "ReLU6 right before Softmax", "CNN5005", "[Dense(4), ReLU6, Softmax]", "ReLU6",
            "ClippedReLU1 keeps every score between 0 and 6 before Softmax1 makes probabilities of them, so that the network cannot be sure of a class. "
                + "Remove it: Softmax takes scores of any size.",
            "ReLU6, => "),
        new(
            "regions without a scale", "CNN5007", "[Model(3, 32, 40, Regions = 4)] [MaxPool(4), RoIPool(2), Dense(2), Softmax]", "RoIPool(2)",
            "RoIPool1 multiplies the coordinates of regions, which are pixels of the image, with 1; but its map has 8x10 elements for an image of 32x40. Write SpatialScale = 1.0 / 4.",
            "RoIPool(2) => RoIPool(2, SpatialScale = 1.0 / 4)"),
        new(
            "regions of another scale", "CNN5007", "[Model(3, 8, 8, Regions = 4)] [Upsample(2), RoIAlign(2, SpatialScale = 0.5), Dense(2), Softmax]", "SpatialScale = 0.5",
            "RoIAlign1 multiplies the coordinates of regions, which are pixels of the image, with 0.5; but its map has 16x16 elements for an image of 8x8. Write SpatialScale = 2.",
            "= 0.5 => = 2"),
        new(
            "Softmax over one unit", "CNN5006", "[Dense(1), Softmax]", "Softmax",
            "Softmax1 is over a single value, of which it always makes 1. For two classes give the layer before it 2 outputs, or use Sigmoid in its place.",
            "Dense(1) => Dense(2)", "Softmax => Sigmoid"),
    ];
}
