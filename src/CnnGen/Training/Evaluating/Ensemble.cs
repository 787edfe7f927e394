using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>
/// Several trained models as one predictor, whose outputs are the mean of theirs. They may be of one class or of several, with the same shape of images and number of outputs; each normalises bytes
/// as its own <c>[Normalize]</c> says. Not for several threads at once, as the models aren't.
/// </summary>
/// <example><code>
/// var ensemble = new Ensemble().Add(first, "LeNet-5").Add(second, "ResNet");
/// Console.WriteLine(ensemble.Evaluate(test));
/// </code></example>
public sealed class Ensemble
{
    private readonly List<EnsembleMember> _members = [];

    /// <summary>The number of models.</summary>
    public int Count => _members.Count;

    /// <summary>The shape of an image.</summary>
    /// <exception cref="InvalidOperationException">There is no model yet.</exception>
    public ImageShape InputShape => First.Shape;

    /// <summary>The outputs of an image.</summary>
    /// <exception cref="InvalidOperationException">There is no model yet.</exception>
    public int OutputLength => First.Outputs;

    private IReadOnlyList<string>? ClassNames => _members.Select(member => member.ClassNames).FirstOrDefault(names => names != null);

    private EnsembleMember First => _members.Count > 0 ? _members[0] : throw new InvalidOperationException("The ensemble has no model. Add some.");

