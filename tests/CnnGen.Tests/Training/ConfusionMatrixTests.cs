namespace CnnGen.Tests.Training;

public class ConfusionMatrixTests
{
    private static ConfusionMatrix Example()
    {
        // No image is of class 2, and none is taken for it.
        var matrix = new ConfusionMatrix(3);
        foreach (var (actual, predicted, times) in new[] { (0, 0, 8), (0, 1, 2), (1, 1, 5), (1, 0, 1) })
        {
            for (var i = 0; i < times; i++)
                matrix.Add(actual, predicted);
        }

        return matrix;
    }

    [Fact]
    public void Counts_and_parts_are_right()
    {
        var matrix = Example();
        Assert.Equal(16, matrix.Count);
        Assert.Equal(2, matrix[0, 1]);
        Assert.Equal(1, matrix[1, 0]);
        Assert.Equal(13 / 16.0, matrix.Accuracy);
        Assert.Equal(8 / 10.0, matrix.Recall(0));
        Assert.Equal(8 / 9.0, matrix.Precision(0));
        Assert.Equal(5 / 6.0, matrix.Recall(1));
        Assert.Equal(5 / 7.0, matrix.Precision(1));
        Assert.True(double.IsNaN(matrix.Recall(2)));
        Assert.True(double.IsNaN(matrix.Precision(2)));
        Assert.True(double.IsNaN(new ConfusionMatrix(2).Accuracy));
    }

    [Fact]
    public void The_table_lines_up_under_every_culture()
    {
        using var hostile = new HostileCulture();
        Assert.Equal(
            """
            class  0  1  2  recall  precision
            0      8  2  0    80.0       88.9
            1      1  5  0    83.3       71.4
            2      0  0  0       -          -
            """.ReplaceLineEndings("\n"),
            Example().ToString());
        Assert.Equal(
            """
            class       plane  automobile  bird  recall  precision
            plane           8           2     0    80.0       88.9
            automobile      1           5     0    83.3       71.4
            bird            0           0     0       -          -
            """.ReplaceLineEndings("\n"),
            Example().ToString(["plane", "automobile", "bird"]));
    }

    [Fact]
    public void Of_many_classes_the_table_has_only_totals()
    {
        var matrix = new ConfusionMatrix(31);
        matrix.Add(30, 30);
        matrix.Add(30, 4);
        var lines = matrix.ToString().Split('\n');
        Assert.Equal(32, lines.Length);
        Assert.Equal("class  right  images  recall  precision", lines[0]);
        Assert.Equal("30         1       2    50.0      100.0", lines[31]);
    }

    [Fact]
    public void Classes_out_of_range_are_refused()
    {
        var matrix = new ConfusionMatrix(3);
        Assert.Throws<ArgumentOutOfRangeException>("actual", () => matrix.Add(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>("predicted", () => matrix.Add(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("predicted", () => matrix[2, 3]);
        Assert.Throws<ArgumentException>("names", () => matrix.ToString(["a", "b"]));
        Assert.Throws<ArgumentOutOfRangeException>("classCount", () => new ConfusionMatrix(0));
    }
}
