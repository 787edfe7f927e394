namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>Faults of paths and joins.</summary>
public static class BranchCases
{
    public static IEnumerable<DiagnosticCase> All =>
    [
        new(
            "a sum of two shapes", "CNN2009", "[Conv2D(16, 3, Padding = 1)] [Branch, Conv2D(32, 3, Stride = 2, Padding = 1)] [Branch] [Add]", "Add",
            "Add1 (Add) joins Conv2, which gives 32x4x4, and Conv1, which gives 16x8x8. Put Conv2D(32, 1, Stride = 2) at the end of the branch of Conv1.",
            "[Branch] [Add] => [Branch, Conv2D(32, 1, Stride = 2)] [Add]"),
        new(
            "a concatenation of two sizes", "CNN2009", "[Branch, MaxPool(2)] [Branch, Conv2D(4, 1)] [Concat]", "Concat",
            "Concat1 (Concat) joins MaxPool1, which gives 3x4x4, and Conv1, which gives 4x8x8. Put Conv2D(3, 1, Stride = 2) at the end of the branch of Conv1.",
            "Conv2D(4, 1)] => Conv2D(4, 1), Conv2D(3, 1, Stride = 2)]"),
        new(
            "vectors of two lengths", "CNN2009", "[Dense(4)] [Branch, Dense(6)] [Branch] [Add]", "Add",
            "Add1 (Add) joins Dense2, which gives 6, and Dense1, which gives 4. Put a Dense(6) at the end of the branch of Dense1.",
            "[Branch] [Add] => [Branch, Dense(6)] [Add]"),
        new(
            "a head of other pixels", "CNN2010", "[Conv2D(4, 1)] [Branch, Flatten, Softmax, Head(\"Aux\")] [Softmax]", "Head(\"Aux\")",
            "Aux: a head's loss compares with the same targets as the network's own, but it gives 256 and Softmax2 gives 4x8x8. Let both give as many numbers, and with a loss for each pixel as many pixels.",
            "Flatten, Softmax => Softmax"),
        new(
            "a head of another length", "CNN2010", "[Branch, Dense(4), Softmax, Head(\"Aux\")] [Dense(5), Softmax]", "Head(\"Aux\")",
            "Aux: a head's loss compares with the same targets as the network's own, but it gives 4 and Softmax2 gives 5. Let both give as many numbers, and with a loss for each pixel as many pixels.",
            "Dense(4) => Dense(5)"),
        new(
            "branches that are not joined", "CNN3008", "[Branch, Conv2D(4, 3)] [Branch, Conv2D(4, 3)]", "Branch",
            "Net: the group of branches that starts here is never joined. Put [Add], [Multiply], [Concat], [Average] or [Maximum] behind its last branch.",
            "[Branch, Conv2D(4, 3)] [Branch, Conv2D(4, 3)] => [Branch, Conv2D(4, 3)] [Branch, Conv2D(4, 3)] [Add]"),
        new(
            "a branch from nowhere", "CNN3009", "[Conv2D(4, 3, Padding = 1)] [Branch, ReLU] [Branch(From = \"Conv2\")] [Add]", "From = \"Conv2\"",
            "From = \"Conv2\" names no layer above this branch; did you mean Conv1?",
            "\"Conv2\" => \"Conv1\""),
        new(
            "a join of one path", "CNN3010", "[Branch, ReLU] [Add]", "Add",
            "Add1 (Add) joins the branches above it, but there are 1 of them and 2 or more are needed. Put [Branch] before each path.",
            "[Add] => [Branch] [Add]"),
        new(
            "a join without branches", "CNN3010", "[ReLU, Concat]", "Concat",
            "Concat1 (Concat) joins the branches above it, but there are 0 of them and 2 or more are needed. Put [Branch] before each path.",
            "[ReLU, Concat] => [Branch, ReLU] [Branch] [Concat]"),
        new(
            "a head without a branch", "CNN3011", "[Dense(4), Softmax, Head(\"Aux\"), Dense(4), Softmax]", "Head(\"Aux\")",
            "Head1 ends a branch as an output for training, but stands in none. Put [Branch] before the layers that it ends.",
            "[Dense(4), Softmax, Head => [Branch, Dense(4), Softmax, Head"),
        new(
            "a layer behind a head", "CNN3012", "[Branch, ReLU] [Branch, Dense(4), Softmax, Head(\"Aux\"), Tanh] [Branch] [Add, Dense(4), Softmax]", "Tanh",
            "Tanh1 stands behind a head, which ends its branch, while other branches of the group wait for a join. Put [Branch] or a join before it.",
            ", Tanh] [Branch] => ] [Branch, Tanh] [Branch]"),
    ];
}
