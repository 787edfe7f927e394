using CnnGen.Runtime;
using NativeTraining;

// native-training FILE: trains, saves into the file, loads it, and prints what came of it.
foreach (var line in TrainingRun.Run(args[0], InstructionSets.Best))
    Console.WriteLine(line);