    /// <summary>Makes an ensemble of models of one class.</summary>
    /// <param name="models">The models.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Ensemble Of<TModel>(IEnumerable<TModel> models)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(models);
        var ensemble = new Ensemble();
        foreach (var model in models)
            ensemble.Add(model);
        return ensemble.Count > 0 ? ensemble : throw new ArgumentException("There is no model to make an ensemble of.", nameof(models));
    }

    /// <summary>Adds a model.</summary>
    /// <param name="model">The model, which the ensemble keeps.</param>
    /// <param name="name">What the table calls it; null for its class and number.</param>
    /// <returns>This ensemble.</returns>
    /// <exception cref="ArgumentException">Its images or outputs are not those of the others, its classes have other names, or its outputs are no probabilities while theirs are.</exception>
    public Ensemble Add<TModel>(IModel<TModel> model, string? name = null)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        var member = new EnsembleMember<TModel>(model, name ?? string.Create(CultureInfo.InvariantCulture, $"{typeof(TModel).Name} {Count + 1}"));
        if (Count > 0)
            CheckSuits(member);
        _members.Add(member);
        return this;
    }

    /// <summary>The mean of the models' outputs for images of floats, which are taken as they are: for models of one normalisation.</summary>
    /// <param name="images">count x C x H x W floats, whatever the models' layouts.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats, of maps C x H x W.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <param name="views">Views of each image whose outputs are averaged too, or null.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for, or the views don't suit the images.</exception>
    /// <exception cref="InvalidOperationException">There is no model, or two of them normalise otherwise, so that the same floats can't be for both.</exception>
    public void Predict(ReadOnlySpan<float> images, Span<float> scores, int count, TestTimeAugmentation? views = null)
    {
        if (_members.Find(member => !member.NormalizesAs(First)) is { } other)
            throw new InvalidOperationException($"{First.Name} and {other.Name} are declared with different [Normalize], so that the same floats can't be for both. Give bytes.");
        CheckScores(scores, count);
        var mean = new ScoreMean(scores);
        var one = new float[scores.Length];
        foreach (var member in _members)
        {
            if (views == null)
                member.Predict(images, one, count);
            else
                views.Predict(member.Shape, member.OutputShape, member.Predict, images, one, count);
            mean.Add(one);
        }

        mean.Finish();
    }

    /// <summary>The mean of the models' outputs for images of bytes.</summary>
    /// <param name="pixels">count x H x W x C bytes.</param>
    /// <param name="scores">Receives count x <see cref="OutputLength"/> floats.</param>
    /// <param name="count">The number of images, 0 or more.</param>
    /// <exception cref="ArgumentException">A span's length is not what <paramref name="count"/> asks for.</exception>
    /// <exception cref="InvalidOperationException">There is no model.</exception>
    public void Predict(ReadOnlySpan<byte> pixels, Span<float> scores, int count)
    {
        CheckScores(scores, count);
        var mean = new ScoreMean(scores);
        var one = new float[scores.Length];
        foreach (var member in _members)
        {
            member.Predict(pixels, one, count);
            mean.Add(one);
        }

        mean.Finish();
    }

    /// <summary>Measures each model and the ensemble on labelled images.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="batchSize">The images to predict at a time, 1 or more.</param>
    /// <param name="views">Views of each image whose outputs are averaged, or null.</param>
    /// <param name="cancellationToken">Ends the measuring between batches.</param>
    /// <exception cref="ArgumentException">The data set doesn't suit the models, or is empty; a label is no output.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">There is no model.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public EnsembleEvaluation Evaluate(ImageDataset dataset, int batchSize = 256, TestTimeAugmentation? views = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        foreach (var member in _members.Prepend(First))
            member.Check(dataset, nameof(dataset));
        views?.CheckShape(First.Shape, First.OutputShape);
        var names = ClassNames;
        DatasetChecks.CheckClasses(nameof(dataset), dataset.ClassNames, "models", names);
        var batch = First.NewBatch(Math.Min(batchSize, dataset.Count));
        var tallies = _members.ConvertAll(_ => new Tally(dataset, First.Outputs, First.Pixels, names));
        var joint = new Tally(dataset, First.Outputs, First.Pixels, names);
        var sums = new float[batch.Capacity * First.Outputs];
        for (var first = 0; first < dataset.Count; first += batch.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(batch.Capacity, dataset.Count - first);
            var mean = new ScoreMean(sums.AsSpan(0, count * First.Outputs));
            for (var i = 0; i < Count; i++)
            {
                var member = _members[i];

                // Images that are decoded are decoded once for all models that see them alike.
                if (i == 0 || !member.NormalizesAs(_members[i - 1]))
                {
                    batch.Prepare(new BatchSource(dataset, member.Normalization), first, count);
                    batch.Load();
                }

                if (views == null)
                    member.Predict(batch.Images, batch.Scores, batch.Count);
                else
                    views.Predict(member.Shape, member.OutputShape, member.Predict, batch.Images, batch.Scores, batch.Count);
                tallies[i].Add(batch, member.Loss, member.LossSettings);
                mean.Add(batch.Scores);
            }

            mean.Finish();
            sums.AsSpan(0, batch.Scores.Length).CopyTo(batch.Scores);
            joint.Add(batch, First.Loss, First.LossSettings);
        }

        return new EnsembleEvaluation(joint.Result, [.. _members.Select((member, i) => (member.Name, tallies[i].Result))]);
    }

    private void CheckScores(Span<float> scores, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (scores.Length != (long)count * First.Outputs)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{count} images have {(long)count * First.Outputs} outputs, but there is room for {scores.Length}."), nameof(scores));
    }

    private void CheckSuits(EnsembleMember member)
    {
        if (member.Shape != First.Shape || member.Outputs != First.Outputs || member.Pixels != First.Pixels)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{member.Name} takes images of shape {member.Shape} and has {member.Outputs} outputs for {member.Pixels} pixels, but the ensemble takes {First.Shape} and has {First.Outputs} for {First.Pixels}: a mean is of the same outputs for the same images."));
        }

        if (member.GivesProbabilities != First.GivesProbabilities)
        {
            var (some, others) = member.GivesProbabilities ? (member, First) : (First, member);
            throw new ArgumentException($"The outputs of {some.Name} are probabilities, and those of {others.Name} are not: their mean would be neither.");
        }

        DatasetChecks.CheckClasses("model", member.ClassNames, "ensemble", ClassNames);
    }
}
