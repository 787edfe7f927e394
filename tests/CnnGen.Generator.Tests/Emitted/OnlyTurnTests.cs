using CnnGen.Generator.Emitting;

namespace CnnGen.Generator.Tests.Emitted;

/// <summary>Loops of one turn: their index goes from sums, and their braces where nothing else needs them.</summary>
public sealed class OnlyTurnTests
{
    [Theory]
    [InlineData("var x = &input[c * 96 + row * 4];", "var x = &input[row * 4];")]
    [InlineData("var x = &input[12 + row * 4 + c * 96];", "var x = &input[12 + row * 4];")]
    [InlineData("var x = &input[c * 96];", "var x = input;")]
    [InlineData("var x = &context->Images[c * 96];", "var x = &context->Images[0];")]
    [InlineData("x[c] = y[c * 4];", "x[0] = y[0];")]
    [InlineData("var row = (c + tile) / 4;", "var row = tile / 4;")]
    [InlineData("var row = (tile + c * 3) / 4;", "var row = tile / 4;")]
    [InlineData("var v = column * 2 - c;", "var v = column * 2;")]
    [InlineData("Copy(c, 14 - c * 6);", "Copy(0, 14);")]
    [InlineData("var m = &matrix[(row * 3 + (c * 5 + c)) * 8];", "var m = &matrix[(row * 3) * 8];")]
    [InlineData("var w = &weight[(c * 25 + kh) * 6 + channel];", "var w = &weight[(kh) * 6 + channel];")]
    [InlineData("var w = &weight[(c) * 6 + channel];", "var w = &weight[channel];")]
    [InlineData("F(channel, cc, c1);", "F(channel, cc, c1);")]
    public void Terms_with_the_index_go(string body, string expected) => Assert.Equal(expected, CodeText.WithoutIndex(body, "c"));

    [Theory]
    [InlineData("if (c < 4)")]
    [InlineData("var h = 3 * c;")]
    [InlineData("var h = row / c + 1;")]
    [InlineData("var h = (nuint)c;")]
    [InlineData("var h = c * width;")]
    [InlineData("var h = c % 4 + 1;")]
    [InlineData("var h = row * 2 + c / 3;")]
    public void In_other_places_it_stays(string body) => Assert.Null(CodeText.WithoutIndex(body, "c"));

    [Fact]
    public void Loops_of_one_turn_have_no_braces_where_they_are_the_end_of_a_body()
    {
        var text = Written(writer =>
        {
            writer.Line("var y = output;");
            using (writer.For("c", 1))
            using (writer.For("row", 7))
            using (writer.For("column", 1))
                writer.Line("y[c * 49 + row * 7 + column] = 0f;");
        });

        Assert.Equal("var y = output;\nfor (nint row = 0; row < 7; row++)\n{\n    y[row * 7] = 0f;\n}\n", text);
    }

    [Theory]
    [InlineData("var x = input;", "")]
    [InlineData("if (row < 4)", "")]
    [InlineData("", "Use(input);")]
    public void They_have_braces_where_names_could_clash(string before, string behind)
    {
        var text = Written(writer =>
        {
            if (before.Length > 0)
                writer.Line(before);
            using (writer.For("c", 1))
                writer.Line("var x = &input[c * 49];");
            if (behind.Length > 0)
                writer.Line(behind);
        });

        Assert.Equal((before.Length > 0 ? before + "\n" : "") + "{\n    var x = input;\n}\n" + (behind.Length > 0 ? behind + "\n" : ""), text);
    }

    [Fact]
    public void A_comment_is_no_condition()
    {
        var text = Written(writer =>
        {
            writer.Line("// The only one.");
            using (writer.For("c", 1))
                writer.Line("Use(&input[c * 49]);");
        });

        Assert.Equal("// The only one.\nUse(input);\n", text);
    }

    [Fact]
    public void An_index_that_is_no_term_is_a_constant()
    {
        var text = Written(writer =>
        {
            using (writer.For("c", 1))
                writer.Line("var x = c % 3;");
        });

        Assert.Equal("const nint c = 0;\nvar x = c % 3;\n", text);
    }

    /// <summary>The body of a method, without its indentation.</summary>
    private static string Written(Action<CodeWriter> write)
    {
        var writer = new CodeWriter();
        using (writer.Block("void M()"))
        {
            write(writer);
        }

        var lines = writer.ToString().Split('\n');
        return string.Join("\n", lines.Skip(2).Take(lines.Length - 4).Select(line => line.Length > 4 ? line[4..] : line).Append(""));
    }
}
