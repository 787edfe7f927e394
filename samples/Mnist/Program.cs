using MnistSample;
using TrainingSamples;

return Execution.Run(
    CommandLine.Create(settings => settings.IsSmall
        ? new TrainingRun<SmallNet>(settings, Recipe.Small, Devices.Of).Execute()
        : new TrainingRun<LeNet5>(settings, Recipe.LeNet, Devices.Of).Execute()),
    args);
