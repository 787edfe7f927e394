using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

public class InstructionSetTests
{
    [Theory]
    [InlineData(null, InstructionSet.Avx512)]
    [InlineData("", InstructionSet.Avx512)]
    [InlineData("avx512", InstructionSet.Avx512)]
    [InlineData("AVX2", InstructionSet.Avx2)]
    [InlineData(" scalar ", InstructionSet.Scalar)]
    public void The_variable_lowers_the_set(string? wanted, InstructionSet chosen) =>
        Assert.Equal(chosen, InstructionSets.Choose(wanted, InstructionSet.Avx512));

    [Fact]
    public void An_unknown_name_is_an_error_that_lists_the_names()
    {
        var error = Assert.Throws<InvalidOperationException>(() => InstructionSets.Choose("sse", InstructionSet.Avx2));
        Assert.Contains("'sse'", error.Message, StringComparison.Ordinal);
        Assert.Contains("avx512, avx2 or scalar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_the_machine_lacks_is_an_error_that_names_the_best_one()
    {
        var error = Assert.Throws<InvalidOperationException>(() => InstructionSets.Choose("avx512", InstructionSet.Avx2));
        Assert.Contains("Avx512", error.Message, StringComparison.Ordinal);
        Assert.Contains("best it has is Avx2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scalar_set_is_always_there() => Assert.True(InstructionSets.IsSupported(InstructionSet.Scalar));
}
