using CnnGen;
using ExplainSample;
using MnistSample.Digits;

// The first 20,000 of these digits trained the weights of the clone.
const int Trained = 20_000;
return Explain.Run(args, new ExplainOptions<LeNet5>
{
    Load = () => LeNet5.Pretrained.Share(),
    Data = count => new ExplainData(DigitArtist.Draw(Trained, count, seed: 1, Environment.ProcessorCount), "digits that this program draws (--data DIR reads MNIST)"),
    TrainingData = () => DigitArtist.Draw(0, Trained, seed: 1, Environment.ProcessorCount),
    Train = ExplainTraining.Of<LeNet5>(),
});
