namespace ILGPU.Runtime;

/// <summary>Test double of what loads kernels: one for each number of parameters, at most 14, as ILGPU has it.</summary>
public static partial class KernelLoaders
{
    public static Action<KernelConfig, T1> LoadStreamKernel<T1>(this Accelerator accelerator, Action<T1> kernel)
        where T1 : struct =>
        (config, p1) => GroupRun.Launch(config, kernel.Method, () => kernel(p1));

    public static Action<KernelConfig, T1, T2> LoadStreamKernel<T1, T2>(this Accelerator accelerator, Action<T1, T2> kernel)
        where T1 : struct where T2 : struct =>
        (config, p1, p2) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2));

    public static Action<KernelConfig, T1, T2, T3> LoadStreamKernel<T1, T2, T3>(this Accelerator accelerator, Action<T1, T2, T3> kernel)
        where T1 : struct where T2 : struct where T3 : struct =>
        (config, p1, p2, p3) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3));

    public static Action<KernelConfig, T1, T2, T3, T4> LoadStreamKernel<T1, T2, T3, T4>(this Accelerator accelerator, Action<T1, T2, T3, T4> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct =>
        (config, p1, p2, p3, p4) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4));

    public static Action<KernelConfig, T1, T2, T3, T4, T5> LoadStreamKernel<T1, T2, T3, T4, T5>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct =>
        (config, p1, p2, p3, p4, p5) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6> LoadStreamKernel<T1, T2, T3, T4, T5, T6>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct =>
        (config, p1, p2, p3, p4, p5, p6) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct where T13 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13));

    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> kernel)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct where T13 : struct where T14 : struct =>
        (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14) => GroupRun.Launch(config, kernel.Method, () => kernel(p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14));
}
