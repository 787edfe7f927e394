using CnnGen;

namespace ZooSample;

/// <summary>A linear classifier: INPUT -&gt; FC.</summary>
[Model(3, 32, 32)]
[Dense(10), Softmax]
public sealed partial class LinearClassifier;
