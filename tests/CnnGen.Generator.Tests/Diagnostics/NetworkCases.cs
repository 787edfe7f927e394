namespace CnnGen.Generator.Tests.Diagnostics;

/// <summary>Faults of shapes, the loss and names: CNN2xxx and CNN3xxx.</summary>
public static class NetworkCases
{
    public static IEnumerable<DiagnosticCase> Shapes =>
    [
        new(
            "a 3x3 kernel over 7x7 with stride 3", "CNN2001", "[Model(1, 7, 7)] [Conv2D(1, 3, Stride = 3)]", "Stride = 3",
            "Conv1 slides a 3x3 kernel over 7x7 with stride 3, which does not fit: (7 - 3 + 2*0) / 3 + 1 = 2.33, "
                + "so the last row and column of its input would be ignored. "
                + "Use Stride = 1 or 2, or Padding = 1, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling.",
            "Stride = 3 => Stride = 1", "Stride = 3 => Stride = 2", "Stride = 3 => Stride = 3, Padding = 1",
            "Stride = 3 => Stride = 3, Rounding = Rounding.Floor", "Stride = 3 => Stride = 3, Rounding = Rounding.Ceiling",
            "7, 7) => 7, 7, Rounding = Rounding.Floor)", "7, 7) => 7, 7, Rounding = Rounding.Ceiling)"),
        new(
            "a pool whose stride is its kernel", "CNN2001", "[Model(1, 9, 9)] [MaxPool(2)]", "MaxPool(2)",
            "MaxPool1 slides a 2x2 kernel over 9x9 with stride 2, which does not fit: (9 - 2 + 2*0) / 2 + 1 = 4.50, "
                + "so the last row and column of its input would be ignored. "
                + "Use Stride = 1, or Padding = 1, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling.",
            "(2) => (2, Stride = 1)", "(2) => (2, Padding = 1)", "(2) => (2, Rounding = Rounding.Floor)", "(2) => (2, Rounding = Rounding.Ceiling)"),
        new(
            "rows only", "CNN2001", "[Model(1, 11, 8)] [AveragePool(4)]", "AveragePool(4)",
            "AveragePool1 slides a 4x4 kernel over 11x8 with stride 4, which does not fit: (11 - 4 + 2*0) / 4 + 1 = 2.75, "
                + "so the last 3 rows of its input would be ignored. "
                + "Use Stride = 1, or Padding = new[] { 1, 0 }, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling.",
            "(4) => (4, Stride = 1)", "(4) => (4, Padding = new[] { 1, 0 })", "(4) => (4, Rounding = Rounding.Floor)", "(4) => (4, Rounding = Rounding.Ceiling)"),
        new(
            "columns only, by two strides", "CNN2001", "[Model(1, 9, 8)] [Conv2D(2, 3, Stride = new[] { 2, 3 })]", "Stride = new[] { 2, 3 }",
            "Conv1 slides a 3x3 kernel over 9x8 with stride new[] { 2, 3 }, which does not fit: (8 - 3 + 2*0) / 3 + 1 = 2.67, "
                + "so the last 2 columns of its input would be ignored. "
                + "Use Stride = new[] { 2, 1 }, or Padding = 1, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling.",
            "{ 2, 3 } => { 2, 1 }", "{ 2, 3 } => { 2, 3 }, Padding = 1",
            "{ 2, 3 } => { 2, 3 }, Rounding = Rounding.Floor", "{ 2, 3 } => { 2, 3 }, Rounding = Rounding.Ceiling"),
        new(
            "a dilated kernel", "CNN2001", "[Model(1, 10, 10)] [Conv2D(2, 3, Dilation = 2, Stride = 4, Name = \"Wide\")]", "Stride = 4",
            "Wide slides a 3x3 (5x5 with its dilation) kernel over 10x10 with stride 4, which does not fit: (10 - 5 + 2*0) / 4 + 1 = 2.25, "
                + "so the last row and column of its input would be ignored. "
                + "Use Stride = 1, or Padding = 2, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling.",
            "Stride = 4 => Stride = 1", "Stride = 4 => Stride = 4, Padding = 2"),
        new(
            "sides padded by themselves", "CNN2001", "[Model(1, 7, 7)] [Conv2D(2, 3, Stride = 3, Padding = new[] { 0, 0, 1, 1 })]", "Stride = 3",
            "Conv1 slides a 3x3 kernel over 7x7 with stride 3, which does not fit: (7 - 3 + 0 + 1) / 3 + 1 = 2.67, "
                + "so the last row and column of its input would be ignored. "
                + "Use Stride = 1 or 2, or Padding = new[] { 0, 0, 2, 2 }, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling.",
            "Stride = 3 => Stride = 1", "Stride = 3 => Stride = 2", "1, 1 } => 2, 2 }"),
        new(
            "a kernel larger than its input", "CNN2002", "[Model(1, 4, 4)] [Conv2D(2, 7, Padding = 1)]", "7",
            "Conv1 slides a 7x7 kernel over 4x4, which is 6x6 with its padding: smaller than the kernel. Use a 6x6 kernel or Padding = 2.",
            "2, 7 => 2, 6", "Padding = 1 => Padding = 2"),
        new(
            "a pool larger than its input", "CNN2002", "[Model(1, 4, 4)] [MaxPool(5, Stride = 2)]", "5",
            "MaxPool1 slides a 5x5 kernel over 4x4, which is 4x4 with its padding: smaller than the kernel. Use a 4x4 kernel or Padding = 1.",
            "(5 => (4", "Stride = 2 => Stride = 2, Padding = 1"),
        new(
            "a kernel too wide", "CNN2002", "[Model(1, 4, 4)] [Conv2D(2, 1, 5)]", "5",
            "Conv1 slides a 1x5 kernel over 4x4, which is 4x4 with its padding: smaller than the kernel. Use a 1x4 kernel or Padding = 1.",
            "1, 5 => 1, 4", "1, 5 => 1, 5, Padding = 1"),
        new(
            "a dilated kernel larger than its input", "CNN2002", "[Model(1, 6, 6)] [Conv2D(2, 3, Dilation = 3)]", "3",
            "Conv1 slides a 3x3 (7x7 with its dilation) kernel over 6x6, which is 6x6 with its padding: smaller than the kernel. Use a 2x2 kernel or Padding = 1.",
            "2, 3 => 2, 2", "Dilation = 3 => Dilation = 3, Padding = 1"),
        new(
            "a kernel whose extent no int holds", "CNN2002", "[Conv2D(2, 2147483647, Dilation = 2147483647)]", "2147483647",
            "Conv1 slides a 2147483647x2147483647 (4611686011984936963x4611686011984936963 with its dilation) kernel over 8x8, "
                + "which is 8x8 with its padding: smaller than the kernel. Use a 1x1 kernel.",
            "2, 2147483647 => 2, 1"),
        new(
            "a dilation that no padding and no kernel mends", "CNN2002", "[MaxPool(2, Dilation = 2147483647, Padding = 1)]", "2",
            "MaxPool1 slides a 2x2 (2147483648x2147483648 with its dilation) kernel over 8x8, which is 10x10 with its padding: smaller than the kernel. "
                + "Use Dilation = 8.",
            "2147483647 => 8"),
        new(
            "groups", "CNN2003", "[Model(6, 8, 8)] [Conv2D(12, 3, Groups = 4)]", "Groups = 4",
            "Conv1: Groups = 4 must divide both the 6 channels of its input and its 12 filters. Use Groups = 2, 3 or 6.",
            "Groups = 4 => Groups = 2", "Groups = 4 => Groups = 3", "Groups = 4 => Groups = 6"),
        new(
            "Winograd for a 5x5 kernel with groups", "CNN2008", "[Model(6, 8, 8)] [Conv2D(12, 5, Groups = 3, Algorithm = ConvAlgorithm.Winograd4x4)]", "Algorithm = ConvAlgorithm.Winograd4x4",
            "Conv1: Algorithm = ConvAlgorithm.Winograd4x4 is for 3x3 kernels with Stride = 1, Dilation = 1 and Groups = 1, "
                + "but this convolution has a 5x5 kernel and Groups = 3. Remove Algorithm: the compiler then chooses.",
            ", Algorithm = ConvAlgorithm.Winograd4x4 => "),
        new(
            "Winograd for a stride and a dilation", "CNN2008", "[Model(6, 9, 9)] [Conv2D(12, 3, Stride = 2, Dilation = new[] { 1, 2 }, Algorithm = ConvAlgorithm.Winograd2x2)]", "Algorithm = ConvAlgorithm.Winograd2x2",
            "Conv1: Algorithm = ConvAlgorithm.Winograd2x2 is for 3x3 and 5x5 kernels with Stride = 1, Dilation = 1 and Groups = 1, "
                + "but this convolution has Stride = 2 and Dilation = new[] { 1, 2 }. Remove Algorithm: the compiler then chooses.",
            ", Algorithm = ConvAlgorithm.Winograd2x2 => "),
        new(
            "a pool after a dense layer", "CNN2004", "[Dense(120), MaxPool(2)]", "MaxPool(2)",
            "MaxPool1 (MaxPool) needs channels x height x width, but what arrives is a vector of 120 features. "
                + "Move it above the Flatten or Dense that made the vector.",
            "Dense(120), MaxPool(2) => MaxPool(2), Dense(120)"),
        new(
            "local response normalisation of a vector", "CNN2004", "[Flatten, LocalResponseNorm(5)]", "LocalResponseNorm(5)",
            "LocalResponseNorm1 (LocalResponseNorm) needs channels x height x width, but what arrives is a vector of 192 features. "
                + "Move it above the Flatten or Dense that made the vector.",
            "Flatten, LocalResponseNorm(5) => LocalResponseNorm(5), Flatten"),
        new(
            "an image too large", "CNN2005", "[Model(3, 30000, 30000)] [GlobalAveragePool]", "Model(3, 30000, 30000)",
            "Net: its input of 3x30000x30000 would have 2700000000 elements, more than the 2147483647 that an index can tell apart. Use a smaller image.",
            "30000, 30000 => 3000, 3000"),
        new(
            "an output too large", "CNN2005", "[Model(1, 1000, 1000)] [Conv2D(3000, 1), GlobalAveragePool]", "3000",
            "Conv1: its output of 3000x1000x1000 would have 3000000000 elements, more than the 2147483647 that an index can tell apart. Use fewer filters, for example 268.",
            "3000 => 268"),
        new(
            "too many weights", "CNN2005", "[Model(1, 50, 50)] [Dense(1000000)]", "1000000",
            "Dense1: its parameters (weight 1000000x2500) would have 2501000000 elements, more than the 2147483647 that an index can tell apart. "
                + "Use fewer units, for example 107331.",
            "1000000 => 107331"),
        new(
            "padding too large", "CNN2005", "[Conv2D(1, 3, Padding = 2147483647), GlobalAveragePool]", "Padding = 2147483647",
            "Conv1: its padded input of 3x4294967302x4294967302 would have 55340232375747477612 elements, more than the 2147483647 that an index can tell apart. "
                + "Use a smaller Padding.",
            "2147483647 => 1"),
        new(
            "a pool that passes over its input", "CNN2006", "[Model(1, 3, 3)] [MaxPool(2, Dilation = 6, Padding = 3, Stride = 1)]", "Dilation = 6",
            "MaxPool1 slides a 2x2 (7x7 with its dilation) window over 3x3 with Padding = 3, and its taps are so far apart that a window sees no input at all. "
                + "Use Dilation = 3 with Padding = 2.",
            "Dilation = 6, Padding = 3 => Dilation = 3, Padding = 2"),
        new(
            "a pool that passes over its columns", "CNN2006", "[Model(1, 9, 2)] [MaxPool(2, Dilation = 3, Padding = 2, Stride = 1)]", "Dilation = 3",
            "MaxPool1 slides a 2x2 (4x4 with its dilation) window over 9x2 with Padding = 2, and its taps are so far apart that a window sees no input at all. "
                + "Use Dilation = 2 with Padding = 1.",
            "Dilation = 3, Padding = 2 => Dilation = 2, Padding = 1"),
        new(
            "memory too large by whole vectors", "CNN2007", "[Model(1, 1000, 1000)] [Conv2D(2147, 1), GlobalMaxPool]", "Model(1, 1000, 1000)",
            "Net: the memory of its passes, of which Conv1 takes most, would have more than the 2147483647 numbers that an index can tell apart, "
                + "in the layouts that the kernels read. Use fewer filters or a smaller image.",
            "2147 => 32", "1000, 1000 => 100, 100"),
        new(
            "too many parameters together", "CNN2005", "[Model(1, 1, 40000)] [Dense(30000), Dense(40000)]", "40000",
            "Dense2: the network's parameters, up to and with this layer, would have 2400070000 elements, "
                + "more than the 2147483647 that an index can tell apart. Use a smaller layer.",
            "Dense(40000) => Dense(20000)"),
    ];

