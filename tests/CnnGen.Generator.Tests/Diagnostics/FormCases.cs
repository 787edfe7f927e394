namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>Faults of a declaration's form and of its arguments: CNN1xxx.</summary>
public static class FormCases
{
    public static IEnumerable<DiagnosticCase> Form =>
    [
        new(
            "not partial", "CNN1001", "[Model(3, 8, 8), Dense(2)] public sealed class Net;", "Net",
            "Net must be partial, since the generator writes the rest of it. Write 'public sealed partial class Net'.",
            "public sealed class Net => public sealed partial class Net"),
        new(
            "generic", "CNN1002", "[Model(3, 8, 8), Dense(2)] public partial class Net<T>;", "Net",
            "Net cannot be a model, since Net<T> has type parameters and a network's numbers are fixed. Remove the type parameters.",
            "Net<T> => Net"),
        new(
            "in a generic type", "CNN1002", "public partial class Outer<T> { [Model(3, 8, 8), Dense(2)] public partial class Net; }", "Net",
            "Net cannot be a model, since Outer<T> has type parameters and a network's numbers are fixed. Remove the type parameters.",
            "Outer<T> => Outer"),
        new(
            "static", "CNN1003", "[Model(3, 8, 8), Dense(2)] public static partial class Net;", "Net",
            "Net cannot be static, since a model is an object with its own parameters. Remove 'static'.",
            "static  => "),
        new(
            "abstract", "CNN1004", "[Model(3, 8, 8), Dense(2)] public abstract partial class Net;", "Net",
            "Net cannot be abstract, since Net.Create makes objects of it. Remove 'abstract'.",
            "abstract  => "),
        new(
            "record", "CNN1005", "[Model(3, 8, 8), Dense(2)] public partial record Net;", "Net",
            "Net cannot be a record, since a model's parameters change and two models are never the same value. Write 'public partial class Net'.",
            "public partial record Net => public partial class Net"),
        new(
            "record struct", "CNN1005", "[Model(3, 8, 8), Weights(\"a\"), Normalize(0, 1), Dense(2)] public readonly record struct Net;", "Net",
            "Net cannot be a record struct, since a model's parameters change and two models are never the same value. Write 'public partial class Net'.",
            "Weights(\"a\"), Normalize(0, 1), Dense(2)] public readonly record struct Net => Dense(2)] public partial class Net"),
        new(
            "struct", "CNN1005", "[Model(3, 8, 8), Dense(2)] internal partial struct Net;", "Net",
            "Net cannot be a struct, since a model's parameters change and two models are never the same value. Write 'internal partial class Net'.",
            "internal partial struct Net => internal partial class Net"),
        new(
            "in a type that is not partial", "CNN1006", "public class Outer { [Model(3, 8, 8), Dense(2)] public partial class Net; }", "Outer",
            "Net is nested in Outer, which must be partial too, since the generator writes a second part of both. Write 'public partial class Outer'.",
            "public class Outer => public partial class Outer"),
        new(
            "in a record struct that is not partial", "CNN1006", "record struct Outer { [Model(3, 8, 8), Dense(2)] public partial class Net; }", "Outer",
            "Net is nested in Outer, which must be partial too, since the generator writes a second part of both. Write 'partial record struct Outer'.",
            "record struct Outer => partial record struct Outer"),
        new(
            "layers on two declarations", "CNN1007",
            "[Model(3, 8, 8)]\n[ReLU]\npublic partial class Net;\n[Dense(2), Tanh]\npublic partial class Net;", "Dense(2)",
            "Net has the layer [Dense] here and other layers on its declaration at line 1 of File1.cs; between two declarations there is no order. "
                + "Move all layers to one of them.",
            "[ReLU]\npublic partial class Net;\n => [ReLU]\n"),
        new(
            "no layers", "CNN1008", "[Model(3, 8, 8)] public partial class Net;", "Model(3, 8, 8)",
            "Net has no layers. Write them below [Model], such as [Dense(10), Softmax].",
            "public => [Dense(10), Softmax] public"),
        new(
            "primary constructor", "CNN1010", "[Model(3, 8, 8), Dense(2)] public partial class Net();", "()",
            "Net cannot have a primary constructor, since the generator writes the constructors and a partial class's others must call it. "
                + "Remove the parameter list.",
            "Net() => Net"),
        new(
            "local to a file", "CNN1011", "[Model(3, 8, 8), Dense(2)] file partial class Net;", "Net",
            "Net and the types around it cannot be local to a file, since the generator writes the rest of it in another one. Write 'internal' instead of 'file'.",
            "file => internal"),
        new(
            "in a type that is local to a file", "CNN1011", "file partial class Outer { [Model(3, 8, 8), Dense(2)] public partial class Net; }", "Net",
            "Net and the types around it cannot be local to a file, since the generator writes the rest of it in another one. Write 'internal' instead of 'file'.",
            "file => internal"),
        new(
            "a global type called var", "CNN1021", "[Model(3, 8, 8), Dense(2)] public partial class Net;\n#pragma warning disable CS8981\npublic class var;", "var",
            "The type 'var' in the global namespace hides from the code that is generated for Net what it means by var. Rename the type, or put it in a namespace.",
            "class var => class Var"),
        new(
            "a required member", "CNN1022", "[Model(3, 8, 8), Dense(2)] public partial class Net { public required string Label { get; set; } }", "Label",
            "Net.Label cannot be required, since Net.Create and Net.Load make the object and set no members of yours. Remove 'required'.",
            "required string Label { get; set; } => string Label { get; set; } = \"\";"),
        new(
            "a required member of a base class", "CNN1022",
            "public class Base { public required int Number; }\n[Model(3, 8, 8), Dense(2)] public partial class Net : Base;", "Net",
            "Base.Number cannot be required, since Net.Create and Net.Load make the object and set no members of yours. Remove 'required'.",
            "required  => "),
        new(
            "a model that derives from a model", "CNN1023",
            "[Model(3, 8, 8), Dense(2)] public partial class First;\n[Model(3, 8, 8), Dense(2)] public partial class Net : First;", "Net",
            "Net cannot derive from First, which is a model itself: a model's layers are those of its own attributes. "
                + "Remove the base class, or remove [Model] and the layers from it.",
            "[Model(3, 8, 8), Dense(2)] public partial class First;\n => public abstract class First;\n"),
        new(
            "a constructor of its own", "CNN1031", "[Model(3, 8, 8), Dense(2)] public partial class Net { public Net() { } }", "Net",
            "Net cannot have a constructor that does not call the generated one, since what it makes has no parameters. Remove it: Net.Create and Net.Load make the objects.",
            "public Net() { } => "),
        new(
            "two constructors of its own", "CNN1031", "[Model(3, 8, 8), Dense(2)] public partial class Net { public Net(string path) : this(3) { } public Net(int size) : base() { } }", "Net",
            "Net cannot have a constructor that does not call the generated one, since what it makes has no parameters. Remove it: Net.Create and Net.Load make the objects.",
            "public Net(string path) : this(3) { } public Net(int size) : base() { } => "),
        new(
            "a base class without a parameterless constructor", "CNN1032",
            "public class Named { public Named(string name) { } }\n[Model(3, 8, 8), Dense(2)] public partial class Net : Named;", "Net",
            "Net cannot derive from Named, which has no parameterless constructor for the generated one to call. "
                + "Write 'protected Named() { }' in Named, or remove it from the declaration of Net.",
            "public Named(string name) => protected Named() { } public Named(string name)", " : Named; => ;"),
        new(
            "an inherited member", "CNN1033",
            "public class Stored { public void Save(string path) { } public void Predict(int image) { } }\n[Model(3, 8, 8), Dense(2)] public partial class Net : Stored;", "Net",
            "Net inherits Stored.Save, which the member of that name that the generator writes would hide. Rename it in Stored, for example to MySave.",
            "Save => MySave"),
    ];

