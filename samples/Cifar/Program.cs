using CifarSample;
using TrainingSamples;

return Execution.Run(
    CommandLine.Create(settings => settings.IsLarge ? new TrainingRun<LargeNet>(settings, Recipe.Large).Execute() : new TrainingRun<SmallNet>(settings, Recipe.Small).Execute()),
    args);
