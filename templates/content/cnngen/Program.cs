// Trains LeNet-5 on digits that the program draws, or on MNIST:
//
//     dotnet run -c Release
//     dotnet run -c Release -- FOLDER     (with MNIST's four files, plain or .gz)

using System.Globalization;
using CnnGen;
using CnnGenApp;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// What to learn from, and what to be tested on.
var (training, test) = args.Length > 0
    ? Mnist.Load(args[0])
    : (DrawnDigits.Draw(8000, seed: 1), DrawnDigits.Draw(2000, seed: 2));

Console.WriteLine(LeNet5.Summary);

var model = LeNet5.Create(seed: 1);
var trainer = new Trainer<LeNet5>(model, new Sgd(learningRate: 0.04f, momentum: 0.9f, weightDecay: 0.001f), new OneCycleSchedule());
Console.WriteLine(trainer.Fit(training, epochs: 3, batchSize: 64, validation: test));

// The weights are a safetensors file with PyTorch's names and layouts; another program loads it with LeNet5.Load.
model.Save("lenet5.safetensors");
using var loaded = LeNet5.Load("lenet5.safetensors");
var (digit, probability) = loaded.Classify(test.GetBytes(0));
Console.WriteLine($"The first test image is a {test.GetLabel(0)}; taken for a {digit} with probability {probability:F3}.");

Console.WriteLine($"test accuracy {loaded.Evaluate(test).Accuracy:F4}");
