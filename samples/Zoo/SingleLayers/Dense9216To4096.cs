using CnnGen;

namespace ZooSample;

/// <summary>The first dense layer of AlexNet, which is bound by the memory where its weights lie when it sees one image.</summary>
[Model(256, 6, 6)]
[Dense(4096)]
public sealed partial class Dense9216To4096;
