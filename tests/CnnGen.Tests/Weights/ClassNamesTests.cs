using CnnGen.Tests.Data;
using CnnGen.Tests.Training;
using CnnGen.Tests.Training.State;

namespace CnnGen.Tests.Weights;

public class ClassNamesTests
{
    private static readonly string[] s_names = ["a cat", "dog \"x\"", "Brötchen\n"];

    private static FloatImageDataset Named(params string[] names) => new(StateNet.InputShape, new float[36 * names.Length], Enumerable.Range(0, names.Length).ToArray(), names.Length) { ClassNames = names };

    [Fact]
    public void Names_go_from_the_images_to_the_model_its_file_its_answers_and_its_table()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "net.safetensors");
        var images = Named(s_names);
        var trainer = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.01));
        Assert.Null(trainer.Model.Parameters.ClassNames);
        trainer.Fit(images, 1, 3);
        trainer.Model.Save(path);
        var model = StateNet.Load(path);

        Assert.Equal(s_names, model.Parameters.ClassNames);
        Assert.Equal(s_names, model.Classify(new float[36], top: 3).OrderBy(one => one.Class).Select(one => one.Name));
        Assert.StartsWith(s_names[model.Classify(new float[36]).Class] + " (0.", model.Classify(new float[36]).ToString(), StringComparison.Ordinal);
        Assert.Contains("dog \"x\"", model.Evaluate(images).ConfusionMatrix!.ToString(), StringComparison.Ordinal);
        Assert.Equal(s_names, images.Take(2).ClassNames);
        Assert.Equal(s_names, new MadeUpImages(StateNet.InputShape, 3, 9, i => i % 3, _ => 0) { ClassNames = s_names }.Subset(2, 4).ClassNames);

        // A file without names leaves those that there are; one's own metadata go beside.
        StateNet.Create(2).Save(path);
        ModelWeights.Load(path, model.Parameters);
        Assert.Equal(s_names, model.Parameters.ClassNames);
        ModelWeights.Save(path, model.Parameters, new Dictionary<string, string> { ["format"] = "pt" });
        using var file = SafeTensors.Open(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(2, file.Metadata.Count);
    }

    [Theory]
    [InlineData("cat, dog")]
    [InlineData("{}")]
    [InlineData("[1, 2]")]
    [InlineData("[]")]
    [InlineData("[\"a\", \"a\"]")]
    [InlineData("[\"a\", \"\"]")]
    [InlineData("[\"a\"")]
    public void A_file_with_damaged_names_is_refused_and_changes_nothing(string text)
    {
        var (source, target) = (StateNet.Create(1), StateNet.Create(2));
        target.Parameters.ClassNames = s_names;
        var before = target.Parameters.Values.ToArray();
        using var stream = new MemoryStream();
        ModelWeights.Save(stream, source.Parameters, new Dictionary<string, string> { ["cnngen.classes"] = text });

        var fault = Assert.Throws<InvalidDataException>(() => ModelWeights.Load(stream.ToArray(), target.Parameters));

        Assert.Contains("where a JSON array of different names of classes was expected", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, target.Parameters.Values.ToArray());
        Assert.Equal(s_names, target.Parameters.ClassNames);
    }

    [Fact]
    public void Other_classes_under_the_same_labels_are_an_error()
    {
        var trainer = new Trainer<StateNet>(StateNet.Create(1), new Sgd(0.01));
        var fault = Assert.Throws<ArgumentException>(() => trainer.Fit(Named("a", "b", "c"), 1, 3, Named("a", "c", "b")));
        Assert.Contains("The label 1 is c for the validation images, but b for the training images", fault.Message, StringComparison.Ordinal);
        Assert.Null(trainer.History);
        trainer.Fit(Named("a", "b", "c"), 1, 3);
        fault = Assert.Throws<ArgumentException>(() => trainer.Evaluate(Named("a", "b", "d")));
        Assert.Contains("The label 2 is d for the dataset images, but c for the model", fault.Message, StringComparison.Ordinal);
        var beginning = new string('x', 90);
        Assert.Throws<ArgumentException>(() => trainer.Fit(Named("a", "b", beginning + "1"), 1, 3, Named("a", "b", beginning + "2")));
        Assert.Throws<ArgumentException>(() => new FloatImageDataset(StateNet.InputShape, new float[36], new int[1], 3) { ClassNames = ["a", "b"] });
        Assert.Throws<ArgumentException>(() => trainer.Model.Parameters.ClassNames = ["a", "a", "b"]);
        Assert.Throws<ArgumentException>(() => trainer.Model.Parameters.ClassNames = ["a", " "]);
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2) { ClassNames = s_names });
    }
}
