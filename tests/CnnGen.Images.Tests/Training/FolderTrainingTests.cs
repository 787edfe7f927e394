using System.Text.RegularExpressions;

namespace CnnGen.Images.Tests.Training;

/// <summary>Tests that set <see cref="Threads.Count"/> run one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ThreadsCollection
{
    public const string Name = "Threads";
}

[Collection(ThreadsCollection.Name)]
public sealed partial class FolderTrainingTests : IDisposable
{
    private const int PerClass = 24;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnngen-photographs-").FullName;
    private readonly int _threads = Threads.Count;

    public FolderTrainingTests()
    {
        // A round spot of each class's colour, in pictures of any size.
        var random = new Random(1);
        for (var label = 0; label < 3; label++)
        {
            var folder = Path.Combine(_folder, "flowers", new[] { "cornflower", "fern", "poppy" }[label]);
            Directory.CreateDirectory(folder);
            for (var i = 0; i < PerClass; i++)
                Flower(random, label).SavePng(Path.Combine(folder, FormattableString.Invariant($"{i:00}.png")));
        }

        File.WriteAllBytes(Path.Combine(_folder, "flowers", "poppy", "damaged.jpg"), [0xFF, 0xD8, 0xFF, 0xE0]);
    }

    private string Flowers => Path.Combine(_folder, "flowers");

