namespace CnnGen;

/// <summary>Means and standard deviations of the training pixels of well-known data sets, each channel's own, of values in [0, 1].</summary>
public enum ImageStatistics
{
    /// <summary>MNIST: mean 0.1307, deviation 0.3081 (<see cref="CnnGen.Mnist.Mean"/>, <see cref="CnnGen.Mnist.Deviation"/>). One channel.</summary>
    Mnist,

    /// <summary>
    /// CIFAR-10: means 0.4914, 0.4822, 0.4465, deviations 0.2470, 0.2435, 0.2616 (<see cref="CnnGen.Cifar10.Mean"/>, <see cref="CnnGen.Cifar10.Deviation"/>). Three channels.
    /// </summary>
    Cifar10,

    /// <summary>ImageNet, as PyTorch's pretrained models have it: means 0.485, 0.456, 0.406, deviations 0.229, 0.224, 0.225. Three channels.</summary>
    ImageNet,
}
