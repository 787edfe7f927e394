namespace CifarSample;

/// <summary>What the user chose.</summary>
/// <param name="DataDirectory">The folder with CIFAR-10's files.</param>
/// <param name="IsLarge">Whether to train the large network.</param>
/// <param name="Epochs">How often training sees every image; null: as the recipe says.</param>
/// <param name="Images">How many of the images to train on.</param>
/// <param name="Seconds">Training ends after so many seconds, if it isn't done before; null: after its epochs.</param>
/// <param name="BatchSize">The images of one step; null: as the recipe says.</param>
/// <param name="LearningRate">The first rate; null: as the recipe says.</param>
/// <param name="Shift">The pixels by which an image is shifted at most.</param>
/// <param name="Erase">The side of the square that is erased from each image, in pixels; 0: none.</param>
/// <param name="Seed">Decides all that is random.</param>
/// <param name="ThreadCount">The threads to compute on.</param>
/// <param name="IsOnGpu">Whether to train on a GPU.</param>
/// <param name="WeightsPath">The file for the trained weights; null: they are not saved.</param>
/// <param name="Checkpoint">A folder for the training's state, from which it goes on when it is started again; null: none.</param>
internal sealed record Settings(
    string DataDirectory, bool IsLarge, int? Epochs, int Images, int? Seconds, int? BatchSize, float? LearningRate, int Shift, int Erase, int Seed, int ThreadCount, bool IsOnGpu,
    string? WeightsPath, string? Checkpoint);
