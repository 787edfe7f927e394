namespace MnistSample;

/// <summary>What the user chose.</summary>
/// <param name="DataDirectory">The folder with MNIST's files; null: the program draws its own digits.</param>
/// <param name="IsSmall">The small network rather than LeNet-5.</param>
/// <param name="Epochs">How often training sees every image; null for the recipe's, as the next two.</param>
/// <param name="BatchSize">The images of one step.</param>
/// <param name="LearningRate">The highest rate of the schedule.</param>
/// <param name="Seed">Decides all that is random.</param>
/// <param name="ThreadCount">The threads to compute on.</param>
/// <param name="IsOnGpu">Whether to train on a GPU.</param>
/// <param name="WeightsPath">The file for the trained weights.</param>
/// <param name="DigitsFolder">Null, or a folder for the first test digits as images; then nothing is trained.</param>
internal sealed record Settings(
    string? DataDirectory, bool IsSmall, int? Epochs, int? BatchSize, float? LearningRate, int Seed, int ThreadCount, bool IsOnGpu, string WeightsPath, string? DigitsFolder);
