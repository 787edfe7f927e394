using CnnGen.Runtime;

namespace CnnGen.Tests.Vectors;

/// <summary>A kernel brought to one form: reads n floats at a and n at b, writes n at y, returns what the kernel returns (or 0).</summary>
internal unsafe delegate double Operation(float* a, float* b, float* y, int n);

/// <summary>Every kernel over a run of n elements, by name, for one instruction set.</summary>
internal static unsafe class KernelOperations
{
    public static IReadOnlyDictionary<string, Operation> On(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => Of<Avx512Unit, System.Runtime.Intrinsics.Vector512<float>, System.Runtime.Intrinsics.Vector512<uint>, System.Runtime.Intrinsics.Vector512<double>>(),
        InstructionSet.Avx2 => Of<Avx2Unit, System.Runtime.Intrinsics.Vector256<float>, System.Runtime.Intrinsics.Vector256<uint>, System.Runtime.Intrinsics.Vector256<double>>(),
        _ => Of<ScalarUnit, float, uint, double>(),
    };

    private static Dictionary<string, Operation> Of<TUnit, TVector, TInts, TWide>()
        where TUnit : struct, IVectorUnit<TVector, TInts, TWide>
        where TVector : struct
        where TInts : struct
        where TWide : struct
    {
        var all = new Dictionary<string, Operation>();
        void Void(string name, VoidOperation operation) => all.Add(name, (a, b, y, n) =>
        {
            operation(a, b, y, n);
            return 0;
        });

        // Kernels that work in place: their second input is copied to the output first.
        void InPlace(string name, VoidOperation operation) => Void(name, (a, b, y, n) =>
        {
            for (var i = 0; i < n; i++)
                y[i] = b[i];
            operation(a, b, y, n);
        });

        Void("ReLU", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.ReLU(a, y, n));
        Void("LeakyReLU", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LeakyReLU(a, y, 0.01f, n));
        Void("ELU", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.ELU(a, y, 1.5f, n));
        Void("Sigmoid", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Sigmoid(a, y, n));
        Void("Tanh", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Tanh(a, y, n));
        Void("Softplus", (a, b, y, n) => Each<TUnit, TVector, TInts, TWide>(a, y, n, VectorKernels<TUnit, TVector, TInts, TWide>.Softplus));
        Void("Softsign", (a, b, y, n) => Each<TUnit, TVector, TInts, TWide>(a, y, n, VectorKernels<TUnit, TVector, TInts, TWide>.Softsign));
        Void("NormalCdf", (a, b, y, n) => Each<TUnit, TVector, TInts, TWide>(a, y, n, VectorKernels<TUnit, TVector, TInts, TWide>.NormalCdf));
        InPlace("ReLUBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.ReLUBackward(a, y, n));
        InPlace("LeakyReLUBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LeakyReLUBackward(a, y, 0.01f, n));
        InPlace("ELUBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.ELUBackward(a, y, 1.5f, n));
        InPlace("SigmoidBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.SigmoidBackward(a, y, n));
        InPlace("TanhBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.TanhBackward(a, y, n));
        Void("Softmax", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Softmax(a, y, n));
        InPlace("SoftmaxBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.SoftmaxBackward(a, y, n));
        Void("LogSoftmax", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LogSoftmax(a, y, n));
        InPlace("LogSoftmaxBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LogSoftmaxBackward(a, y, n));
        Void("LogSoftmax of planes", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LogSoftmax(a, y, Rows(n), n / Rows(n), n / Rows(n), 1));
        InPlace("LogSoftmaxBackward of planes", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LogSoftmaxBackward(a, y, Rows(n), n / Rows(n), n / Rows(n), 1));
        Void("Standardize over channels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Standardize(a, y, n, 1, 1, 1, 1, n, n, 1e-3f));
        Void("Standardize over planes", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Standardize(a, y, Rows(n), 1, 1, n / Rows(n), n / Rows(n), n, 1, 1e-3f));
        InPlace("StandardizeBackward over channels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.StandardizeBackward(a, y, y, n, 1, 1, 1, 1, n, n, 1e-3f));
        Void("Standardize at pixels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.StandardizePixels(a, y, Rows(n), n / Rows(n), n / Rows(n), 1e-3f));
        InPlace("StandardizeBackward at pixels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.StandardizePixelsBackward(a, y, y, Rows(n), n / Rows(n), n / Rows(n), 1e-3f));
        Void("Power", (a, b, y, n) => Each<TUnit, TVector, TInts, TWide>(a, y, n, x => VectorKernels<TUnit, TVector, TInts, TWide>.Power(x, 1.5f)));
        Void("Square root of a power", (a, b, y, n) => Each<TUnit, TVector, TInts, TWide>(a, y, n, x => VectorKernels<TUnit, TVector, TInts, TWide>.Power(x, 0.5f)));
        Void("SignedPower", (a, b, y, n) => Each<TUnit, TVector, TInts, TWide>(a, y, n, x => VectorKernels<TUnit, TVector, TInts, TWide>.SignedPower(x, -0.5f)));
        Void("LargestOfParts", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LargestOfParts(a, y, n / 2, new(1, 2, 1, n, n / 2), new(1, 1, 1, n, n)));
        Void("LargestOfPartsBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LargestOfPartsBackward(
            a, b, b, y, n / 2, new(1, 2, 1, n, n / 2), new(1, 1, 1, n, n)));
        Void("Maxout", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Maxout(a, y, 1, 2, new(1, n / 2, n / 2, n, 1), new(1, n / 2, n, n, 1)));
        Void("MaxoutBackward", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.MaxoutBackward(a, b, b, y, 1, 2, new(1, n / 2, n / 2, n, 1), new(1, n / 2, n, n, 1)));
        Void("RegionPool", (a, b, y, n) => WithRegion(region => VectorKernels<TUnit, TVector, TInts, TWide>.RegionPool(a, (float*)region, y, n / 2, new(1, 1, 1), new(1, 2, 1, n, n / 2), new(1, 1, 1, n, n), 0, 1)));
        Void("RegionPoolBackward", (a, b, y, n) => WithRegion(region => VectorKernels<TUnit, TVector, TInts, TWide>.RegionPoolBackward(a, (float*)region, b, y, n / 2, new(1, 1, 1), new(1, 2, 1, n, n / 2), new(1, 1, 1, n, n))));
        Void("RegionAlign", (a, b, y, n) => WithRegion(region =>
            VectorKernels<TUnit, TVector, TInts, TWide>.RegionAlign(a, (float*)region, y, n / 2, new(1, 1, 0.75f), new(5, true), new(1, 2, 1, n, n / 2), new(1, 1, 1, n, n), 0, 1)));
        Void("RegionAlignBackward", (a, b, y, n) => WithRegion(region =>
            VectorKernels<TUnit, TVector, TInts, TWide>.RegionAlignBackward((float*)region, b, y, n / 2, new(1, 1, 0.75f), new(5, true), new(1, 2, 1, n, n / 2), new(1, 1, 1, n, n))));
        all.Add("LabelBoxes", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LabelBoxes(a, b, y, n / 10, 2, 0.25f));
        Void("LocallyConnected", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LocallyConnected(a, b, null, y, OnePixel(n)));
        Void("LocallyConnectedInputGradient", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LocallyConnectedInputGradient(a, b, y, OnePixel(n)));
        Void("LocallyConnectedWeightGradient", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LocallyConnectedWeightGradient(a, b, y, null, 1, 0, 0, 0, 1, OnePixel(n)));
        all.Add("WeightedCrossEntropy", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.WeightedCrossEntropy(a, b, y, n, 0.25f, 0.1f, new ReadOnlySpan<float>(b, n)));
        all.Add("PixelCrossEntropy", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.PixelCrossEntropy(a, b, y, Rows(n), n / Rows(n), 0.25f, 0.1f, default));
        all.Add("PixelCrossEntropy, classes weighted", (a, b, y, n) =>
            VectorKernels<TUnit, TVector, TInts, TWide>.PixelCrossEntropy(a, b, y, Rows(n), n / Rows(n), 0.25f, 0f, [1, 2, 0.5f, 0, 3, 1, 1, 1, 2]));
        all.Add("PixelHinge", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.PixelHinge(a, b, y, Rows(n), n / Rows(n), 0.25f));
        all.Add("CrossEntropy", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.CrossEntropy(a, b, y, n, 0.25f));
        all.Add("HalfSquaredError", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.HalfSquaredError(a, b, y, n, 0.25f));
        all.Add("SmoothedCrossEntropy", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.SmoothedCrossEntropy(a, b, y, n, 0.25f, 0.1f));
        all.Add("BinaryCrossEntropy", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.BinaryCrossEntropy(a, b, y, n, 0.25f));
        all.Add("Hinge", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Hinge(a, b, y, n, 0.25f));
        all.Add("AbsoluteError", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.AbsoluteError(a, b, y, n, 0.25f));
        all.Add("Huber", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Huber(a, b, y, n, 0.25f, 0.5f));
        Void("Dropout", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Dropout(a, y, n, 77, 3, int.MaxValue - 20, 0.4f));
        Void("Dropout of planes", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.DropoutPlanes(a, y, 1, 1, n, n, n, n, 77, 3, 0.4f));
        Void("Dropout of pixels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.DropoutPixels(a, y, n, 1, 1, n, n, 77, 3, 0.4f));
        Void("Add", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Add(a, b, y, n));
        InPlace("AddInto", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.AddInto(a, y, n));
        Void("Scale", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Scale(a, y, 0.3f, n));
        Void("Clear", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.Clear(y, n));
        Void("SumPartials", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.SumPartials(a, 3, 0, y, n));
        all.Add("PlaneSum", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.PlaneSum(a, 1, n, n));
        all.Add("PlaneSquares", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.PlaneSquares(a, 1, n, n, 0.1));
        all.Add("PlaneProducts", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.PlaneProducts(a, n, b, n, 1, n, 0.1));
        Void("ScaleShiftPlane", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.ScaleShiftPlane(a, n, y, n, 1, n, 1.1f, -0.3f));
        Void("CombinePlane", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.CombinePlane(a, n, b, n, y, n, 1, n, 1.1f, -0.3f, 0.2f));
        Void("ScaleShiftChannels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.ScaleShiftChannels(a, 0, 0, y, 0, 0, 1, 1, n, b, a));
        Void("CombineChannels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.CombineChannels(a, 0, 0, b, 0, 0, y, 0, 0, 1, 1, n, b, a, b));
        Void("ChannelSums", (a, b, y, n) => WithSums(y, n, sums => VectorKernels<TUnit, TVector, TInts, TWide>.ChannelSums(a, 1, 3, n, 0, 0, (double*)sums)));
        Void("ChannelSquares", (a, b, y, n) => WithSums(y, n, sums => VectorKernels<TUnit, TVector, TInts, TWide>.ChannelSquares(a, 1, 3, n, 0, 0, (double*)sums + n, (double*)sums)));
        Void("ChannelGradientSums", (a, b, y, n) => WithSums(y, n, sums =>
            VectorKernels<TUnit, TVector, TInts, TWide>.ChannelGradientSums(a, 0, 0, b, 0, 0, 3, 1, n, (double*)sums + n, (double*)sums, (double*)sums + (2 * n))));
        foreach (var beta in new[] { 0.5f, 0.6f, 0.75f, 1f })
        {
            var name = FormattableString.Invariant($"{beta}");
            Void($"LocalResponseNorm over channels {name}", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LocalResponseNorm(a, y, n, 1, 1, n, 5, 1e-2f, beta, 2f));
            Void($"LocalResponseNorm over pixels {name}", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.LocalResponseNorm(a, y, 1, n, n, 1, 4, 1e-2f, beta, 2f));
            InPlace($"LocalResponseNormBackward over channels {name}", (a, b, y, n) =>
                VectorKernels<TUnit, TVector, TInts, TWide>.LocalResponseNormBackward(a, y, y, n, 1, 1, n, 4, 1e-2f, beta, 2f));
            InPlace($"LocalResponseNormBackward over pixels {name}", (a, b, y, n) =>
                VectorKernels<TUnit, TVector, TInts, TWide>.LocalResponseNormBackward(a, y, y, 1, n, n, 1, 5, 1e-2f, beta, 2f));
        }

        Void("PlanarToPixels", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.PlanarToPixels(a, y, Rows(n), 1, n / Rows(n), 0, n / Rows(n), 0, Rows(n)));
        Void("PixelsToPlanar", (a, b, y, n) => VectorKernels<TUnit, TVector, TInts, TWide>.PixelsToPlanar(a, y, Rows(n), 1, n / Rows(n), 0, Rows(n), 0, n / Rows(n)));
        return all;
    }

    /// <summary>One pixel of one channel, and n filters.</summary>
    private static LocalWindows OnePixel(int n) => new(Math.Min(n, 1), 1, 1, 1, 1, 1, 1, n, 1, 1, 1, 1, n, n);

    /// <summary>A region over a map of one row and two columns.</summary>
    private static void WithRegion(Action<nint> kernel)
    {
        var region = stackalloc float[] { 0, 0, 1, 1 };
        kernel((nint)region);
    }

    private static int Rows(int n) => n >= 64 ? 8 : n >= 16 ? 9 : 1;

    private static void WithSums(float* y, int n, Action<nint> kernel)
    {
        var doubles = stackalloc double[3 * n];
        for (var c = 0; c < n; c++)
            (doubles[c], doubles[n + c], doubles[(2 * n) + c]) = (c, 0.1 * c, -c);
        kernel((nint)doubles);
        for (var c = 0; c < n; c++)
            y[c] = (float)(doubles[c] + doubles[(2 * n) + c]);
    }

    /// <summary>A function of a vector over a run, as emitted loops have it.</summary>
    private static void Each<TUnit, TVector, TInts, TWide>(float* x, float* y, int n, Func<TVector, TVector> function)
        where TUnit : struct, IVectorUnit<TVector, TInts, TWide>
        where TVector : struct
        where TInts : struct
        where TWide : struct
    {
        var i = 0;
        for (; i <= n - TUnit.Lanes; i += TUnit.Lanes)
            TUnit.Store(y + i, function(TUnit.Load(x + i)));
        if (i < n)
            TUnit.StorePartial(y + i, function(TUnit.LoadPartial(x + i, n - i)), n - i);
    }

    private delegate void VoidOperation(float* a, float* b, float* y, int n);
}
