namespace CnnGen;

/// <summary>
/// The base of blocks: attribute classes of one's own that carry layers and are used as a layer is. The constructor's parameters and the settable properties are the
/// block's parameters (<see cref="int"/>, <see cref="float"/>, <see cref="double"/>, <see cref="bool"/> and the enumerations of layers; <see cref="string"/> or
/// <see cref="object"/> where an expression may be given), and the layers' arguments name them in expressions.
/// </summary>
/// <remarks>
/// An expression is a string over the block's parameters and <c>input.channels</c>, <c>input.height</c>, <c>input.width</c> and <c>input.features</c> of what arrives at the block:
/// numbers, <c>+ - * /</c>, parentheses, <c>max(a, b)</c> and <c>min(a, b)</c>. It is computed exactly, and a number of pixels, channels or layers must come out whole.
/// Where a <see cref="bool"/> is asked for, it is the name of one, <c>true</c> or <c>false</c>, with or without a <c>!</c> before it; where an enumeration is, the name of one.
/// The layers of a use have a path: <c>model.Residual2.Conv1.Weight</c>, and in a weights file <c>residual2.conv1.weight</c>.
/// </remarks>
/// <example>
/// A residual block (He et al. 2016, figure 5, left), and its use:
/// <code>
/// [Branch, Conv2D("width", 3, Stride = "stride", Padding = 1), BatchNorm, ReLU, Conv2D("width", 3, Padding = 1), BatchNorm]
/// [Branch, Shortcut("width", Stride = "stride")]
/// [Add, ReLU]
/// public sealed class ResidualAttribute(int width, int stride = 1) : BlockAttribute;
///
/// [Model(3, 32, 32), Residual(16, Repeat = 2), Residual(32, 2), GlobalAveragePool, Dense(10), Softmax]
/// public partial class Net;
/// </code>
/// </example>
public abstract class BlockAttribute : LayerAttribute;
