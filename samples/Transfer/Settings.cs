namespace TransferSample;

/// <summary>What the user chose.</summary>
/// <param name="DataDirectory">The folder with CIFAR-10's files; null where the next one is given.</param>
/// <param name="Folder">A folder of photographs that holds a folder for each class, or null.</param>
/// <param name="IsQuick">Whether to try the program out on a part of the images.</param>
/// <param name="Epochs">How often the first training sees every image; null for the effort's own number, as the next one.</param>
/// <param name="Draws">How often the few images are drawn anew.</param>
/// <param name="Seed">Decides all that is random.</param>
/// <param name="ThreadCount">The threads to compute on.</param>
/// <param name="ChartPath">The file for the drawing.</param>
internal sealed record Settings(string? DataDirectory, string? Folder, bool IsQuick, int? Epochs, int? Draws, int Seed, int ThreadCount, string ChartPath);
