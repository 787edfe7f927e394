using System.Reflection;
using CnnGen.Generator.Tests.Emitted;
using CnnGen.Runtime;

namespace CnnGen.Generator.Tests.Memory;

/// <summary>Every public method of an emitted class that computes, while the object is in use, when it is disposed, and with spans that lie over one another.</summary>
[Collection(AloneCollection.Name)]
public sealed class UseTests(StandardModels models)
{
    private delegate void Call(EmittedModel model);

    private static readonly (string Name, Call Call)[] s_calls =
    [
        ("Predict", model => model.Predict(new float[model.InputShape.Length], new float[model.OutputLength], 1)),
        ("Predict of nothing", model => model.Predict([], [], 0)),
        ("Predict bytes", model => PredictBytes(model, 1)),
        ("Predict no bytes", model => PredictBytes(model, 0)),
        ("ComputeGradients", model => model.ComputeGradients(new float[2 * model.InputShape.Length], new float[2 * model.OutputLength], 2, 1)),
        ("Warmup for predictions", model => model.Warmup(WarmupFor.Prediction, 1)),
        ("Warmup for training", model => model.Warmup(WarmupFor.Training, 2)),
    ];

    public static TheoryData<string> Calls => [.. s_calls.Select(call => call.Name)];

    [Theory]
    [MemberData(nameof(Calls))]
    public void An_object_in_use_says_so_and_names_Share(string name)
    {
        using var model = models.Assembly.Create("Everything");
        var call = s_calls.Single(one => one.Name == name).Call;
        EnterOrExit(model, nameof(ModelUse.Enter), "Everything");

        var refused = Assert.Throws<InvalidOperationException>(() => call(model));

        Assert.StartsWith("This Everything is in use", refused.Message);
        Assert.Contains("Share()", refused.Message);
        using var shared = model.Share();
        call(shared);
        EnterOrExit(model, nameof(ModelUse.Exit));
        call(model);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_disposed_object_says_so_by_its_own_name(string name)
    {
        var call = s_calls.Single(one => one.Name == name).Call;
        foreach (var isUsed in new[] { false, true })
        {
            var model = models.Assembly.Create("Everything");
            if (isUsed)
                call(model);
            model.Dispose();
            model.Dispose();

            var refused = Assert.Throws<ObjectDisposedException>(() => call(model));

            Assert.Equal("Everything", refused.ObjectName);
            Assert.StartsWith("This Everything was disposed", refused.Message);

            // What has no part in working memory goes on.
            Assert.Equal(33, model.Parameters["dense1.bias"].Length);
            using var shared = model.Share();
            call(shared);
        }
    }

    [Fact]
    public void Disposing_under_a_call_frees_nothing_before_its_end()
    {
        var model = models.Assembly.Create("Everything");
        model.Predict(new float[model.InputShape.Length]);
        var workspace = Field(model, "_workspace").GetValue(Object(model))!;
        bool IsFreed() => ((AlignedBuffer)workspace.GetType().GetField("_arena", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(workspace)!).IsDisposed;

        EnterOrExit(model, nameof(ModelUse.Enter), "Everything");
        model.Dispose();
        Assert.False(IsFreed());
        Assert.Equal("Everything", Assert.Throws<ObjectDisposedException>(() => model.Predict([], [], 0)).ObjectName);
        Assert.Equal(true, EnterOrExit(model, nameof(ModelUse.Exit))); // The call's end, whose it is now to free the memory.

        var other = models.Assembly.Create("Everything");
        other.Predict(new float[other.InputShape.Length]);
        workspace = Field(other, "_workspace").GetValue(Object(other))!;
        other.Dispose();
        Assert.True(IsFreed());
    }

    /// <summary>Images and scores in one piece of memory, at every distance: where they share a float, that is an error, else the scores are the right ones.</summary>
    [Fact]
    public void Scores_over_images_are_an_error()
    {
        using var model = models.Assembly.Create("Everything");
        var (images, _) = StandardModels.Batch(model, 1);
        var expected = model.Predict(images);
        var (length, outputs) = (images.Length, model.OutputLength);
        for (var start = 0; start <= length + (2 * outputs); start++)
        {
            var memory = new float[length + (3 * outputs)];
            images.CopyTo(memory, outputs);
            var overlaps = start > 0 && start < outputs + length;
            var error = Record.Exception(() => model.Predict(memory.AsSpan(outputs, length), memory.AsSpan(start, outputs), 1));
            if (overlaps)
                Assert.StartsWith("scores overlaps images", Assert.IsType<ArgumentException>(error).Message);
            else
                Assert.Equal(expected, memory.AsSpan(start, outputs).ToArray());
        }
    }

    [Fact]
    public void What_training_writes_over_anything_else_is_an_error()
    {
        using var model = models.Assembly.Create("Everything");
        const int Count = 2;
        var (image, output) = (Count * model.InputShape.Length, Count * model.OutputLength);
        var memory = new float[3 * image];

        Check("scores overlaps images", () => model.ComputeGradients(memory.AsSpan(0, image), new float[output], Count, 1, memory.AsSpan(image - 1, output)));
        Check("scores overlaps targets", () => model.ComputeGradients(new float[image], memory.AsSpan(0, output), Count, 1, memory.AsSpan(0, output)));
        Check("imageGradients overlaps images", () => model.ComputeGradients(memory.AsSpan(0, image), new float[output], Count, 1, [], memory.AsSpan(image - 1, image)));
        Check("imageGradients overlaps targets", () => model.ComputeGradients(new float[image], memory.AsSpan(0, output), Count, 1, [], memory.AsSpan(1, image)));
        Check("imageGradients overlaps scores", () => model.ComputeGradients(new float[image], new float[output], Count, 1, memory.AsSpan(0, output), memory.AsSpan(0, image)));

        // Side by side is no overlap; and what is only read may be the same memory.
        model.ComputeGradients(memory.AsSpan(0, image), memory.AsSpan(0, output), Count, 1, memory.AsSpan(image, output), memory.AsSpan(image + output, image));

        static void Check(string text, Action call) => Assert.StartsWith(text, Assert.Throws<ArgumentException>(call).Message);
    }

    [Theory]
    [InlineData(WarmupFor.Prediction)]
    [InlineData(WarmupFor.Training)]
    public void Warmup_for_more_images_than_a_call_can_have_is_an_error(WarmupFor purpose)
    {
        using var model = models.Assembly.Create("LeNet5");

        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => model.Warmup(purpose, int.MaxValue));

        Assert.Equal("count", refused.ParamName);
        Assert.StartsWith("A call of LeNet5 has at most 2739137 images of 1x28x28 floats", refused.Message);
    }

    [Fact]
    public void One_image_is_too_few_for_a_batch_normalisation_over_single_values()
    {
        using var model = models.Assembly.Create("Everything");

        var refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => model.ComputeGradients(new float[model.InputShape.Length], new float[model.OutputLength], 1, 1));

        Assert.Equal("count", refused.ParamName);
        Assert.StartsWith("BatchNorm2 of Everything normalises each feature over the images of a batch", refused.Message);
    }

    private static void PredictBytes(EmittedModel model, int count)
    {
        var predict = model.Type.GetMethod("Predict", [typeof(ReadOnlySpan<byte>), typeof(Span<float>), typeof(int)])!;
        predict.CreateDelegate<BytesCall>(Object(model))(new byte[count * model.InputShape.Length], new float[count * model.OutputLength], count);
    }

    private delegate void BytesCall(ReadOnlySpan<byte> pixels, Span<float> scores, int count);

    /// <summary>Begins or ends a call as the object's own methods do.</summary>
    private static object? EnterOrExit(EmittedModel model, string method, params object[] arguments)
    {
        var field = Field(model, "_use");
        var use = field.GetValue(Object(model))!;
        var result = typeof(ModelUse).GetMethod(method)!.Invoke(use, arguments);
        field.SetValue(Object(model), use);
        return result;
    }

    private static FieldInfo Field(EmittedModel model, string name) => model.Type.GetField(name, BindingFlags.NonPublic | BindingFlags.Instance)!;

    private static object Object(EmittedModel model) => model.Object;
}
