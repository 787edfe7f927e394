using System.Globalization;

namespace CnnGen.Tests.Threading;

[Collection(ThreadsCollection.Name)]
public class ThreadsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void A_number_out_of_range_is_refused_and_changes_nothing(int count)
    {
        var earlier = Threads.Count;
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => Threads.Count = count);
        Assert.Contains("from 1 to 1024", exception.Message, StringComparison.Ordinal);
        Assert.Equal(earlier, Threads.Count);
    }

    [Fact]
    public void What_is_set_is_read()
    {
        using var with = new WithThreads(7);
        Assert.Equal(7, Threads.Count);
        Threads.Count = Threads.Maximum;
        Assert.Equal(1024, Threads.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_the_variable_every_processor_is_used(string? text) => Assert.Equal(Environment.ProcessorCount, Threads.Default(text));

    [Theory]
    [InlineData("1", 1)]
    [InlineData(" 12 ", 12)]
    [InlineData("1024", 1024)]
    public void The_variable_replaces_the_default(string text, int count) => Assert.Equal(count, Threads.Default(text));

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("1025")]
    [InlineData("4.0")]
    [InlineData("1,000")]
    [InlineData("all")]
    [InlineData("99999999999999")]
    public void A_bad_variable_is_an_error_that_names_it(string text)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Threads.Default(text));
        Assert.Contains("CNNGEN_THREADS", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'" + text + "'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 1024", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variable_is_read_alike_under_every_culture()
    {
        var earlier = CultureInfo.CurrentCulture;
        try
        {
            var hostile = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            hostile.NumberFormat.NegativeSign = "8";
            hostile.NumberFormat.PositiveSign = "9";
            CultureInfo.CurrentCulture = hostile;
            Assert.Equal(89, Threads.Default("89"));
        }
        finally
        {
            CultureInfo.CurrentCulture = earlier;
        }
    }
}
