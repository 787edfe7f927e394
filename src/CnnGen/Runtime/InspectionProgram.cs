using System.ComponentModel;

namespace CnnGen.Runtime;

/// <summary>What generated code gives an <see cref="Inspection"/>: the passes of one model object that show its layers' work.</summary>
/// <param name="model">The model's class.</param>
/// <param name="parameters">Its parameters.</param>
/// <param name="instructionSet">What it runs on.</param>
/// <param name="inputShape">The shape of one image.</param>
/// <param name="output">The index of the layer whose output the model's is.</param>
/// <param name="lengths">The floats that each layer makes of one image; the image's own first.</param>
/// <param name="buffers">The working memory.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class InspectionProgram(
    Type model, ParameterStore parameters, InstructionSet instructionSet, ImageShape inputShape, int output, int[] lengths, TrainingBuffers buffers)
{
    /// <summary>The model's class.</summary>
    public Type Model { get; } = model;

    /// <summary>Its name, for messages.</summary>
    public string Name => Model.Name;

    /// <summary>The parameters.</summary>
    public ParameterStore Parameters { get; } = parameters;

    /// <summary>What the passes run on.</summary>
    public InstructionSet InstructionSet { get; } = instructionSet;

    /// <summary>The shape of one image.</summary>
    public ImageShape InputShape { get; } = inputShape;

    /// <summary>The regions that the model takes with each image.</summary>
    public int RegionCount { get; init; }

    /// <summary>How the model's callers have images and outputs.</summary>
    public Layout Layout { get; init; }

    /// <summary>The shape of the model's output, where its layout is not that of layers.</summary>
    public ImageShape OutputShape { get; init; }

    /// <summary>The index of the layer whose output the model's is.</summary>
    public int Output { get; } = output;

    /// <summary>The floats that each layer makes of one image; the image's own first.</summary>
    public ReadOnlySpan<int> Lengths => lengths;

    /// <summary>The working memory.</summary>
    public TrainingBuffers Buffers { get; } = buffers;

    /// <summary>Computes the layers up to <see cref="TrainingContext.Last"/>.</summary>
    public required delegate*<InstructionSet, TrainingContext*, void> Forward { get; init; }

    /// <summary>Computes the gradients from <see cref="TrainingContext.Seed"/> on.</summary>
    public required delegate*<InstructionSet, TrainingContext*, void> Backward { get; init; }

    /// <summary>Copies what <see cref="TrainingContext.Layer"/> computes.</summary>
    public required delegate*<InstructionSet, TrainingContext*, void> ReadActivations { get; init; }

    /// <summary>Copies the gradient by what <see cref="TrainingContext.Layer"/> computes.</summary>
    public required delegate*<InstructionSet, TrainingContext*, void> ReadGradients { get; init; }
}
