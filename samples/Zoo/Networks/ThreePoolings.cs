using CnnGen;

namespace ZooSample;

/// <summary>INPUT -&gt; [[CONV -&gt; RELU] * 2 -&gt; POOL] * 3 -&gt; [FC -&gt; RELU] * 2 -&gt; FC.</summary>
[Model(3, 32, 32)]
[ConvPool(32, 2, Repeat = 3)]
[Dense(128), ReLU, Dense(128), ReLU, Dense(10), Softmax]
public sealed partial class ThreePoolings;
