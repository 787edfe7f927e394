namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>Faults of blocks, and of expressions.</summary>
public static class BlockCases
{
    private const string Net = "[Model(3, 8, 8), ReLU] public partial class Net;\n";

    public static IEnumerable<DiagnosticCase> All =>
    [
        new(
            "an expression that ends too early", "CNN1041", "[Conv2D(\"4 * \", 3)]", "*",
            "Conv1: filters = \"4 * \" cannot be read: a number, a name or ( is expected at its end. An expression has numbers, names, + - * /, parentheses, max(a, b) and min(a, b), or names, true, false and !.",
            "4 *  => 4 * 1"),
        new(
            "an expression with a letter that has no meaning", "CNN1041", "[Conv2D(4, 3, Padding = @\"1 % 2\")]", "%",
            "Conv1: Padding = \"1 % 2\" cannot be read: an operator or the end is expected where '%' stands. An expression has numbers, names, + - * /, parentheses, max(a, b) and min(a, b), or names, true, false and !.",
            "1 % 2 => 1"),
        new(
            "a function that there is not", "CNN1041", Pair("sqrt(width)", 4), "sqrt",
            "Conv1: filters = \"sqrt(width)\" cannot be read: 'sqrt' is no function; there are max and min. An expression has numbers, names, + - * /, parentheses, max(a, b) and min(a, b), or names, true, false and !.",
            "sqrt( => max(2, "),
        new(
            "an empty expression", "CNN1041", "[Dense(\"\")]", "",
            "Dense1: units = \"\" cannot be read: a number, a name or ( is expected at its end. An expression has numbers, names, + - * /, parentheses, max(a, b) and min(a, b), or names, true, false and !.",
            "\"\" => \"3\""),
        new(
            "a slip in a parameter's name", "CNN1042", Pair("4 * widht", 4), "widht",
            "Conv1: 'widht' in filters = \"4 * widht\" is no parameter of Pair, and no number of its input. Did you mean width?",
            "widht => width"),
        new(
            "a number of the input that there is not", "CNN1042", "[Conv2D(\"input.chanels\", 3)]", "input.chanels",
            "Conv1: 'input.chanels' in filters = \"input.chanels\" is no parameter of Net, and no number of its input. Did you mean input.channels?",
            "input.chanels => input.channels"),
        new(
            "a division by zero", "CNN1043", Pair("8 / (width - 4)", 4), "width - 4",
            "Pair1.Conv1: filters = \"8 / (width - 4)\" divides by width - 4, which is 0. Use a divisor that is not. In Pair1: Pair(width = 4) over 3x8x8.",
            "Pair(4) => Pair(5)", "width - 4 => width - 3"),
        new(
            "a fraction", "CNN1044", Pair("1 + width / 2", 5), "width / 2",
            "Pair1.Conv1: filters = \"1 + width / 2\" is 3.5, but must be a whole number. The fraction comes of width / 2. In Pair1: Pair(width = 5) over 3x8x8.",
            "Pair(5) => Pair(6)", "1 + width / 2 => width"),
        new(
            "a fraction of no division", "CNN1044", "[Conv2D(\"2.5\", 3)]", "2.5",
            "Conv1: filters = \"2.5\" is 2.5, but must be a whole number. The fraction comes of 2.5.",
            "2.5 => 2"),
        new(
            "an expression out of range", "CNN1012", Pair("width - 8", 4), "\"width - 8\"",
            "Pair1.Conv1: filters is -4, but must be 1 or more. Write for example 1. In Pair1: Pair(width = 4) over 3x8x8.",
            "Pair(4) => Pair(9)"),
        new(
            "an expression that no int holds", "CNN1012", "[Conv2D(4, 3, Groups = \"1000000 * 1000000\")]", "Groups = \"1000000 * 1000000\"",
            "Conv1: Groups is 1000000000000, but must be 1 or more. Write for example 2147483647.",
            "1000000 * 1000000 => 1"),
        new(
            "a wrong number in a block that no model uses", "CNN1012", Net + "[MaxPool(0)] public sealed class PairAttribute : BlockAttribute;", "0",
            "MaxPool1: kernel is 0, but must be 1 or more. Write for example 1.", "(0) => (1)"),
        new(
            "a misfit in a block", "CNN2001", "[Model(3, 8, 8), Shrink(stride: 3, Name = \"A\")] public partial class Net;\n[MaxPool(2, Stride = \"stride\"), MaxPool(2, Stride = 2)] public sealed class ShrinkAttribute(int stride = 2) : BlockAttribute;", "Stride = 2",
            "A.MaxPool2 slides a 2x2 kernel over 3x3 with stride 2, which does not fit: (3 - 2 + 2*0) / 2 + 1 = 1.50, so the last row and column of its input would be ignored. "
                + "Use Stride = 1, or Padding = 1, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling. In A: Shrink(stride = 3) over 3x8x8.",
            "stride: 3 => stride: 2", "Stride = 2) => Stride = 2, Padding = 1)"),
        new(
            "a join in a block in a block", "CNN2009",
            "[Model(3, 8, 8), Outer(6), Outer(6)] public partial class Net;\n[Sum(\"width\")] public sealed class OuterAttribute(int width) : BlockAttribute;\n"
                + "[Branch, Conv2D(\"Width + 1\", 1)] [Branch] [Add] public sealed class SumAttribute : BlockAttribute { public SumAttribute(object Width) { } }",
            "Add",
            "Outer1.Sum1.Add1 (Add) joins Outer1.Sum1.Conv1, which gives 7x8x8, and Input, which gives 3x8x8. Put Conv2D(7, 1) at the end of the branch of Input. "
                + "In Outer1.Sum1: Sum(Width = 6) over 3x8x8.",
            "[Branch] [Add] => [Branch, Conv2D(7, 1)] [Add]"),
        new(
            "a wrong type for a block's parameter", "CNN1013",
            "[Model(3, 8, 8), Pair(2L)] public partial class Net;\n[Conv2D(\"width\", 1)] public sealed class PairAttribute : BlockAttribute { public PairAttribute(object width) { } }", "2L",
            "Pair1: width must be a number, a bool, a member of an enumeration of CnnGen's or an expression, but is of type long. Write for example width = 1.",
            "Pair(2L) => Pair(1)"),
        new(
            "a block that contains itself", "CNN1045", Net + "[ReLU, Deep] public sealed class DeepAttribute : BlockAttribute;", "Deep",
            "Deep contains itself (Deep -> Deep), so that it would have layers without end. Remove one of these uses.",
            "[ReLU, Deep] => [ReLU]"),
        new(
            "a block without layers", "CNN1046", "[Model(3, 8, 8), Empty] public partial class Net;\npublic sealed class EmptyAttribute : BlockAttribute;", "EmptyAttribute",
            "EmptyAttribute has no layers. Write them above the class, such as [Conv2D(\"width\", 3), ReLU].",
            "public sealed class Empty => [ReLU] public sealed class Empty"),
        new(
            "a generic block", "CNN1047", Net + "[ReLU] public sealed class PairAttribute<T> : BlockAttribute;", "PairAttribute",
            "PairAttribute cannot be generic, since no attribute in its body could name a type parameter. Remove the type parameters.",
            "<T> => "),
        new(
            "an abstract block", "CNN1047", Net + "[ReLU] public abstract class PairAttribute : BlockAttribute;", "PairAttribute",
            "PairAttribute cannot be abstract where it has layers, since no class inherits them. Remove 'abstract', or move the layers to the classes that derive from it.",
            "abstract class => class", "[ReLU] public abstract => public abstract"),
        new(
            "a parameter that is no number", "CNN1048", Net + "[ReLU] public sealed class PairAttribute : BlockAttribute { public PairAttribute(long deep) { } }", "long deep",
            "Pair: the parameter deep is of type long, but must be an int, a float, a double, a bool or one of CnnGen's enumerations; or a string or an object, where an expression may be given.",
            "long deep => int deep", "long deep => PadMode deep"),
        new(
            "an enumeration of the user's own", "CNN1048", Net + "public enum Depth { Low } [ReLU] public sealed class PairAttribute : BlockAttribute { public PairAttribute(Depth deep) { } }", "Depth deep",
            "Pair: the parameter deep is of type Depth, but must be an int, a float, a double, a bool or one of CnnGen's enumerations; or a string or an object, where an expression may be given.",
            "Depth deep => bool deep"),
        new(
            "a number where a bool has to stand", "CNN1052", Typed("Conv2D(4, 1, Bias = \"width + 1\")"), "width + 1",
            "Conv1: 'width + 1' in Bias = \"width + 1\" is a number, but a bool has to stand there. There are norm, true and false.",
            "width + 1 => norm", "width + 1 => !norm", "\"width + 1\" => true"),
        new(
            "a bool where a number has to stand", "CNN1052", Typed("Conv2D(\"2 * norm\", 1)"), "norm",
            "Conv1: 'norm' in filters = \"2 * norm\" is a bool, but a number has to stand there. "
                + "There are width, rate, input.channels, input.height, input.width and input.features.",
            "norm\" => width\""),
        new(
            "a bool for a rate", "CNN1052", Typed("Dropout(\"!norm\")"), "!norm",
            "Dropout1: '!norm' in rate = \"!norm\" is a bool, but a number has to stand there. There are width, rate, input.channels, input.height, input.width and input.features.",
            "!norm => rate"),
        new(
            "a number that is negated as a bool is", "CNN1052", Typed("Conv2D(4, 1, Bias = \"!width\")"), "width",
            "Conv1: 'width' in Bias = \"!width\" is a number, but a bool has to stand there. There are norm, true and false.",
            "!width => !norm"),
        new(
            "a slip in a bool's name", "CNN1042", Typed("Conv2D(4, 1, Bias = \"!nrom\")"), "nrom",
            "Conv1: 'nrom' in Bias = \"!nrom\" is no parameter of Pair, and no number of its input. Did you mean norm?",
            "nrom => norm"),
        new(
            "a slip in a rate's name", "CNN1042", Typed("Dropout(\"1 - rat\")"), "rat",
            "Dropout1: 'rat' in rate = \"1 - rat\" is no parameter of Pair, and no number of its input. Did you mean rate?",
            "- rat => - rate"),
        new(
            "an epsilon that an expression makes too small", "CNN1012", "[Model(3, 8, 8), Pair(8)] public partial class Net;\n[BatchNorm(Epsilon = \"width - 8\")] public sealed class PairAttribute(int width) : BlockAttribute;", "Epsilon = \"width - 8\"",
            "Pair1.BatchNorm1: Epsilon is 0, but must be finite and above 0. Write for example 1e-5f. In Pair1: Pair(width = 8) over 3x8x8.",
            "Pair(8) => Pair(9)"),
        new(
            "another enumeration's member", "CNN1052", Typed("Upsample(2, Mode = \"Border\")"), "Border",
            "Upsample1: 'Border' in Mode = \"Border\" is a PadMode, but an UpsampleMode has to stand there. No name here is one: write a member of it instead of a string.",
            "\"Border\" => UpsampleMode.Nearest"),
        new(
            "a member written into a string", "CNN1042", Typed("Pad(1, Mode = \"PadMode.Edge\")"), "PadMode.Edge",
            "Pad1: 'PadMode.Edge' in Mode = \"PadMode.Edge\" is no parameter of Pair, and no number of its input. There is Border.",
            "\"PadMode.Edge\" => PadMode.Edge", "PadMode.Edge => Border"),
        new(
            "a member of another enumeration", "CNN1013", "[Conv2D(4, 3, Rounding = PadMode.Edge)]", "Rounding = PadMode.Edge",
            "Conv1: Rounding must be a Rounding or an expression, but is of type CnnGen.PadMode. Write for example Rounding = Rounding.Exact.",
            "PadMode.Edge => Rounding.Exact"),
        new(
            "a number for a bool", "CNN1013", "[Conv2D(4, 3, Bias = 0)]", "Bias = 0",
            "Conv1: Bias must be a bool or an expression, but is an int. Write for example Bias = true.",
            "Bias = 0 => Bias = false"),
        new(
            "a bool for a number", "CNN1013", "[BatchNorm(Momentum = true)]", "Momentum = true",
            "BatchNorm1: Momentum must be a number or an expression, but is a bool. Write for example Momentum = 0.1f.",
            "= true => = 0.1f"),
        new(
            "a bool that a use hands to a number", "CNN1052",
            "[Model(3, 8, 8), Pair(true)] public partial class Net;\n[Conv2D(\"width\", 1)] public sealed class PairAttribute : BlockAttribute { public PairAttribute(object width) { } }", "width",
            "Pair1.Conv1: 'width' in filters = \"width\" is a bool, but a number has to stand there. There are input.channels, input.height, input.width and input.features. "
                + "In Pair1: Pair(width = true) over 3x8x8.",
            "Pair(true) => Pair(1)"),
        new(
            "an expression for Frozen that is no bool", "CNN1052", "[Model(3, 8, 8), Pair(4, Frozen = \"input.width\")] public partial class Net;\n[Conv2D(\"width\", 1), Dense(2)] public sealed class PairAttribute(int width) : BlockAttribute;", "input.width",
            "Pair1: 'input.width' in Frozen = \"input.width\" is a number, but a bool has to stand there. There are true and false.",
            "\"input.width\" => false"),
        new(
            "a parameter without a value", "CNN1049",
            "[Model(3, 8, 8), Pair] public partial class Net;\n[Conv2D(\"Width\", 1)] public sealed class PairAttribute : BlockAttribute { public object? Width { get; set; } }", "Pair",
            "Pair1: Width has no value here, and the block has none for it. Write Width, or give it a value where it is declared.",
            "Pair] => Pair(Width = 4)]", "{ get; set; } => { get; set; } = 4;"),
        new(
            "too many layers", "CNN1051",
            "[Model(1, 2, 2), Many(Repeat = 1000)] public partial class Net;\n[ReLU(Repeat = 11)] public sealed class ManyAttribute : BlockAttribute;", "ReLU(Repeat = 11)",
            "Many910.ReLU1 would make more than the 10000 layers that a network may have. Use fewer repeats. In Many910: Many over 1x2x2.",
            "1000 => 1"),
        new(
            "layers on two parts of a block", "CNN1007", Net + "[ReLU] public sealed partial class PairAttribute : BlockAttribute;\n[Tanh] public sealed partial class PairAttribute;", "Tanh",
            "PairAttribute has the layer [Tanh] here and other layers on its declaration at line 2 of File1.cs; between two declarations there is no order. Move all layers to one of them.",
            "[Tanh] => "),
        new(
            "branches of a block that are not joined", "CNN3008", Net + "[ReLU, Branch, Tanh, Branch] public sealed class PairAttribute : BlockAttribute;", "Branch",
            "Pair: the group of branches that starts here is never joined. Put [Add], [Multiply], [Concat], [Average] or [Maximum] behind its last branch.",
            "Tanh, Branch] => Tanh, Branch, Add]"),
        new(
            "a branch in a block from a layer outside", "CNN3009",
            "[Model(3, 8, 8), ReLU, Pair] public partial class Net;\n[Tanh, Branch, Branch(From = \"ReLU1\"), Add] public sealed class PairAttribute : BlockAttribute;", "From = \"ReLU1\"",
            "From = \"ReLU1\" names no layer above this branch; did you mean Tanh1?",
            "\"ReLU1\" => \"Tanh1\""),
        new(
            "a layer behind a block that ends in a head", "CNN3012",
            "[Model(3, 8, 8), Branch, Branch, Score, ReLU, Branch, Add, GlobalAveragePool, Softmax] public partial class Net;\n[GlobalAveragePool, Softmax, Head(\"Scores\")] public sealed class ScoreAttribute : BlockAttribute;",
            "ReLU",
            "ReLU1 stands behind a head, which ends its branch, while other branches of the group wait for a join. Put [Branch] or a join before it.",
            "Score, ReLU => Score"),
        new(
            "a second copy of a block that ends in a head", "CNN3012",
            "[Model(3, 8, 8), Branch, Branch, Score(Repeat = 2), Branch, Add, GlobalAveragePool, Softmax] public partial class Net;\n[GlobalAveragePool, Softmax, Head(\"Scores\")] public sealed class ScoreAttribute : BlockAttribute;",
            "Score(Repeat = 2)",
            "Score2 stands behind a head, which ends its branch, while other branches of the group wait for a join. Put [Branch] or a join before it.",
            "Score(Repeat = 2) => Score"),
        new(
            "a name of a block's layer", "CNN3005", Net + "[ReLU(Name = \"Layers\")] public sealed class PairAttribute : BlockAttribute;", "Name = \"Layers\"",
            "ReLU1: the name 'Layers' is a member that the generator writes. Use Name = \"LayersLayer\".",
            "\"Layers\" => \"LayersLayer\""),
        new(
            "a layer with the name of its block", "CNN3005", "[Model(3, 8, 8), Pair(Name = \"A\")] public partial class Net;\n[ReLU(Name = \"A\")] public sealed class PairAttribute : BlockAttribute;", "Name = \"A\"",
            "A.ReLU1: the name 'A' is the name of the block that it stands in. Use Name = \"ALayer\". In A: Pair over 3x8x8.",
            "ReLU(Name = \"A\") => ReLU(Name = \"ALayer\")"),
        new(
            "two blocks of one name", "CNN3003", "[Model(3, 8, 8), Pair(Name = \"A\"), Pair(Name = \"A\")] public partial class Net;\n[ReLU] public sealed class PairAttribute : BlockAttribute;", "Name = \"A\"",
            "A has the name of another layer, A: both would be 'A' in code or in a weights file. Use Name = \"AB\".",
            "Pair(Name = \"A\"), => Pair,"),
        new(
            "a tensor's name that is no path", "CNN3013", "[Conv2D(4, 3, TensorName = \"a..b\")]", "TensorName = \"a..b\"",
            "Conv1: TensorName = \"a..b\" is no path of tensors: names of letters, digits, _ and - with single dots between them. Write for example TensorName = \"layer1.0\".",
            "a..b => layer1.0"),
        new(
            "one tensor for two layers", "CNN3014", "[Conv2D(4, 3, TensorName = \"a\"), Conv2D(4, 3, TensorName = \"a\", Name = \"C\")]",
            "TensorName = \"a\"",
            "C and Conv1 would have one tensor in a weights file, 'a.weight'. Use another TensorName, or leave it out.",
            "TensorName = \"a\", Name => TensorName = \"b\", Name", ", TensorName = \"a\", Name => , Name"),
        new(
            "one tensor for layers of two blocks", "CNN3014",
            "[Model(3, 8, 8), Pair(TensorName = \"x\"), Pair(TensorName = \"x\")] public partial class Net;\n[Conv2D(4, 1)] public sealed class PairAttribute : BlockAttribute;", "Conv2D(4, 1)",
            "Pair2.Conv1 and Pair1.Conv1 would have one tensor in a weights file, 'x.conv1.weight'. Use another TensorName, or leave it out. In Pair2: Pair over 4x8x8.",
            "Pair(TensorName = \"x\"), => Pair,"),
    ];

    /// <summary>A block with a parameter of each type, which no model uses.</summary>
    private static string Typed(string layer) =>
        Net + $"[{layer}] public sealed class PairAttribute(int width, bool norm = true, double rate = 0.5) : BlockAttribute {{ public PadMode Border {{ get; set; }} }}";

    /// <summary>A block of one convolution, and a model that uses it.</summary>
    private static string Pair(string filters, int width) =>
        $"[Model(3, 8, 8), Pair({width})] public partial class Net;\n[Conv2D(\"{filters}\", 1)] public sealed class PairAttribute(int width) : BlockAttribute;";
}
