namespace CnnGen.Benchmarks.StartUp;

/// <summary>
/// A network whose layers all differ, so that it has more than a hundred distinct kernels: what the start-up benchmark compiles. Each line is a 3x3 convolution
/// (Winograd's kernel, and the one for its weights), a 1x1 and a depthwise one.
/// </summary>
[Model(3, 64, 64)]
[Conv2D(16, 3, Padding = 1), ReLU, Conv2D(20, 1), ReLU, Conv2D(20, 3, Padding = 1, Groups = 20), ReLU]
[Conv2D(22, 3, Padding = 1), ReLU, Conv2D(26, 1), ReLU, Conv2D(26, 3, Padding = 1, Groups = 26), ReLU]
[Conv2D(28, 3, Padding = 1), ReLU, Conv2D(32, 1), ReLU, Conv2D(32, 3, Padding = 1, Groups = 32), ReLU]
[Conv2D(34, 3, Padding = 1), ReLU, Conv2D(38, 1), ReLU, Conv2D(38, 3, Padding = 1, Groups = 38), ReLU]
[Conv2D(40, 3, Padding = 1), ReLU, Conv2D(44, 1), ReLU, Conv2D(44, 3, Padding = 1, Groups = 44), ReLU]
[Conv2D(46, 3, Padding = 1), ReLU, Conv2D(50, 1), ReLU, Conv2D(50, 3, Padding = 1, Groups = 50), ReLU]
[MaxPool(2)]
[Conv2D(52, 3, Padding = 1), ReLU, Conv2D(56, 1), ReLU, Conv2D(56, 3, Padding = 1, Groups = 56), ReLU]
[Conv2D(58, 3, Padding = 1), ReLU, Conv2D(62, 1), ReLU, Conv2D(62, 3, Padding = 1, Groups = 62), ReLU]
[Conv2D(64, 3, Padding = 1), ReLU, Conv2D(68, 1), ReLU, Conv2D(68, 3, Padding = 1, Groups = 68), ReLU]
[Conv2D(70, 3, Padding = 1), ReLU, Conv2D(74, 1), ReLU, Conv2D(74, 3, Padding = 1, Groups = 74), ReLU]
[Conv2D(76, 3, Padding = 1), ReLU, Conv2D(80, 1), ReLU, Conv2D(80, 3, Padding = 1, Groups = 80), ReLU]
[Conv2D(82, 3, Padding = 1), ReLU, Conv2D(86, 1), ReLU, Conv2D(86, 3, Padding = 1, Groups = 86), ReLU]
[MaxPool(2)]
[Conv2D(88, 3, Padding = 1), ReLU, Conv2D(92, 1), ReLU, Conv2D(92, 3, Padding = 1, Groups = 92), ReLU]
[Conv2D(94, 3, Padding = 1), ReLU, Conv2D(98, 1), ReLU, Conv2D(98, 3, Padding = 1, Groups = 98), ReLU]
[Conv2D(100, 3, Padding = 1), ReLU, Conv2D(104, 1), ReLU, Conv2D(104, 3, Padding = 1, Groups = 104), ReLU]
[Conv2D(106, 3, Padding = 1), ReLU, Conv2D(110, 1), ReLU, Conv2D(110, 3, Padding = 1, Groups = 110), ReLU]
[Conv2D(112, 3, Padding = 1), ReLU, Conv2D(116, 1), ReLU, Conv2D(116, 3, Padding = 1, Groups = 116), ReLU]
[Conv2D(118, 3, Padding = 1), ReLU, Conv2D(122, 1), ReLU, Conv2D(122, 3, Padding = 1, Groups = 122), ReLU]
[MaxPool(2)]
[Conv2D(124, 3, Padding = 1), ReLU, Conv2D(128, 1), ReLU, Conv2D(128, 3, Padding = 1, Groups = 128), ReLU]
[Conv2D(130, 3, Padding = 1), ReLU, Conv2D(134, 1), ReLU, Conv2D(134, 3, Padding = 1, Groups = 134), ReLU]
[Conv2D(136, 3, Padding = 1), ReLU, Conv2D(140, 1), ReLU, Conv2D(140, 3, Padding = 1, Groups = 140), ReLU]
[Conv2D(142, 3, Padding = 1), ReLU, Conv2D(146, 1), ReLU, Conv2D(146, 3, Padding = 1, Groups = 146), ReLU]
[Conv2D(148, 3, Padding = 1), ReLU, Conv2D(152, 1), ReLU, Conv2D(152, 3, Padding = 1, Groups = 152), ReLU]
[Conv2D(154, 3, Padding = 1), ReLU, Conv2D(158, 1), ReLU, Conv2D(158, 3, Padding = 1, Groups = 158), ReLU]
[MaxPool(2)]
[Conv2D(160, 3, Padding = 1), ReLU, Conv2D(164, 1), ReLU, Conv2D(164, 3, Padding = 1, Groups = 164), ReLU]
[GlobalAveragePool, Dense(10), Softmax]
internal sealed partial class ManyKernels;
