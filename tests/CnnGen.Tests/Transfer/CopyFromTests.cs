using CnnGen.Tests.Data;
using CnnGen.Tests.Training.State;
using CnnGen.Tests.Weights;

namespace CnnGen.Tests.Transfer;

public class CopyFromTests
{
    [Fact]
    public void What_fits_is_copied_and_the_rest_is_reported_with_its_reason()
    {
        var (source, model) = (StateNet.Create(1), OtherNet.Create(2));
        source.Parameters["dense1.bias"].Set([1, 2, 3]);
        var before = model.Parameters.All.ToDictionary(parameter => parameter.Name, parameter => parameter.ToArray());
        var report = model.CopyFrom(source);
        Assert.Equal(["dense1.bias"], report.Copied);
        Assert.Equal([1f, 2, 3], model.Parameters["dense1.bias"].ToArray());
        Assert.Equal(["conv1.weight", "conv1.bias", "dense1.weight"], report.Kept.Select(kept => kept.Name));
        Assert.Contains("it has the shape [4, 1, 3, 3] in the source, but [5, 1, 3, 3] in the model", report.Kept[0].Reason);
        Assert.Contains(source.Parameters.All.Single(parameter => parameter.Name.EndsWith("running_mean", StringComparison.Ordinal)).Name, report.Unused);
        Assert.All(report.Kept, kept => Assert.Equal(before[kept.Name], model.Parameters[kept.Name].ToArray()));
        Assert.StartsWith("1 of 4 parameters copied\n  kept conv1.weight: it has", report.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A new classifier behind an old trunk, in one line.</summary>
    [Fact]
    public void Only_what_is_below_a_layer_is_copied_also_where_the_layer_would_fit()
    {
        var (source, model) = (StateNet.Create(1), StateNet.Create(2));
        source.Parameters["bn1.running_mean"].Set([1, 2, 3, 4]);
        var head = model.Parameters["dense1.weight"].ToArray();
        var report = model.CopyFrom(source, new CopyOptions { Below = "dense1" });
        Assert.Equal(source.Parameters["conv1.weight"].ToArray(), model.Parameters["conv1.weight"].ToArray());
        Assert.Equal([1f, 2, 3, 4], model.Parameters["bn1.running_mean"].ToArray());
        Assert.Equal(head, model.Parameters["dense1.weight"].ToArray());
        Assert.Equal([new("dense1.weight", "it is not below 'dense1'"), new("dense1.bias", "it is not below 'dense1'")], report.Kept);
        var error = Assert.Throws<ArgumentException>(() => model.CopyFrom(source, new CopyOptions { Below = "dense2" }));
        Assert.StartsWith("The model has no layer 'dense2' with parameters; it has conv1, bn1, dense1", error.Message);
    }

    [Fact]
    public async Task What_is_copied_from_a_model_in_training_is_of_one_step()
    {
        var (source, model) = (StateNet.Create(1), StateNet.Create(2));
        var before = source.Parameters.ValuesAndStatistics.ToArray();
        Task? step = null;
        using var begun = new ManualResetEventSlim();
        model.CopyFrom(source, new CopyOptions
        {
            Where = name =>
            {
                if (step != null)
                    return true;
                step = Task.Run(() =>
                {
                    begun.Set();
                    source.Parameters.Initialize(3);
                });
                begun.Wait();
                step.Wait(200);
                return true;
            },
        });
        await step!;
        Assert.Equal(before, model.Parameters.ValuesAndStatistics.ToArray());
    }

    [Fact]
    public void PyTorch_s_batch_counters_are_passed_over_but_not_what_is_only_called_so()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "counters.safetensors");
        var header = "{" + string.Join(
            ',',
            SafeTensorsBytes.Entry("dense1.bias", "F32", "3", 0, 12),
            SafeTensorsBytes.Entry("num_batches_tracked", "I64", "", 12, 20),
            SafeTensorsBytes.Entry("bn1.num_batches_tracked", "I64", "1", 20, 28),
            SafeTensorsBytes.Entry("bn2.num_batches_tracked", "F32", "1", 28, 32)) + "}";
        File.WriteAllBytes(path, SafeTensorsBytes.Make(header, [.. SafeTensorsBytes.Of(1, 2, 3), .. new byte[20]]));
        var report = OtherNet.Create(1).CopyFrom(path);
        Assert.Equal(["dense1.bias"], report.Copied);
        Assert.Equal(["bn2.num_batches_tracked"], report.Unused);
    }

    [Fact]
    public void A_file_is_copied_by_other_names_and_in_part_and_all_or_nothing()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "trunk.safetensors");
        var source = StateNet.Create(1);
        SafeTensors.Write(path, [.. source.Parameters.All.Select(parameter => new SafeTensorValues("backbone." + parameter.Name, parameter.Dimensions, parameter.ToArray()))]);
        var model = StateNet.Create(2);
        var head = model.Parameters["dense1.weight"].ToArray();
        var options = new CopyOptions
        {
            Rename = name => name.Replace("backbone.", "", StringComparison.Ordinal),
            Where = name => !name.StartsWith("dense", StringComparison.Ordinal),
        };
        var report = model.CopyFrom(path, options);
        Assert.Equal(source.Parameters["conv1.weight"].ToArray(), model.Parameters["conv1.weight"].ToArray());
        Assert.Equal(head, model.Parameters["dense1.weight"].ToArray());
        Assert.Contains(new KeptParameter("dense1.weight", "it was not asked for"), report.Kept);
        Assert.Contains("backbone.dense1.weight", report.Unused);

        Assert.Contains("Rename", Assert.Throws<InvalidDataException>(() => model.CopyFrom(path)).Message);
        Assert.Contains("both renamed", Assert.Throws<InvalidDataException>(() => model.CopyFrom(path, new CopyOptions { Rename = _ => "x" })).Message);
        source.Parameters["dense1.bias"].Set([1, float.NaN, 3]);
        var bits = model.Parameters.Values.ToArray();
        Assert.Contains("NaN", Assert.Throws<InvalidDataException>(() => model.CopyFrom(source)).Message);
        Assert.Equal(bits, model.Parameters.Values.ToArray());
        model.CopyFrom(source, new CopyOptions { AllowNonFinite = true });
        Assert.True(float.IsNaN(model.Parameters["dense1.bias"][1]));
    }
}
