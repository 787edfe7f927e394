using TrainingSamples;
using TransferSample;

return Execution.Run(CommandLine.Create(TransferRun.Execute), args);