    public void Dispose()
    {
        Threads.Count = _threads;
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_documented_program_learns_a_folder_and_keeps_the_names()
    {
        Photographs.Train(_folder);

        var model = Training.Flowers.Load(Path.Combine(_folder, "flowers.safetensors"));
        Assert.Equal(["cornflower", "fern", "poppy"], model.Parameters.ClassNames);
        var pictures = ImageFileDataset.Open(Flowers, 32, 32);
        Assert.Equal("poppy", model.Classify(pictures.GetBytes(pictures.Count - 1)).Name);
        Assert.InRange(model.Evaluate(pictures).Accuracy, 0.9, 1);

        // Started again, the finished training is only loaded.
        Photographs.Train(_folder);
        Assert.Equal(
            model.Parameters.Values.ToArray(), Training.Flowers.Load(Path.Combine(_folder, "flowers.safetensors")).Parameters.Values.ToArray());
    }

    [Fact]
    public void The_documented_program_is_this_one()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Tests, "..", "..", "docs", "training.md"));
        var source = File.ReadAllText(Path.Combine(Repository.Tests, "Training", "Photographs.cs"));
        var program = Body().Match(source).Value;
        Assert.Contains("ImageFileDataset.Open", program, StringComparison.Ordinal);
        Assert.Contains(program, document, StringComparison.Ordinal);
    }

    [Fact]
    public void Cache_and_threads_change_no_bit_and_a_killed_training_goes_on_with_others()
    {
        var whole = Train(ImageFolder.Load(Flowers, 32, 32).Split(0.25, 1).Training, threads: 1, stopAt: 0, checkpoint: null);
        long picture = 3 * 32 * 32;
        foreach (var (cache, threads) in new[] { (0L, 1), (0L, 3), (20 * picture, 2), (picture - 1, 4), (1L << 30, 3) })
            Assert.Equal(whole, Train(Open(cache).Split(0.25, 1).Training, threads, 0, null));

        var checkpoint = Path.Combine(_folder, "killed");
        foreach (var (stopAt, cache, threads) in new[] { (2, 0L, 2), (3, 9 * picture, 4), (1, 1L << 30, 1), (0, 0L, 3) })
        {
            var bits = Train(Open(cache).Split(0.25, 1).Training, threads, stopAt, checkpoint);
            if (stopAt == 0)
                Assert.Equal(whole, bits);
            else
                Assert.NotEqual(whole, bits);
        }
    }

    [Fact]
    public void A_data_set_of_files_is_that_of_the_loaded_folder()
    {
        var (files, loaded) = (Open(0), ImageFolder.Load(Flowers, 32, 32));
        Assert.Equal(loaded.Files, files.Files);
        Assert.Equal(loaded.Damaged, files.Damaged);
        Assert.Equal(loaded.ClassNames, files.ClassNames);
        Assert.EndsWith("damaged.jpg", Assert.Single(files.Damaged).Path, StringComparison.Ordinal);
        var (training, validation) = files.Split(0.3, 5);
        var (other, rest) = loaded.Split(0.3, 5);
        foreach (var (mine, theirs) in new[] { (training, other), (validation, rest) })
        {
            Assert.Equal(theirs.Count, mine.Count);
            for (var i = 0; i < mine.Count; i++)
            {
                Assert.Equal(theirs.GetLabel(i), mine.GetLabel(i));
                Assert.True(theirs.GetBytes(i).SequenceEqual(mine.GetBytes(i)));
            }

            Assert.True(theirs.GetBytes(3).SequenceEqual(mine.Subset(2, 3).GetBytes(1)));
        }

        Assert.False(files.Take(5).IsInMemory);
        Assert.Throws<ArgumentOutOfRangeException>(() => files.GetBytes(files.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageFolderOptions { CacheBytes = -1 });
        Assert.StartsWith("1 of the 73 pictures", Assert.Throws<ImageException>(() => ImageFileDataset.Open(Flowers, 8, 8, new ImageFolderOptions { OnDamaged = DamagedImages.Throw })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_goes_away_is_an_error_with_its_path_and_one_in_the_cache_is_not_missed()
    {
        var (read, kept) = (Open(0), Open(1 << 30));
        var file = read.Files[5];
        File.Delete(file);
        Assert.Equal(3 * 32 * 32, kept.GetBytes(5).Length);
        var fault = Assert.Throws<ImageException>(() => new Trainer<Flowers>(Training.Flowers.Create(1), new Sgd(0.01)).Fit(read, 1, 16));
        Assert.StartsWith($"'{file}' could be read when the folder was opened, but can't be any more: ", fault.Message, StringComparison.Ordinal);
    }

    private ImageFileDataset Open(long cache) => ImageFileDataset.Open(Flowers, 32, 32, new ImageFolderOptions { CacheBytes = cache });

    private static uint[] Train(ImageDataset images, int threads, int stopAt, string? checkpoint)
    {
        Threads.Count = threads;
        var trainer = new Trainer<Flowers>(Training.Flowers.Create(1), new Sgd(0.05, 0.9), seed: 2)
        {
            AlternatingFlip = true,
            Augmentation = Augment.All(Augment.RandomResizedCrop(Training.Flowers.InputShape), Augment.Erase(Training.Flowers.InputShape, 6)),
            Callbacks = [new StopAt(stopAt)],
        };
        trainer.Fit(images, 2, 16, checkpoint: checkpoint);
        return [.. trainer.Model.Parameters.ValuesAndStatistics.ToArray().Select(BitConverter.SingleToUInt32Bits)];
    }

    private static Image Flower(Random random, int label)
    {
        var (width, height) = (random.Next(20, 60), random.Next(20, 60));
        var pixels = new byte[width * height * 3];
        var (x0, y0, radius) = (random.Next(width / 3, width), random.Next(height / 3, height), random.Next(8, 20));
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, channel) = (i / 3 % width, i / 3 / width, i % 3);
            var isFlower = ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) < radius * radius;
            pixels[i] = (byte)(isFlower && channel == 2 - label ? 230 : 70 + random.Next(40));
        }

        return new Image(width, height, 3, pixels);
    }

    [GeneratedRegex(@"public static class Photographs\n.*", RegexOptions.Singleline)]
    private static partial Regex Body();

    private sealed class StopAt(int batch) : ITrainingCallback
    {
        private int _batches;

        public void OnBatch(ITraining training, TrainingProgress progress)
        {
            if (++_batches == batch)
                training.Stop("killed");
        }
    }
}
