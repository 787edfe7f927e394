using CifarSample;
using TrainingSamples;

return Execution.Run(
    CommandLine.Create(settings => settings.IsLarge
        ? new TrainingRun<LargeNet>(settings, Recipe.Large, Devices.Of).Execute()
        : new TrainingRun<SmallNet>(settings, Recipe.Small, Devices.Of).Execute()),
    args);