    public static IEnumerable<DiagnosticCase> LossAndNames =>
    [
        new(
            "cross-entropy without softmax", "CNN3001", "[Model(3, 8, 8, Loss = Loss.CrossEntropy)] [Dense(2), Sigmoid]", "Loss = Loss.CrossEntropy",
            "Net: cross-entropy needs Softmax as the last layer, but the last is Sigmoid1 (Sigmoid). Put Softmax in its place, or say Loss = Loss.HalfSquaredError.",
            "Sigmoid => Softmax", "Loss.CrossEntropy => Loss.HalfSquaredError"),
        new(
            "cross-entropy of scores", "CNN3001", "[Model(3, 8, 8, Loss = Loss.CrossEntropy)] [Dense(2)]", "Loss = Loss.CrossEntropy",
            "Net: cross-entropy needs Softmax as the last layer, but the last is Dense1 (Dense). Put Softmax at the end, or say Loss = Loss.HalfSquaredError.",
            "Dense(2) => Dense(2), Softmax", "Loss.CrossEntropy => Loss.HalfSquaredError"),
        new(
            "output padding beyond the stride", "CNN2026", "[Conv2DTranspose(4, 3, Stride = 2, OutputPadding = 2), Dense(2)]", "OutputPadding = 2",
            "ConvTranspose1: OutputPadding = 2 must be less than Stride = 2: it says which of as many sizes is meant. Use OutputPadding = 1.",
            "OutputPadding = 2 => OutputPadding = 1"),
        new(
            "padding of all", "CNN2027", "[Model(3, 1, 1)] [Conv2DTranspose(4, 3, Padding = 2), Dense(2)]", "Padding = 2",
            "ConvTranspose1: Padding = 2 leaves nothing of its 3x3 output. Use a smaller Padding.", "Padding = 2 => Padding = 1"),
        new(
            "groups of a norm", "CNN2024", "[Model(6, 8, 8)] [GroupNorm(4), Dense(2)]", "4",
            "GroupNorm1: the 4 groups must divide the 6 channels of its input. Use 2, 3 or 6 groups.", "(4) => (2)", "(4) => (3)", "(4) => (6)"),
        new(
            "pieces of features", "CNN2024", "[Dense(6), Maxout(4), Dense(2)]", "4",
            "Maxout1: the 4 pieces must divide the 6 features of its input. Use 2, 3 or 6 pieces.", "(4) => (2)"),
        new(
            "a norm of single values", "CNN2025", "[Dense(6), GroupNorm(6), Dense(2)]", "GroupNorm(6)",
            "GroupNorm1 normalises single values: of each only its mean is there, and 0 is left. Use fewer groups.", "GroupNorm(6) => GroupNorm(3)"),
        new(
            "a norm of one channel", "CNN2025", "[Model(1, 8, 8)] [LayerNorm, Dense(2)]", "LayerNorm",
            "LayerNorm1 normalises single values: of each only its mean is there, and 0 is left. Use GroupNorm(1) for a map, or remove it.", "LayerNorm, => GroupNorm(1),", "LayerNorm, => "),
        new(
            "a reflection of more than there is", "CNN2021", "[Pad(1, 8, 1, 0, Mode = PadMode.Reflect), Dense(2)]", "Mode = PadMode.Reflect",
            "Pad1 reflects 8 columns, but its input has 8, of which at most 7 can be mirrored at the edge. Use at most 7, or Mode = PadMode.Edge.",
            "1, 8, 1, 0 => 1, 7, 1, 0", "PadMode.Reflect => PadMode.Edge"),
        new(
            "more rows than there are", "CNN2022", "[Crop(9, 8), Dense(2)]", "9",
            "Crop1 keeps 9 rows from number 0 on, but its input has 8. Keep at most 8 of them.", "(9, => (8,"),
        new(
            "channels beyond the last", "CNN2022", "[ChannelSlice(2, 4), Dense(2)]", "4",
            "ChannelSlice1 keeps 4 channels from number 2 on, but its input has 3. Keep at most 1 of them.", "(2, 4) => (2, 1)"),
        new(
            "columns beyond the last", "CNN2022", "[Crop(4, 4, Left = 6), Dense(2)]", "4",
            "Crop1 keeps 4 columns from number 6 on, but its input has 8. Keep at most 2 of them.", "(4, 4, => (4, 2,"),
        new(
            "more frequencies than there are", "CNN2022", "[SpectralPool(height: 8, width: 9), Dense(2)]", "width: 9",
            "SpectralPool1 keeps 9 columns from number 0 on, but its input has 8. Keep at most 8 of them.", "width: 9 => width: 8"),
        new(
            "corners of squares", "CNN2023", "[Upsample(2, AlignCorners = true), Dense(2)]", "AlignCorners = true",
            "Upsample1: AlignCorners is of Mode = UpsampleMode.Bilinear; squares of equal pixels have no corners to align. Add that mode, or remove AlignCorners.",
            ", AlignCorners = true => ", "AlignCorners = true => AlignCorners = true, Mode = UpsampleMode.Bilinear"),
        new(
            "binary cross-entropy of scores", "CNN3001", "[Model(3, 8, 8, Loss = Loss.BinaryCrossEntropy)] [Dense(2)]", "Loss = Loss.BinaryCrossEntropy",
            "Net: binary cross-entropy needs Sigmoid as the last layer, but the last is Dense1 (Dense). Put Sigmoid at the end, or say Loss = Loss.HalfSquaredError.",
            "Dense(2) => Dense(2), Sigmoid", "Loss.BinaryCrossEntropy => Loss.HalfSquaredError"),
        new(
            "binary cross-entropy of a distribution", "CNN3001", "[Model(3, 8, 8, Loss = Loss.BinaryCrossEntropy)] [Dense(2), Softmax]", "Loss = Loss.BinaryCrossEntropy",
            "Net: binary cross-entropy needs Sigmoid as the last layer, but the last is Softmax1 (Softmax). Put Sigmoid in its place, or say Loss = Loss.HalfSquaredError.",
            "Softmax => Sigmoid"),
        new(
            "classes without boxes", "CNN3022", "[Model(3, 8, 8, Loss = Loss.ClassesAndBoxes)] [Dense(10), Softmax]", "Loss = Loss.ClassesAndBoxes",
            "Net: Loss.ClassesAndBoxes compares the classes of a Softmax and four numbers for each of them, side by side, but the last layer is Softmax1 (Softmax), which gives something else. "
                + "End with [Branch, Dense(21), Softmax] [Branch, Dense(84)] [Concat] for 21 classes, or say another loss.",
            "[Dense(10), Softmax] => [Branch, Dense(21), Softmax] [Branch, Dense(84)] [Concat]", "Loss.ClassesAndBoxes => Loss.CrossEntropy"),
        new(
            "a layer of regions without regions", "CNN2029", "[Model(3, 8, 8)] [RoIPool(2), Dense(2), Softmax]", "RoIPool(2)",
            "RoIPool1 (RoIPool) reads the regions that come with each image, but the model says of none. Say how many: [Model(..., Regions = 64)].",
            "8, 8) => 8, 8, Regions = 64)"),
        new(
            "a convolution over regions", "CNN2030", "[Model(3, 8, 8, Regions = 4)] [RoIAlign(2), Conv2D(4, 1), Dense(2), Softmax]", "Conv2D(4, 1)",
            "Conv1 (Conv2D) takes rows of a map together, but what arrives are 4 regions of 12 features each, which are no neighbours. "
                + "Use Dense, which acts on each region alone, or move the layer above the RoIPool or RoIAlign.",
            "Conv2D(4, 1) => Dense(4)", "RoIAlign(2), Conv2D(4, 1) => Conv2D(4, 1), RoIAlign(2)"),
        new(
            "regions for nobody", "CNN2031", "[Model(3, 8, 8, Regions = 4)] [Dense(2), Softmax]", "Regions = 4",
            "Net: 4 regions come with each image, but no layer reads them. Remove Regions, or add RoIPool or RoIAlign.",
            ", Regions = 4 => ", "Dense(2) => RoIPool(2), Dense(2)"),
        new(
            "the number of another loss", "CNN3021", "[Model(3, 8, 8, HuberDelta = 2)] [Dense(2), Softmax]", "HuberDelta = 2",
            "Net: HuberDelta is a number of Loss.Huber, but the loss is CrossEntropy, which has none such. Remove it, or say Loss = Loss.Huber.",
            ", HuberDelta = 2 => ", "HuberDelta = 2 => HuberDelta = 2, Loss = Loss.Huber"),
        new(
            "smoothing without labels", "CNN3021", "[Model(3, 8, 8, LabelSmoothing = 0.1)] [Dense(2)]", "LabelSmoothing = 0.1",
            "Net: LabelSmoothing is a number of Loss.CrossEntropy, but the loss is HalfSquaredError, which has none such. Remove it, or say Loss = Loss.CrossEntropy.",
            ", LabelSmoothing = 0.1 => ", "Dense(2) => Dense(2), Softmax"),
        new(
            "a stride of filters of their own", "CNN2001", "[Model(1, 7, 7)] [LocallyConnected2D(2, 3, Stride = 3)]", "Stride = 3",
            "LocallyConnected1 slides a 3x3 kernel over 7x7 with stride 3, which does not fit: (7 - 3 + 2*0) / 3 + 1 = 2.33, "
                + "so the last row and column of its input would be ignored. "
                + "Use Stride = 1 or 2, or say Rounding = Rounding.Floor (ignore them) or Rounding.Ceiling.",
            "Stride = 3 => Stride = 1", "Stride = 3 => Stride = 2", "Stride = 3 => Stride = 3, Rounding = Rounding.Floor"),
        new(
            "a kernel of filters of their own", "CNN2002", "[Model(1, 4, 4)] [LocallyConnected2D(2, 7)]", "7",
            "LocallyConnected1 slides a 7x7 kernel over 4x4, which is 4x4 with its padding: smaller than the kernel. Use a 4x4 kernel.",
            "2, 7 => 2, 4"),
        new(
            "means of other channels", "CNN2028", "[Standardize(new[] { 0.5, 0.4 }, new[] { 0.25, 0.5, 0.25 }), Dense(2)]", "new[] { 0.5, 0.4 }",
            "Standardize1 has 2 numbers as mean, but its input has 3 channels. Write 3 numbers, one for each, or one number for all.",
            "0.4 } => 0.4, 0.3 }"),
        new(
            "weights of other classes", "CNN3002", "[Model(3, 8, 8, ClassWeights = new[] { 1, 2.5 })] [Dense(3), Softmax]", "ClassWeights = new[] { 1, 2.5 }",
            "Net: ClassWeights has 2 numbers, but Softmax1 gives probabilities of 3 classes. Write 3 numbers, one a class.",
            "2.5 } => 2.5, 1 }", "Dense(3) => Dense(2)"),
        new(
            "weights of classes without labels", "CNN3021", "[Model(3, 8, 8, ClassWeights = new[] { 1, 2.5 })] [Dense(2)]", "ClassWeights = new[] { 1, 2.5 }",
            "Net: ClassWeights is a number of Loss.CrossEntropy, but the loss is HalfSquaredError, which has none such. Remove it, or say Loss = Loss.CrossEntropy.",
            ", ClassWeights = new[] { 1, 2.5 } => ", "Dense(2) => Dense(2), Softmax"),
        new(
            "two layers of one name", "CNN3003", "[ReLU(Name = \"Act\"), Tanh(Name = \"Act\")]", "Name = \"Act\"",
            "Act has the name of another layer, Act: both would be 'Act' in code or in a weights file. Use Name = \"ActB\".",
            "Tanh(Name = \"Act\") => Tanh(Name = \"ActB\")"),
        new(
            "a default name that is taken", "CNN3003", "[ReLU(Name = \"Tanh1\"), Tanh]", "Tanh",
            "Tanh1 has the name of another layer, Tanh1: both would be 'Tanh1' in code or in a weights file. Use Name = \"Tanh1B\".",
            ", Tanh => , Tanh(Name = \"Tanh1B\")"),
        new(
            "names that differ by the first letter's case", "CNN3003", "[Dense(2, Name = \"Stem\"), Dense(2, Name = \"stem\")]", "Name = \"stem\"",
            "stem has the name of another layer, Stem: both would be 'stem' in code or in a weights file. Use Name = \"stemB\".",
            "\"stem\" => \"stemB\""),
        new(
            "a tensor's name that is taken", "CNN3003", "[BatchNorm, ReLU(Name = \"Bn1\")]", "Name = \"Bn1\"",
            "Bn1 has the name of another layer, BatchNorm1: both would be 'bn1' in code or in a weights file. Use Name = \"Bn1B\".",
            "\"Bn1\" => \"Bn1B\""),
        new(
            "a name with a blank", "CNN3004", "[Conv2D(4, 3, Name = \"my conv\")]", "Name = \"my conv\"",
            "Conv1: 'my conv' is no C# identifier, and a layer's name becomes a property of the class. Use Name = \"my_conv\".",
            "my conv => my_conv"),
        new(
            "a keyword", "CNN3004", "[ReLU(Name = \"event\")]", "Name = \"event\"",
            "ReLU1: 'event' is no C# identifier, and a layer's name becomes a property of the class. Use Name = \"Event\".",
            "event => Event"),
        new(
            "an empty name", "CNN3004", "[ReLU(Name = \"\")]", "Name = \"\"",
            "ReLU1: '' is no C# identifier, and a layer's name becomes a property of the class. Use Name = \"ReLU1\".",
            "\"\" => \"ReLU1\""),
        new(
            "a name that begins with a digit", "CNN3004", "[ReLU(Name = \"1st\", Repeat = 2)]", "Name = \"1st\"",
            "ReLU1: '1st1' is no C# identifier, and a layer's name becomes a property of the class. Use Name = \"Layer1st\".",
            "1st => Layer1st"),
        new(
            "a generated member's name", "CNN3005", "[ReLU(Name = \"Summary\")]", "Name = \"Summary\"",
            "ReLU1: the name 'Summary' is a member that the generator writes. Use Name = \"SummaryLayer\".",
            "\"Summary\" => \"SummaryLayer\""),
        new(
            "the name of a handle's member", "CNN3005", "[Conv2D(4, 3, Name = \"Weight\")]", "Name = \"Weight\"",
            "Conv1: the name 'Weight' is a member of the layers' handles. Use Name = \"WeightLayer\".",
            "\"Weight\" => \"WeightLayer\""),
        new(
            "an inherited member's name", "CNN3005", "[ReLU(Name = \"ToString\")]", "Name = \"ToString\"",
            "ReLU1: the name 'ToString' is a member that every class inherits. Use Name = \"ToStringLayer\".",
            "\"ToString\" => \"ToStringLayer\""),
        new(
            "the class's name", "CNN3005", "[Conv2D(4, 3, Name = \"Net\")]", "Name = \"Net\"",
            "Conv1: the name 'Net' is the class's own name. Use Name = \"NetLayer\".",
            "\"Net\" => \"NetLayer\""),
        new(
            "the input's name", "CNN3005", "[ReLU(Name = \"Input\")]", "Name = \"Input\"",
            "ReLU1: the name 'Input' is the name of the image that the network reads. Use Name = \"InputLayer\".",
            "\"Input\" => \"InputLayer\""),
        new(
            "the user's member", "CNN3005", "[Model(3, 8, 8), Tanh, ReLU] public partial class Net { public int ReLU1 => 1; }", "ReLU",
            "ReLU1: the name 'ReLU1' is a member that Net already has. Use Name = \"ReLU1Layer\".",
            "ReLU] => ReLU(Name = \"ReLU1Layer\")]"),
        new(
            "nothing left to train", "CNN3015", "[Model(3, 8, 8), Conv2D(4, 3, Frozen = true), Dense(2, Frozen = true)] public partial class Net;", "Model(3, 8, 8)",
            "Net: every layer with parameters is frozen, so that training would change nothing. Let one of them train, Dense1 for instance, or say Passes = Passes.Predict.",
            "Dense(2, Frozen = true) => Dense(2)"),
        new(
            "features of no layer", "CNN3016", "[Model(3, 8, 8, Features = \"Conv1, Conv3\"), Conv2D(4, 3), ReLU, Conv2D(4, 3, Name = \"Last\")] public partial class Net;", "Conv3",
            "Net: Features names 'Conv3', which is no layer and no block of the network; did you mean Conv1?",
            ", Conv3\" => , Last\"", ", Conv3\" => \""),
        new(
            "features of nothing", "CNN3016", "[Model(3, 8, 8, Features = \"\"), ReLU] public partial class Net;", "Features = \"\"",
            "Net: Features names '', which is no layer and no block of the network; did you mean ReLU1?",
            "Features = \"\" => Features = \"ReLU1\"", ", Features = \"\" => "),
        new(
            "a class with a generated member's name", "CNN3006", "[Model(3, 8, 8), ReLU] public partial class Summary;", "Summary",
            "Summary is the name of a member that the generator writes, and C# lets no member have its class's name. Rename the class, for example to SummaryNet.",
            "class Summary => class SummaryNet"),
        new(
            "the user's own property in place of a generated one", "CNN3007", "[Model(3, 8, 8), ReLU] public partial class Net { public int Summary => 1; }", "Summary",
            "Net.Summary stands where the generator writes a member. Rename it, for example to MySummary.",
            "int Summary => int MySummary"),
        new(
            "the user's own method in place of a generated one", "CNN3007",
            "[Model(3, 8, 8), ReLU] public partial class Net { public void Save(string file) { } }", "Save",
            "Net.Save stands where the generator writes a member. Rename it, for example to MySave.",
            "void Save => void MySave"),
        new(
            "channels last on GPUs", "CNN6004", "[Model(3, 8, 8, Layout = Layout.ChannelsLast, Targets = Targets.Cpu | Targets.Ilgpu)] [Dense(10), Softmax]", "Layout = Layout.ChannelsLast",
            "Net has Layout.ChannelsLast, but kernels for Targets.Ilgpu read and write planes (C x H x W). Remove Layout, or Targets.Ilgpu.",
            "Layout = Layout.ChannelsLast, => ", " | Targets.Ilgpu => "),
    ];
}
