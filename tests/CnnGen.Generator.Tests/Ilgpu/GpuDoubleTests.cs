using System.Reflection;
using System.Text.RegularExpressions;
using CnnGen.Generator.Tests.Support;
using ILGPU;
using ILGPU.Runtime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Group = ILGPU.Group;

namespace CnnGen.Generator.Tests.Ilgpu;

/// <summary>That the test double finds what it is for: a kernel of which a barrier is missing gives other numbers, and an index out of range is an error.</summary>
public sealed partial class GpuDoubleTests
{
    /// <summary>Two strips of the depth, so that each barrier has something before and behind it.</summary>
    private const string Declaration = "[Model(2, 4, 4, Targets = Targets.Cpu | Targets.Ilgpu)] [Conv2D(3, 3, Padding = 1), Dense(2)] public partial class Net;";

    private const string Convolution = "Conv3x3_2x4x4";

    private static readonly Accelerator s_accelerator = new();

    private static readonly string s_kernels = GeneratorHarness.RunForGpu(Declaration).SourceText("Net.Ilgpu.Kernels.g.cs");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_barrier_of_a_convolution_is_needed(bool isByTurns)
    {
        var expected = Run(s_kernels, isByTurns);
        var start = s_kernels.IndexOf($" {Convolution}(", StringComparison.Ordinal);
        var barriers = Barrier().Matches(s_kernels[..s_kernels.IndexOf($"{Convolution}_Store(", start, StringComparison.Ordinal)]).Where(match => match.Index > start).ToList();
        Assert.Equal(2, barriers.Count);
        Assert.All(expected, number => Assert.True(float.IsFinite(number)));

        foreach (var barrier in barriers)
            Assert.NotEqual(expected, Run(s_kernels.Remove(barrier.Index, barrier.Length), isByTurns));
    }

    [Fact]
    public void Threads_and_turns_of_one_thread_give_the_same_bits()
    {
        Assert.Equal(Run(s_kernels, isByTurns: false), Run(s_kernels, isByTurns: true));

        // So do those of which a barrier is missing: what runs before what is the same.
        var first = Barrier().Match(s_kernels, s_kernels.IndexOf($" {Convolution}(", StringComparison.Ordinal));
        var without = s_kernels.Remove(first.Index, first.Length);
        Assert.Equal(Run(without, isByTurns: false), Run(without, isByTurns: true));
    }

    [Theory]
    [InlineData("result[", "result[1000 + ")]
    [InlineData("rowStrip[", "rowStrip[128 + ")]
    [InlineData("+ toTap0]", "- 7 + toTap0]")]
    public void An_index_out_of_range_is_an_error(string text, string wrong)
    {
        Assert.Contains(text, s_kernels, StringComparison.Ordinal);

        foreach (var isByTurns in new[] { false, true })
            Assert.Contains("of a view of", Assert.ThrowsAny<InvalidOperationException>(() => Run(s_kernels.Replace(text, wrong, StringComparison.Ordinal), isByTurns)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_barrier_that_some_threads_never_reach_is_an_error(bool isByTurns)
    {
        var launch = isByTurns
            ? s_accelerator.LoadIterator<ArrayView<float>>(Some)
            : s_accelerator.LoadStreamKernel<ArrayView<float>>(static result =>
            {
                SharedMemory.Allocate<float>(1);
                if (Group.IdxX == 0)
                    Group.Barrier();
            });

        static IEnumerable<int> Some(ArrayView<float> result)
        {
            if (Group.IdxX == 0)
                yield return 0;
        }

        var failure = Assert.Throws<InvalidOperationException>(() => launch(new KernelConfig(1, 1, 1, 4, 1, 1), s_accelerator.Allocate1D<float>(1).View));

        Assert.Contains("others never reach", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The convolution of 2 images of consecutive numbers, by threads or by turns of one.</summary>
    private static float[] Run(string kernels, bool isByTurns)
    {
        var compilation = GeneratorHarness.Compile().AddSyntaxTrees(CSharpSyntaxTree.ParseText(kernels, GeneratorHarness.ParseOptions));
        compilation = isByTurns ? BarrierRewriter.Rewrite(compilation) : compilation;
        using var stream = new MemoryStream();
        Assert.True(compilation.Emit(stream).Success);
        var method = Assembly.Load(stream.ToArray()).GetTypes().Single(type => type.Name == "IlgpuKernels").GetMethod(Convolution)!;
        var (input, weights, bias, result) = (Numbers(2 * 32), Numbers(3 * 18), Numbers(3), Numbers(2 * 48));
        var launch = isByTurns && method.ReturnType != typeof(void)
            ? s_accelerator.LoadIterator(method.CreateDelegate<Func<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, IEnumerable<int>>>())
            : s_accelerator.LoadStreamKernel(method.CreateDelegate<Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int>>());
        launch(new KernelConfig(1, 1, 1, 64, 1, 1), input, weights, bias, result, 2);
        var numbers = new float[2 * 48];
        result.CopyToCPU(s_accelerator.DefaultStream, ref numbers[0], numbers.Length);
        return numbers;
    }

    private static ArrayView<float> Numbers(int count)
    {
        var numbers = Enumerable.Range(1, count).Select(i => (float)i).ToArray();
        var view = s_accelerator.Allocate1D<float>(count).View;
        view.CopyFromCPU(s_accelerator.DefaultStream, ref numbers[0], count);
        return view;
    }

    [GeneratedRegex(@"Group\.Barrier\(\);")]
    private static partial Regex Barrier();
}
