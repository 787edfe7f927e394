using CnnGen;
using CnnGen.Images;
using ExplainSample.Looking;
using ExplainSample.Reporting;
using ExplainSample.Serving;
using TrainingSamples;

namespace ExplainSample;

/// <summary>A page that shows what a network makes of an image, layer by layer.</summary>
public static class Explain
{
    /// <summary>Runs the program for a model: <c>return Explain.Run&lt;MyNet&gt;(args);</c> is all of its <c>Program.cs</c>.</summary>
    /// <typeparam name="TModel">A model with <c>Passes.Predict | Passes.Explain</c>.</typeparam>
    /// <param name="args">The command line; <c>--help</c> says what it may hold.</param>
    /// <param name="options">The model's weights and images, where the command line doesn't name them.</param>
    /// <returns>The process's exit code: 0, 1 for a fault of files or ports, 2 for a wrong command line.</returns>
    public static int Run<TModel>(string[] args, ExplainOptions<TModel>? options = null)
        where TModel : class, IExplainableModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(args);
        options ??= new ExplainOptions<TModel>();
        return Execution.Run(CommandLine.Create(typeof(TModel).Name, settings => Execute(settings, options)), args);
    }

    private static int Execute<TModel>(Settings settings, ExplainOptions<TModel> options)
        where TModel : class, IExplainableModel<TModel>
    {
        try
        {
            using var subject = SubjectOf(settings, options);
            if (settings.ReportFolder is { } folder)
            {
                var path = Report.Write(subject, folder, settings.HasPictures);
                Console.WriteLine($"{subject.Name} is looked into in {path}.");
            }
            else
            {
                PageServer.Run(subject, settings.Port);
            }

            return ExitCode.Success;
        }
        catch (ImageException fault)
        {
            throw new InvalidDataException(fault.Message, fault);
        }
    }

    private static Subject SubjectOf<TModel>(Settings settings, ExplainOptions<TModel> options)
        where TModel : class, IExplainableModel<TModel>
    {
        var (data, training) = DataOf(settings, options);
        if (settings.Epochs > 0)
        {
            if (options.Train is not { } train)
                throw new ArgumentException("--epochs trains a model, and this program has no training of its own. Leave it out, and name weights by --weights.");
            if (data is null || training is null)
                throw new ArgumentException("--epochs needs images to learn from: name a folder with MNIST's four files by --data.");
            Console.WriteLine($"{typeof(TModel).Name} is trained on {training.Count} images.");
            var trained = train(training, data.Images, settings.Epochs);
            return Subject.Of(trained.Model, data, trained.History, trained.Evolutions);
        }

        TModel model;
        if (settings.WeightsPath is { } path)
        {
            model = TModel.Create();
            ModelWeights.Load(path, model.Parameters);
        }
        else
        {
            model = options.Load?.Invoke() ?? throw new ArgumentException($"{typeof(TModel).Name} has no weights here: name a safetensors file by --weights FILE.");
        }

        return Subject.Of(model, data, options.History, []);
    }

    private static (ExplainData? Data, ImageDataset? Training) DataOf<TModel>(Settings settings, ExplainOptions<TModel> options)
        where TModel : class, IExplainableModel<TModel>
    {
        if (settings.DataFolder is { } folder)
        {
            var (training, test) = Mnist.Load(folder);
            if (test.Shape != TModel.InputShape)
                throw new ArgumentException($"The images of '{folder}' are {test.Shape}, but {typeof(TModel).Name} reads {TModel.InputShape}.");
            return (new ExplainData(test.Take(settings.ImageCount), $"the test images of {folder}"), settings.Epochs > 0 ? training : null);
        }

        return (options.Data?.Invoke(settings.ImageCount), settings.Epochs > 0 ? options.TrainingData?.Invoke() : null);
    }
}
