using CnnGen;

namespace WeightsBenchmark;

/// <summary>25 million parameters: 100 MB of weights, most of them a dense layer's.</summary>
[Model(1, 28, 28)]
#if INSIDE
[Weights("large.safetensors")]
#elif BESIDE
[Weights("large.safetensors", Embed = WeightsEmbedding.Beside)]
#endif
[Conv2D(64, 3, Padding = 1), ReLU, MaxPool(2), Dense(1990), ReLU, Dense(10), Softmax]
public sealed partial class Large;
