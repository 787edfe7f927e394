using CnnGen;

namespace ZooSample;

/// <summary>INPUT -&gt; CONV -&gt; RELU -&gt; FC.</summary>
[Model(3, 32, 32)]
[ConvReLU(32)]
[Dense(10), Softmax]
public sealed partial class OneConvolution;
