namespace ILGPU.Runtime;

// Of kernels that tests have rewritten to iterators: where the text has a barrier, the method yields.
public static partial class KernelLoaders
{
    public static Action<KernelConfig, T1> LoadIterator<T1>(this Accelerator accelerator, Func<T1, IEnumerable<int>> kernel)
        where T1 : struct =>
        (config, p1) => TurnRun.Launch(config, () => kernel(p1));

    public static Action<KernelConfig, T1, T2> LoadIterator<T1, T2>(this Accelerator accelerator, Func<T1, T2, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct =>
        (config, p1, p2) => TurnRun.Launch(config, () => kernel(p1, p2));

    public static Action<KernelConfig, T1, T2, T3> LoadIterator<T1, T2, T3>(this Accelerator accelerator, Func<T1, T2, T3, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct =>
        (config, p1, p2, p3) => TurnRun.Launch(config, () => kernel(p1, p2, p3));

    public static Action<KernelConfig, T1, T2, T3, T4> LoadIterator<T1, T2, T3, T4>(this Accelerator accelerator, Func<T1, T2, T3, T4, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct =>
        (config, p1, p2, p3, p4) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4));

    public static Action<KernelConfig, T1, T2, T3, T4, T5> LoadIterator<T1, T2, T3, T4, T5>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct =>
        (config, p1, p2, p3, p4, p5) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6> LoadIterator<T1, T2, T3, T4, T5, T6>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct =>
        (config, p1, p2, p3, p4, p5, p6) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7> LoadIterator<T1, T2, T3, T4, T5, T6, T7>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8> LoadIterator<T1, T2, T3, T4, T5, T6, T7, T8>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, T8, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9> LoadIterator<T1, T2, T3, T4, T5, T6, T7, T8, T9>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, T8, T9, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> LoadIterator<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> LoadIterator<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> LoadIterator<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> LoadIterator<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct where T13 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> LoadIterator<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(this Accelerator accelerator, Func<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, IEnumerable<int>> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct where T13 : struct where T14 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14) => TurnRun.Launch(config, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14));
}