    public static IEnumerable<DiagnosticCase> Arguments =>
    [
        OutOfRange("channels of zero", "[Model(0, 8, 8)] [Dense(2)]", "0", "Net: channels is 0, but must be 1 or more. Write for example 1.", "Model(0 => Model(1"),
        OutOfRange("negative height", "[Model(3, -8, 8)] [Dense(2)]", "-8", "Net: height is -8, but must be 1 or more. Write for example 1.", "-8 => 1"),
        OutOfRange("named width", "[Model(3, 8, width: 0)] [Dense(2)]", "width: 0", "Net: width is 0, but must be 1 or more. Write for example 1.", ": 0 => : 1"),
        OutOfRange(
            "no loss", "[Model(3, 8, 8, Loss = (Loss)7)] [Dense(2), Softmax]", "Loss = (Loss)7",
            "Net: Loss is 7, but must be CrossEntropy, HalfSquaredError, BinaryCrossEntropy, Hinge, AbsoluteError, Huber or ClassesAndBoxes. Write for example Loss.CrossEntropy.", "(Loss)7 => Loss.CrossEntropy"),
        OutOfRange(
            "no layout", "[Model(3, 8, 8, Layout = (Layout)2)] [Dense(2)]", "Layout = (Layout)2",
            "Net: Layout is 2, but must be ChannelsFirst or ChannelsLast. Write for example Layout.ChannelsFirst.", "(Layout)2 => Layout.ChannelsLast"),
        OutOfRange(
            "no rounding", "[Model(3, 8, 8, Rounding = (Rounding)3)] [Dense(2)]", "Rounding = (Rounding)3",
            "Net: Rounding is 3, but must be Exact, Floor or Ceiling. Write for example Rounding.Exact.", "(Rounding)3 => Rounding.Exact"),
        OutOfRange(
            "training without predictions", "[Model(3, 8, 8, Passes = Passes.Train)] [Dense(2)]", "Passes = Passes.Train",
            "Net: Passes is Train, but must be Predict, alone or with Train, Explain or both. Write for example Passes.Predict | Passes.Train.",
            "Passes.Train => Passes.Predict | Passes.Train", "Passes.Train => Passes.Predict"),
        OutOfRange(
            "no passes", "[Model(3, 8, 8, Passes = 0)] [Dense(2)]", "Passes = 0",
            "Net: Passes is 0, but must be Predict, alone or with Train, Explain or both. Write for example Passes.Predict | Passes.Train.", "= 0 => = Passes.Predict | Passes.Train"),
        OutOfRange(
            "no target", "[Model(3, 8, 8, Targets = 0)] [Dense(2)]", "Targets = 0",
            "Net: Targets is 0, but must be Cpu, alone or with Ilgpu. Write for example Targets.Cpu.", "= 0 => = Targets.Cpu"),
        OutOfRange(
            "GPUs without the CPU", "[Model(3, 8, 8, Targets = Targets.Ilgpu)] [Dense(2)]", "Targets = Targets.Ilgpu",
            "Net: Targets is Ilgpu, but must be Cpu, alone or with Ilgpu. Write for example Targets.Cpu | Targets.Ilgpu.", "= Targets.Ilgpu => = Targets.Cpu | Targets.Ilgpu"),
        OutOfRange("filters", "[Conv2D(0, 3)]", "0", "Conv1: filters is 0, but must be 1 or more. Write for example 1.", "(0 => (1"),
        OutOfRange("kernel", "[Conv2D(4, -3)]", "-3", "Conv1: kernel is -3, but must be 1 or more. Write for example 1.", "-3 => 1"),
        OutOfRange("kernel height", "[Conv2D(4, 0, 3)]", "0", "Conv1: kernelHeight is 0, but must be 1 or more. Write for example 1.", "0, => 1,"),
        OutOfRange(
            "kernel width of a pool", "[MaxPool(kernelHeight: 2, kernelWidth: 0)]", "kernelWidth: 0",
            "MaxPool1: kernelWidth is 0, but must be 1 or more. Write for example 1.", ": 0 => : 1"),
        OutOfRange("stride", "[Conv2D(4, 3, Stride = 0)]", "Stride = 0", "Conv1: Stride is 0, but must be 1 or more. Write for example 1.", "= 0 => = 1"),
        OutOfRange(
            "one of two strides", "[Conv2D(4, 3, Stride = new[] { 1, -1 })]", "Stride = new[] { 1, -1 }",
            "Conv1: Stride is new[] { 1, -1 }, but must be 1 or more. Write for example 1.", "new[] { 1, -1 } => 1"),
        OutOfRange(
            "one of two paddings", "[Conv2D(4, 3, Padding = new[] { -1, 1 })]", "Padding = new[] { -1, 1 }",
            "Conv1: Padding is new[] { -1, 1 }, but must be 0 or more. Write for example new[] { 0, 1 }.", "-1 => 0"),
        OutOfRange(
            "one of four paddings", "[Conv2D(4, 3, Padding = new[] { 0, 0, -1, 1 })]", "Padding = new[] { 0, 0, -1, 1 }",
            "Conv1: Padding is new[] { 0, 0, -1, 1 }, but must be 0 or more. Write for example new[] { 0, 0, 0, 1 }.", "-1 => 0"),
        OutOfRange("dilation", "[MaxPool(2, Dilation = 0)]", "Dilation = 0", "MaxPool1: Dilation is 0, but must be 1 or more. Write for example 1.", "= 0 => = 1"),
        OutOfRange("groups", "[Conv2D(3, 3, Groups = 0)]", "Groups = 0", "Conv1: Groups is 0, but must be 1 or more. Write for example 1.", "= 0 => = 1"),
        OutOfRange(
            "algorithm", "[Conv2D(3, 3, Algorithm = (ConvAlgorithm)9)]", "Algorithm = (ConvAlgorithm)9",
            "Conv1: Algorithm is 9, but must be Auto, Direct, Im2Col, Winograd2x2 or Winograd4x4. Write for example ConvAlgorithm.Auto.", "(ConvAlgorithm)9 => ConvAlgorithm.Auto"),
        OutOfRange("units", "[Dense(-1)]", "-1", "Dense1: units is -1, but must be 1 or more. Write for example 1.", "-1 => 1"),
        OutOfRange("repeat", "[ReLU(Repeat = 0)]", "Repeat = 0", "ReLU1: Repeat is 0, but must be 1 to 1000. Write for example 1.", "= 0 => = 1"),
        OutOfRange("too many repeats", "[ReLU(Repeat = 1001)]", "Repeat = 1001", "ReLU1: Repeat is 1001, but must be 1 to 1000. Write for example 1000.", "1001 => 1000"),
        OutOfRange("rate of 1", "[Dropout(1f)]", "1f", "Dropout1: rate is 1, but must be at least 0 and below 1. Write for example 0.5f.", "1f => 0.5f"),
        OutOfRange("rate NaN", "[Dropout(float.NaN)]", "float.NaN", "Dropout1: rate is NaN, but must be at least 0 and below 1. Write for example 0.5f.", "float.NaN => 0.5f"),
        OutOfRange("negative rate", "[Dropout(-0.5f)]", "-0.5f", "Dropout1: rate is -0.5, but must be at least 0 and below 1. Write for example 0.5f.", "-0.5f => 0.5f"),
        OutOfRange(
            "slope", "[LeakyReLU(-0.25f)]", "-0.25f",
            "LeakyReLU1: slope is -0.25, but must be finite and 0 or more. Write for example 0.01f.", "-0.25f => 0.01f"),
        OutOfRange(
            "infinite slope", "[LeakyReLU(float.PositiveInfinity)]", "float.PositiveInfinity",
            "LeakyReLU1: slope is Infinity, but must be finite and 0 or more. Write for example 0.01f.", "float.PositiveInfinity => 0.01f"),
        OutOfRange(
            "label smoothing", "[Model(3, 8, 8, LabelSmoothing = 1)] [Dense(2), Softmax]", "LabelSmoothing = 1",
            "Net: LabelSmoothing is 1, but must be at least 0 and below 1. Write for example 0.1f.", "= 1 => = 0.1f"),
        OutOfRange(
            "a channel's deviation", "[Standardize(new[] { 0.5 }, new[] { 0.5, 0.0, 1 }), Dense(2)]", "new[] { 0.5, 0.0, 1 }",
            "Standardize1: deviation[1] is 0, but must be finite and 1.1754944E-38 or more. Write for example 0.5.", "0.0 => 0.5"),
        OutOfRange(
            "the mean of all channels", "[Standardize(double.NaN, 0.5), Dense(2)]", "double.NaN",
            "Standardize1: mean is NaN, but must be finite. Write for example 0.5.", "double.NaN => 0.5"),
        OutOfRange(
            "a power", "[LpPool(0.5, 2)]", "0.5", "LpPool1: power is 0.5, but must be from 1 to 10. Write for example 2.", "0.5 => 2"),
        OutOfRange(
            "a curve's deviation", "[LpPool(2, 2, Sigma = -1)]", "Sigma = -1", "LpPool1: Sigma is -1, but must be finite and 0 or more. Write for example 1.", "-1 => 1"),
        OutOfRange(
            "a share", "[MixedPool(2, 1.5)]", "1.5", "MixedPool1: mix is 1.5, but must be from 0 to 1. Write for example 0.5.", "1.5 => 0.5"),
        OutOfRange(
            "a class's weight", "[Model(3, 8, 8, ClassWeights = new[] { 1, -0.5 })] [Dense(2), Softmax]", "ClassWeights = new[] { 1, -0.5 }",
            "Net: ClassWeights[1] is -0.5, but must be finite and 0 or more. Write for example 1d.", "-0.5 => 1d"),
        OutOfRange(
            "weights of no class", "[Model(3, 8, 8, ClassWeights = new[] { 0d, 0d })] [Dense(2), Softmax]", "ClassWeights = new[] { 0d, 0d }",
            "Net: ClassWeights is 0 for each class, but must be one number a class, not all of them 0. Write for example new[] { 1d, 2d }.", "new[] { 0d, 0d } => new[] { 1d, 2d }"),
        OutOfRange(
            "delta of Huber", "[Model(3, 8, 8, Loss = Loss.Huber, HuberDelta = 0)] [Dense(2)]", "HuberDelta = 0",
            "Net: HuberDelta is 0, but must be finite and above 0. Write for example 1f.", "= 0 => = 1f"),
        OutOfRange(
            "no regions", "[Model(3, 8, 8, Regions = 0)] [RoIPool(2), Dense(2)]", "Regions = 0", "Net: Regions is 0, but must be 1 or more. Write for example 1.", "= 0 => = 1"),
        OutOfRange(
            "parts of regions", "[Model(3, 8, 8, Regions = 4)] [RoIPool(2, 0), Dense(2)]", "0", "RoIPool1: width is 0, but must be 1 or more. Write for example 1.", "2, 0 => 2, 1"),
        OutOfRange(
            "scale of regions", "[Model(3, 8, 8, Regions = 4)] [RoIPool(2, SpatialScale = 0), Dense(2)]", "SpatialScale = 0",
            "RoIPool1: SpatialScale is 0, but must be finite and above 0. Write for example 1.", "= 0 => = 1"),
        OutOfRange(
            "samples of regions", "[Model(3, 8, 8, Regions = 4)] [RoIAlign(2, SamplingRatio = 65), Dense(2)]", "SamplingRatio = 65",
            "RoIAlign1: SamplingRatio is 65, but must be 0 to 64. Write for example 64.", "65 => 64"),
        OutOfRange(
            "output padding", "[Conv2DTranspose(2, 3, OutputPadding = -1)]", "OutputPadding = -1",
            "ConvTranspose1: OutputPadding is -1, but must be 0 or more. Write for example 0.", "-1 => 0"),
        OutOfRange("size of a level", "[SpatialPyramidPool(2, 0)]", "0", "SpatialPyramidPool1: sizes[1] is 0, but must be 1 or more. Write for example 1.", "2, 0 => 2, 1"),
        OutOfRange(
            "no filter", "[ImageFilter((FilterKind)8)]", "(FilterKind)8",
            "ImageFilter1: kind is 8, but must be Identity, EdgeDetection, Laplacian, SobelX, SobelY, Sharpen, BoxBlur or GaussianBlur. Write for example FilterKind.Identity.",
            "(FilterKind)8 => FilterKind.Identity"),
        OutOfRange(
            "a tap of a filter", "[ImageFilter(new[] { double.NaN })]", "new[] { double.NaN }",
            "ImageFilter1: kernel[0] is NaN, but must be finite. Write for example 1.", "double.NaN => 1.0"),
        new(
            "a kernel of four numbers", "CNN1019", "[ImageFilter(new[] { 1.0, 2, 3, 4 }), Dense(2)]", "new[] { 1.0, 2, 3, 4 }",
            "ImageFilter1: a kernel has n rows of n numbers of an odd n, but 4 are given. Write 1, 9 or 25 of them, row by row.", "1.0, 2, 3, 4 => 1.0"),
        OutOfRange("groups of a norm", "[GroupNorm(0)]", "0", "GroupNorm1: groups is 0, but must be 1 or more. Write for example 1.", "0 => 1"),
        OutOfRange("first channel of a part", "[ChannelSlice(-1, 2)]", "-1", "ChannelSlice1: first is -1, but must be 0 or more. Write for example 0.", "(-1 => (0"),
        OutOfRange("channels of a part", "[ChannelSlice(1, 0)]", "0", "ChannelSlice1: count is 0, but must be 1 or more. Write for example 1.", ", 0) => , 1)"),
        OutOfRange(
            "a frozen branch", "[Branch(Frozen = true), ReLU] [Branch] [Add]", "Frozen = true",
            "Branch1: Frozen is true, but must be left out of a Branch, whose layers are frozen one by one. Write for example Conv2D(8, 3, Frozen = true).", "(Frozen = true) => "),
        OutOfRange("pieces", "[Maxout(0)]", "0", "Maxout1: pieces is 0, but must be 1 or more. Write for example 1.", "0 => 1"),
        OutOfRange("epsilon of a norm", "[LayerNorm(Epsilon = 0)]", "Epsilon = 0", "LayerNorm1: Epsilon is 0, but must be finite and above 0. Write for example 1e-5f.", "= 0 => = 1e-5f"),
        OutOfRange("padding", "[Pad(-1)]", "-1", "Pad1: padding is -1, but must be 0 or more. Write for example 0.", "-1 => 0"),
        OutOfRange("one side's padding", "[Pad(1, 2, 3, -4)]", "-4", "Pad1: right is -4, but must be 0 or more. Write for example 0.", "-4 => 0"),
        OutOfRange("mode", "[Pad(1, Mode = (PadMode)7)]", "Mode = (PadMode)7", "Pad1: Mode is 7, but must be Zero, Reflect or Edge. Write for example PadMode.Zero.", "(PadMode)7 => PadMode.Zero"),
        OutOfRange("rows of a part", "[Crop(0, 2)]", "0", "Crop1: height is 0, but must be 1 or more. Write for example 1.", "(0 => (1"),
        OutOfRange("first row of a part", "[Crop(2, 2, Top = -2)]", "Top = -2", "Crop1: Top is -2, but must be -1 or more. Write for example -1.", "-2 => -1"),
        OutOfRange("size of an adaptive pool", "[AdaptiveAveragePool(0)]", "0", "AdaptiveAveragePool1: size is 0, but must be 1 or more. Write for example 1.", "0 => 1"),
        OutOfRange("beta of Softplus", "[Softplus(-1)]", "-1", "Softplus1: beta is -1, but must be finite and above 0. Write for example 1f.", "-1 => 1f"),
        OutOfRange("alpha of ELU", "[ELU(0)]", "0", "ELU1: alpha is 0, but must be finite and above 0. Write for example 1f.", "0 => 1f"),
        OutOfRange(
            "epsilon", "[BatchNorm(Epsilon = 0)]", "Epsilon = 0", "BatchNorm1: Epsilon is 0, but must be finite and above 0. Write for example 1e-5f.", "0 => 1e-5f"),
        OutOfRange(
            "momentum", "[BatchNorm(Momentum = 1.5f)]", "Momentum = 1.5f",
            "BatchNorm1: Momentum is 1.5, but must be from 0 to 1. Write for example 0.1f.", "1.5f => 0.1f"),
        OutOfRange(
            "size", "[LocalResponseNorm(0)]", "0", "LocalResponseNorm1: size is 0, but must be 1 or more. Write for example 1.", "0 => 1"),
        OutOfRange(
            "alpha of local response normalisation", "[LocalResponseNorm(5, Alpha = -1)]", "Alpha = -1",
            "LocalResponseNorm1: Alpha is -1, but must be finite and 0 or more. Write for example 1e-4f.", "-1 => 1e-4f"),
        OutOfRange(
            "beta", "[LocalResponseNorm(5, Beta = float.NaN)]", "Beta = float.NaN",
            "LocalResponseNorm1: Beta is NaN, but must be finite and 0 or more. Write for example 0.75f.", "float.NaN => 0.75f"),
        OutOfRange(
            "K", "[LocalResponseNorm(5, K = 0)]", "K = 0", "LocalResponseNorm1: K is 0, but must be finite and above 0. Write for example 2f.", "= 0 => = 2f"),
        WrongType("long", "2L", "of type long", 1),
        WrongType("double", "2.0", "a float or a double", 1),
        WrongType("float", "2f", "a float or a double", 1),
        WrongType("bool", "true", "a bool", 1),
        WrongType("null", "null", "null", 1),
        WrongType("type", "typeof(int)", "of type System.Type", 1),
        WrongType("enumeration", "Rounding.Floor", "of type CnnGen.Rounding", 1),
        WrongType("array of one", "new[] { 2 }", "an array of 1", 1),
        WrongType("array of three", "new[] { 1, 2, 3 }", "an array of 3", 1),
        WrongType("array of floats", "new[] { 1f, 2f }", "of type float[]", 1),
        WrongType("array of longs", "new[] { 1L, 2L }", "of type long[]", 1),
        new(
            "padding of another library's", "CNN1042", "[Conv2D(4, 3, Padding = \"same\")]", "same",
            "Conv1: 'same' in Padding = \"same\" is no parameter of Net, and no number of its input. There are input.channels, input.height, input.width and input.features.",
            "\"same\" => 0"),
        new(
            "three paddings", "CNN1013", "[AveragePool(3, Stride = 1, Padding = new[] { 1, 0, 1 })]", "Padding = new[] { 1, 0, 1 }",
            "AveragePool1: Padding must be an int, an expression, new[] { height, width }, or new[] { top, left, bottom, right }, but is an array of 3. Write for example Padding = 0.",
            "new[] { 1, 0, 1 } => 0"),
        new(
            "groups of a wrong type", "CNN1013", "[Conv2D(3, 3, Groups = true)]", "Groups = true",
            "Conv1: Groups must be an int or an expression, but is a bool. Write for example Groups = 1.", "true => 1"),
        new(
            "too few means", "CNN1018", Normalize("new[] { 0.5f, 0.4f }, new[] { 1f, 1f, 1f }"), "new[] { 0.5f, 0.4f }",
            "Net: [Normalize] has 2 means, but its images have 3 channels. Write 3 numbers, one a channel, or one number for all.",
            "0.5f, 0.4f => 0.5f, 0.4f, 0.3f", "new[] { 0.5f, 0.4f }, => new[] { 0.5f },"),
        new(
            "too many deviations", "CNN1018", "[Model(1, 8, 8)] [Normalize(new[] { 0.5f }, deviation: new[] { 1f, 2f })] [Dense(2)]", "deviation: new[] { 1f, 2f }",
            "Net: [Normalize] has 2 deviations, but its images have 1 channel. Write one number.",
            "1f, 2f => 1f"),
        new(
            "no means", "CNN1018", Normalize("new float[0], new[] { 1f, 1f, 1f }"), "new float[0]",
            "Net: [Normalize] has 0 means, but its images have 3 channels. Write 3 numbers, one a channel, or one number for all.",
            "new float[0] => new[] { 0f }"),
        new(
            "null for deviations", "CNN1018", Normalize("new[] { 0f }, null!"), "null!",
            "Net: [Normalize] has 0 deviations, but its images have 3 channels. Write 3 numbers, one a channel, or one number for all.",
            "null! => new[] { 1f }"),
        OutOfRange("deviation of zero", Normalize("0.5f, 0f"), "0f", "Net: deviation is 0, but must be finite and above 0. Write for example 0.5f.", ", 0f => , 0.5f"),
        OutOfRange(
            "deviation of one channel", Normalize("new[] { 0f, 0f, 0f }, new[] { 1f, -1f, 1f }"), "new[] { 1f, -1f, 1f }",
            "Net: deviation[1] is -1, but must be finite and above 0. Write for example 0.5f.", "-1f => 0.5f"),
        OutOfRange(
            "infinite deviation", Normalize("0.5f, float.PositiveInfinity"), "float.PositiveInfinity",
            "Net: deviation is Infinity, but must be finite and above 0. Write for example 0.5f.", "float.PositiveInfinity => 0.5f"),
        OutOfRange(
            "deviation that makes infinite numbers", Normalize("0.5f, 1e-45f"), "1e-45f",
            "Net: deviation is 1E-45, but must be so large that (value / 255 - mean) / deviation is finite for each byte. Write for example 0.5f.", "1e-45f => 0.5f"),
        OutOfRange(
            "deviation that no float is", Normalize("0.5, 1e-60"), "1e-60", "Net: deviation is 1E-60, but must be finite and above 0. Write for example 0.5f.", "1e-60 => 0.5f"),
        OutOfRange(
            "mean that makes infinite numbers", Normalize("new[] { 0f, 1e38f, 0f }, new[] { 1f, 0.1f, 1f }"), "new[] { 1f, 0.1f, 1f }",
            "Net: deviation[1] is 0.1, but must be so large that (value / 255 - mean) / deviation is finite for each byte. Write for example 0.5f.", "0.1f => 0.5f"),
        OutOfRange(
            "no data set", Normalize("(ImageStatistics)7"), "(ImageStatistics)7",
            "Net: statistics is 7, but must be Mnist, Cifar10 or ImageNet. Write for example ImageStatistics.Mnist.", "(ImageStatistics)7 => ImageStatistics.ImageNet"),
        new(
            "a data set of other images", "CNN1018", "[Model(1, 8, 8)] [Normalize(ImageStatistics.Cifar10)] [Dense(2)]", "ImageStatistics.Cifar10",
            "Net: [Normalize] has 3 means, but its images have 1 channel. Write one number.",
            "ImageStatistics.Cifar10 => 0.48, 0.25", "Cifar10 => Mnist"),
        OutOfRange("mean NaN", Normalize("mean: float.NaN, 1"), "mean: float.NaN", "Net: mean is NaN, but must be finite. Write for example 0.5f.", "float.NaN => 0.5f"),
        new(
            "im2col with groups", "CNN1016", "[Conv2D(6, 3, Groups = 3, Algorithm = ConvAlgorithm.Im2Col)]", "Algorithm = ConvAlgorithm.Im2Col",
            "Conv1: Algorithm = ConvAlgorithm.Im2Col unrolls windows over all channels, which Groups = 3 divides. "
                + "Use ConvAlgorithm.Direct or no Algorithm, or Groups = 1.",
            "Im2Col => Direct", ", Algorithm = ConvAlgorithm.Im2Col => ", "Groups = 3 => Groups = 1"),
        new(
            "a pool's padding", "CNN1014", "[MaxPool(2, Padding = 2)]", "Padding = 2",
            "MaxPool1: Padding = 2 is more than half of its 2x2 window, so a window could lie in padding alone. Use Padding = 1.",
            "Padding = 2 => Padding = 1"),
        new(
            "a pool's padding on one side", "CNN1014", "[MaxPool(2, Padding = new[] { 0, 0, 2, 1 })]", "Padding = new[] { 0, 0, 2, 1 }",
            "MaxPool1: Padding = new[] { 0, 0, 2, 1 } is more than half of its 2x2 window, so a window could lie in padding alone. Use Padding = new[] { 0, 0, 1, 1 }.",
            "2, 1 } => 1, 1 }"),
        new(
            "a pool's padding in one direction", "CNN1014", "[AveragePool(2, kernelWidth: 4, Padding = new[] { 2, 2 })]", "Padding = new[] { 2, 2 }",
            "AveragePool1: Padding = 2 is more than half of its 2x4 window, so a window could lie in padding alone. Use Padding = new[] { 1, 2 }.",
            "{ 2, 2 } => { 1, 2 }"),
    ];

    private static string Normalize(string arguments) => "[Model(3, 8, 8)] [Normalize(" + arguments + ")] [Dense(2)]";

    private static DiagnosticCase OutOfRange(string label, string source, string marked, string message, params string[] mends) =>
        new(label, "CNN1012", source, marked, message, mends);

    private static DiagnosticCase WrongType(string label, string value, string found, int example) => new(
        "stride: " + label,
        "CNN1013",
        "[Conv2D(4, 3, Stride = " + value + ")]",
        "Stride = " + value,
        "Conv1: Stride must be an int, an expression, or new[] { height, width }, but is " + found + ". Write for example Stride = 1.",
        value + " => " + example);
}
