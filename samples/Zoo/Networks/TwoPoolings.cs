using CnnGen;

namespace ZooSample;

/// <summary>INPUT -&gt; [CONV -&gt; RELU -&gt; POOL] * 2 -&gt; FC -&gt; RELU -&gt; FC.</summary>
[Model(3, 32, 32)]
[ConvPool(32, 1, Repeat = 2)]
[Dense(128), ReLU, Dense(10), Softmax]
public sealed partial class TwoPoolings;
