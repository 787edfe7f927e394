using CnnGen.Generator.Graph;

namespace CnnGen.Generator.Emitting.Cpu;

/// <summary>What a program calls the methods of a prediction.</summary>
/// <param name="Predict">The whole of it, and where the names of its parts begin.</param>
/// <param name="Prepare">What it reads beside the parameters, and where the names of these parts begin.</param>
/// <param name="Share">Where the names of layers that threads share begin.</param>
/// <param name="Summary">What it does.</param>
/// <param name="PrepareSummary">What its preparation does.</param>
internal sealed record PredictionMethods(string Predict, string Prepare, string Share, string Summary, string PrepareSummary)
{
    /// <summary>Of the prediction of the model's outputs.</summary>
    public static PredictionMethods OfOutputs { get; } =
        new("Predict", "Prepare", "Share", "Predicts all images of the context.", "Computes what predictions read beside the parameters");

    /// <summary>Of a layer's features. No other method's name begins so.</summary>
    public static PredictionMethods OfFeatures(Node layer) => new(
        "Features" + layer.Name,
        "PrepareFeatures" + layer.Name,
        "ShareFeatures" + layer.Name,
        $"What {layer.FullName} computes of all images of the context.",
        $"Computes what the features of {layer.FullName} need beside the parameters");
}
