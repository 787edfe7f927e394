using System.Globalization;

namespace CnnGen.Runtime;

/// <summary>Whether images can be trained on, asked before the first of them is.</summary>
internal static class DatasetChecks
{
    public static void Check<TModel>(ImageDataset dataset, string name)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(dataset, name);
        CheckShape<TModel>(dataset, $"{name} images", name);
        if (dataset.RegionCount != TModel.RegionCount)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The {name} images have {dataset.RegionCount} regions each, but {typeof(TModel).Name} takes {TModel.RegionCount}. ")
                    + (TModel.RegionCount == 0 ? "Give the images without regions, or say Regions in its [Model]." : "Give a RegionDataset with as many."),
                name);
        }

        if (dataset.Count == 0)
            throw new ArgumentException($"The {name} data set is empty: it needs at least one image.", name);

        if (dataset is PixelLabelDataset pixels && TModel.OutputShape.IsMap && TModel.OutputShape != new ImageShape(pixels.Classes, pixels.Height, pixels.Width))
        {
            throw new ArgumentException(
                $"The {name} images have labels of {pixels.Classes} classes for {pixels.Height}x{pixels.Width} pixels, but the output of {typeof(TModel).Name} is {TModel.OutputShape}. "
                    + "Let both be of one shape.",
                name);
        }

        if (dataset.ClassCount != 0 && TModel.Loss == Loss.ClassesAndBoxes)
        {
            throw new ArgumentException(
                $"The {name} images have one label each, but {typeof(TModel).Name} compares boxes as well. Train it on a RegionDataset, or on a data set of your own without classes (ClassCount 0) whose CopyTarget has both.",
                name);
        }

        if (dataset.ClassCount != 0 && Batch.ClassifiedPixels<TModel>() > 1)
        {
            throw new ArgumentException(
                $"The {name} images have one label each, but {typeof(TModel).Name} compares classes at each pixel of {TModel.OutputShape}. "
                    + "Train it on a PixelLabelDataset, or put GlobalAveragePool or Flatten before its last layers.",
                name);
        }

        for (var i = 0; dataset.ClassCount != 0 && i < dataset.Count; i++)
        {
            var label = dataset.GetLabel(i);
            if ((uint)label >= (uint)TModel.OutputLength)
            {
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Image {i} of the {name} data set has label {label}, but {typeof(TModel).Name} has {TModel.OutputLength} outputs, for labels from 0 to {TModel.OutputLength - 1}. ")
                        + "Change the model's last layer or the labels.",
                    name);
            }
        }
    }

    /// <summary>Whether images are of the shape that the model takes.</summary>
    public static void CheckShape<TModel>(ImageDataset dataset, string what, string name)
        where TModel : class, IModel<TModel>
    {
        if (dataset.Shape == TModel.InputShape)
            return;
        throw new ArgumentException(
            $"The {what} are of shape {dataset.Shape}, but {typeof(TModel).Name} takes {TModel.InputShape} (channels x height x width). "
                + "Change the [Model] attribute or the images.",
            name);
    }

    /// <summary>Whether labels stand for the same classes here and there, where both are named.</summary>
    public static void CheckClasses(string name, IReadOnlyList<string>? names, string other, IReadOnlyList<string>? others)
    {
        if (names == null || others == null)
            return;
        for (var i = 0; i < Math.Max(names.Count, others.Count); i++)
        {
            var (own, theirs) = (i < names.Count ? names[i] : null, i < others.Count ? others[i] : null);
            if (own == theirs)
                continue;
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The label {i} is {Show(own)} for the {name} images, but {Show(theirs)} for the {other}: what is counted as right would be wrong. Bring the classes into the same order."), name);
        }
    }

    private static string Show(string? name) => name == null ? "no class" : Describe.Name(name);

    /// <summary>Whether batches of that size are enough for the model's batch normalisation.</summary>
    public static void CheckBatchSize<TModel>(int batchSize, string batchName)
        where TModel : class, IModel<TModel>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1, batchName);
        if (batchSize < TModel.MinimumBatch)
            throw new ArgumentOutOfRangeException(batchName, batchSize, WhySeveral<TModel>());
    }

    /// <summary>Whether the images that there are can make a batch.</summary>
    public static void CheckCount<TModel>(ImageDataset dataset, string name)
        where TModel : class, IModel<TModel>
    {
        if (dataset.Count < TModel.MinimumBatch)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The {name} data set has {dataset.Count} image(s). ") + WhySeveral<TModel>(), name);
    }

    private static string WhySeveral<TModel>()
        where TModel : class, IModel<TModel> => string.Create(
        CultureInfo.InvariantCulture,
        $"{typeof(TModel).Name} normalises features over the images of a batch, and one image has one value of each, whose variance is 0. At least {TModel.MinimumBatch} are needed.");
}
