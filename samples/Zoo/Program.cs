using TrainingSamples;
using ZooSample;

return Execution.Run(CommandLine.Create(), args);
