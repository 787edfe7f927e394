using CnnGen;

namespace ZooSample;

/// <summary>
/// The head of Fast R-CNN (Girshick 2015, figure 1) on a small trunk: of 32 regions an image the probabilities of 20 classes and the background, and for each class where its box lies. The trunk has
/// strides of 8 in all, and the paper's dense layers of 4096 are of 256.
/// </summary>
[Model(3, 128, 128, Regions = 32, Loss = Loss.ClassesAndBoxes)]
[ConvPool(16, 1), ConvPool(32, 1), ConvPool(64, 2)]
[ConvReLU(128)]
[RoIPool(7, SpatialScale = 1.0 / 8)]
[Dense(256, Name = "Fc6"), ReLU, Dropout(0.5), Dense(256, Name = "Fc7"), ReLU, Dropout(0.5)]
[Branch, Dense(21, TensorName = "cls_score"), Softmax]
[Branch, Dense(84, TensorName = "bbox_pred")]
[Concat]
public sealed partial class FastRcnn;
