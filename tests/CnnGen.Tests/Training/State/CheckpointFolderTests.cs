using CnnGen.Tests.Data;

namespace CnnGen.Tests.Training.State;

public class CheckpointFolderTests
{
    [Fact]
    public void Two_trainings_at_once_don_t_share_a_folder_and_the_first_one_loses_nothing()
    {
        using var folder = new TemporaryFolder();
        var checkpoint = Path.Combine(folder.Path, "run");
        var images = StateTraining.Images();
        var alone = StateTraining.Full("Sgd");
        alone.Fit(images, 2, 7, images);

        var second = StateTraining.Full("Sgd");
        var weights = second.Model.Parameters.ValuesAndStatistics.ToArray();
        var refused = "";
        var first = StateTraining.Full("Sgd", new AtBatch(4, _ =>
        {
            refused = Assert.Throws<IOException>(() => second.Fit(images, 2, 7, images, checkpoint: checkpoint)).Message;
            Assert.Throws<IOException>(() => second.FitStream(Enumerable.Repeat(StreamedImage.Of(new byte[36].AsMemory(), 0), 20), 2, 7, 1, checkpoint: checkpoint));
        }));
        first.Fit(images, 2, 7, images, checkpoint: checkpoint);

        Assert.Equal($"Another training keeps its state in '{checkpoint}' and has not ended. Wait for it, or give this one a checkpoint folder of its own.", refused);
        Assert.Equal(weights, second.Model.Parameters.ValuesAndStatistics.ToArray());
        Assert.Null(second.History);
        Assert.Equal(StateTraining.Bits(alone), StateTraining.Bits(first));

        // The folder is free again, and a lock of a killed program's is none.
        File.WriteAllText(Path.Combine(checkpoint, "training.lock"), "");
        second.Fit(images, 2, 7, images, checkpoint: checkpoint);
        Assert.Equal(StateTraining.Bits(alone), StateTraining.Bits(second));
        Assert.Equal(["training.safetensors"], Directory.GetFiles(checkpoint).Select(Path.GetFileName));

        // One that is finished is not gone on with; what to do instead is said.
        var longer = Assert.Throws<InvalidOperationException>(() => StateTraining.Full("Sgd").Fit(images, 3, 7, images, checkpoint: checkpoint)).Message;
        Assert.StartsWith("A Fit that was finished when its state was saved can't go on, since it is called otherwise: epochs was 2 and is 3.", longer);
        Assert.EndsWith("take its state up by Resume, and call Fit without a checkpoint folder.", longer);
        var resumed = StateTraining.Full("Sgd");
        resumed.Resume(Path.Combine(checkpoint, "training.safetensors"));
        Assert.Equal(3, resumed.Fit(images, 3, 7, images).Epochs.Count);
    }

    [Fact]
    public void What_is_no_folder_and_what_is_no_file_of_that_kind_is_said()
    {
        using var folder = new TemporaryFolder();
        var (weights, state) = (Path.Combine(folder.Path, "weights.safetensors"), Path.Combine(folder.Path, "state.safetensors"));
        var images = StateTraining.Images();
        var trainer = StateTraining.Full("Sgd");
        trainer.Model.Save(weights);
        trainer.SaveState(state);

        var file = Assert.Throws<IOException>(() => trainer.Fit(images, 1, 7, checkpoint: weights));
        Assert.Equal($"'{weights}' is a file, but states of a training are kept in a folder. Name a folder, which is made if need be.", file.Message);
        Assert.Throws<IOException>(() => StateTraining.Full("Sgd", new Checkpoints(weights)).Fit(images, 1, 7));
        var within = Path.Combine(weights, "run");
        Assert.StartsWith($"The folder '{within}' for states of a training can't be made: ", Assert.Throws<IOException>(() => trainer.Fit(images, 1, 7, checkpoint: within)).Message);
        Assert.Equal(
            $"'{state}' is a training's state and not a model's weights; the model is left as it was. Resume of a Trainer takes it up, and Save of its model writes the weights.",
            Assert.Throws<InvalidDataException>(() => StateNet.Load(state)).Message);
        Assert.Contains("is no training state", Assert.Throws<InvalidDataException>(() => trainer.Resume(weights)).Message);
    }
}
