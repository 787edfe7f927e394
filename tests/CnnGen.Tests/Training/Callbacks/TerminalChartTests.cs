using CnnGen.Runtime;

namespace CnnGen.Tests.Training.Callbacks;

public class TerminalChartTests
{
    [Fact]
    public void A_line_goes_from_corner_to_corner()
    {
        var text = TerminalPlot.Draw("falls", [(0, 3), (10, 1)], [], right: 10, width: 10, height: 5);

        // 20 x 20 dots of a straight line: one in each column and row, so that each character of the diagonal has some, and no other.
        Assert.Equal(7, text.Count);
        Assert.Equal("falls", text[0]);
        var rows = text[1..6].ConvertAll(row => row[11..].PadRight(10));
        Assert.Equal("        3 |", text[1][..11]);
        Assert.Equal("        1 |", text[5][..11]);
        Assert.All(rows[1..4], row => Assert.Equal(' ', row[0]));
        for (var i = 0; i < 50; i++)
            Assert.Equal(i / 10 == i % 10 / 2, rows[i / 10][i % 10] is >= '\u2801' and <= '\u28FF');
        Assert.Equal(20, string.Concat(rows).Sum(character => int.PopCount(character > '\u2800' ? character - 0x2800 : 0)));

        // The uppermost dot of the left column, and the lowest of the right one.
        Assert.NotEqual(0, rows[0][0] & 0x01);
        Assert.NotEqual(0, rows[4][9] & 0x80);
        Assert.Equal("          +----------", text[6]);
    }

    [Fact]
    public void Marks_stand_where_their_values_are_and_what_is_not_finite_is_left_out()
    {
        var text = TerminalPlot.Draw("", [(0, double.NaN), (5, double.PositiveInfinity)], [(0, 2), (5, 4), (10, 0), (7, double.NaN)], 10, 11, 3);
        Assert.Equal("        4 |     o", text[1]);
        Assert.Equal("          |o", text[2]);
        Assert.Equal("        0 |          o", text[3]);

        // Of one value alone, and of none, there is still a drawing.
        Assert.Contains("o", TerminalPlot.Draw("", [], [(1, 7)], 1, 10, 4)[2] + TerminalPlot.Draw("", [], [(1, 7)], 1, 10, 4)[3]);
        Assert.Equal("        1 |", TerminalPlot.Draw("", [], [], 1, 10, 4)[1]);
    }

    [Fact]
    public void A_training_is_drawn_at_its_end_or_as_it_goes_on()
    {
        using var culture = new HostileCulture();
        var images = Images.Easy(60);
        var (still, live) = (new StringWriter(), new StringWriter());
        var trainer = new Trainer<SoftmaxRegression>(SoftmaxRegression.Create(1), new Sgd(0.2))
        {
            Callbacks = [new TerminalChart(still, isLive: false, 20, 4), new TerminalChart(live, isLive: true, 20, 4)],
        };
        var history = trainer.Fit(images, 6, 10, images);

        var lines = still.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(6 + 6 + 1, lines.Length);
        Assert.Equal(FormattableString.Invariant($"loss {history.Epochs[5].Loss:F4}, validation {history.Epochs[5].ValidationLoss:F4}"), lines[0]);
        Assert.Equal(FormattableString.Invariant($"accuracy {history.Epochs[5].Accuracy:F4}, validation {history.Epochs[5].ValidationAccuracy:F4}"), lines[6]);
        Assert.Equal("epoch 6.0 of 6", lines[12]);

        // Six epochs, six marks, unless two share a place.
        Assert.InRange(string.Concat(lines[1..5]).Count(character => character == 'o'), 4, 6);

        // Each drawing but the first begins where the one before did, and the last is the one above.
        var drawings = live.ToString().ReplaceLineEndings("\n").Split("\u001b[13A");
        Assert.True(drawings.Length >= 7, $"{drawings.Length} drawings");
        Assert.All(drawings, drawing => Assert.Equal(13, drawing.Split("\u001b[2K").Length - 1));
        Assert.Equal(string.Join('\n', lines) + "\n", drawings[^1].Replace("\u001b[2K", ""));
    }

    [Fact]
    public void Sizes_that_no_terminal_has_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new TerminalChart(9));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new TerminalChart(501));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new TerminalChart(60, 1));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new TerminalChart(60, 101));
        Assert.Throws<ArgumentNullException>("writer", () => new TerminalChart(null!, true));
    }
}
