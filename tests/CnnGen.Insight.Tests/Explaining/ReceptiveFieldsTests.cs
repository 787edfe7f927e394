namespace CnnGen.Insight.Tests.Explaining;

/// <summary>Which part of the image an element sees, from a table by hand.</summary>
public sealed class ReceptiveFieldsTests
{
    private static readonly ModelSummary s_summary = new(
        "Net",
        new ImageShape(1, 12, 12),
        [
            new("Conv1", "Conv2D 2, 3x3", "2x12x12", 0, 0, 0, "") { Window = new(3, 3, 1, 1, 1, 1) },
            new("ReLU1", "ReLU", "2x12x12", 0, 0, 0, ""),
            new("MaxPool1", "MaxPool 2x2", "2x6x6", 0, 0, 0, "") { Window = new(2, 2, 2, 2, 0, 0) },
            new("Conv2", "Conv2D 2, 3x3", "2x6x6", 0, 0, 0, "") { Window = new(3, 3, 1, 1, 1, 1) },
            new("Conv3", "Conv2D 2, 1x1", "2x6x6", 0, 0, 0, "") { Inputs = [3], Window = new(1, 1, 1, 1, 0, 0) },
            new("Add1", "Add", "2x6x6", 0, 0, 0, "") { Inputs = [4, 5] },
            new("Upsample1", "Upsample 2", "2x12x12", 0, 0, 0, ""),
            new("Dense1", "Dense 3", "3", 0, 0, 0, "") { Inputs = [6] },
        ],
        0);

    [Fact]
    public void Windows_strides_and_paddings_add_up()
    {
        var fields = new ReceptiveFields(s_summary);

        Assert.Equal(new ImageArea(-1, 4, 3, 3), fields.Of(1, 0, 5));
        Assert.Equal(new ImageArea(-1, 4, 3, 3), fields.Of(2, 0, 5));
        Assert.Equal(new ImageArea(3, 5, 4, 4), fields.Of(3, 2, 3));
        Assert.Equal(new ImageArea(1, 3, 8, 8), fields.Of(4, 2, 3));
        Assert.Equal(fields.Of(3, 2, 3), fields.Of(5, 2, 3));
        Assert.Equal(fields.Of(4, 2, 3), fields.Of(6, 2, 3));

        // At the corner the padding of the inner map shows nothing, that of the image is cut off.
        Assert.Equal(new ImageArea(-1, -1, 6, 6), fields.Of(4, 0, 0));
        Assert.Equal(new ImageArea(0, 0, 5, 5), fields.Of(4, 0, 0).Within(s_summary.InputShape));
    }

    [Fact]
    public void The_table_says_what_each_layer_reads()
    {
        Assert.Equal([0], s_summary.InputsOf(1));
        Assert.Equal([3], s_summary.InputsOf(4));
        Assert.Equal([4, 5], s_summary.InputsOf(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => s_summary.InputsOf(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => s_summary.InputsOf(9));
    }

    [Fact]
    public void What_has_no_window_sees_all()
    {
        var fields = new ReceptiveFields(s_summary);

        Assert.Equal(new ImageArea(0, 0, 12, 12), fields.Of(7, 3, 3).Within(s_summary.InputShape));
        Assert.Equal(new ImageArea(0, 0, 12, 12), fields.Of(8, 0, 0).Within(s_summary.InputShape));
        Assert.Throws<ArgumentOutOfRangeException>(() => fields.Of(9, 0, 0));
        Assert.Contains("Conv2 has 6 x 6", Assert.Throws<ArgumentOutOfRangeException>(() => fields.Of(4, 6, 0)).Message, StringComparison.Ordinal);
    }
}
