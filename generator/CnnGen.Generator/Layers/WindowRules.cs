using System.Globalization;

namespace CnnGen.Generator.Layers;

/// <summary>
/// Whether a window fits its input, and what to write instead where it doesn't. All sums are longs: an extent or a padded size may
/// pass what an int holds, and finding that out is this class's task.
/// </summary>
internal static class WindowRules
{
    /// <summary>Bounds of the searches: past them nobody would want what is found, and the compiler has waited long enough.</summary>
    private const int MostPadding = 1 << 20;

    private const int MostSteps = 1 << 10;

    public static Problem? Check(Layer layer, string name, Window window, TensorShape input)
    {
        if (IsTooLarge(window, input))
            return TooLarge(layer, name, window, input);
        if (SizeRules.CheckPadded(name, window, input) is { } overflow)
            return overflow;
        if (!IsProduct(layer) && HasEmptyWindow(window, input))
            return LiesInPadding(layer, name, window, input);
        return IgnoresInput(window, input) ? Ignores(layer, name, window, input) : null;
    }

    /// <summary>
    /// Rows (or columns) at the end that no window reaches, beyond what the layer passes over anyway: zero padding, and the gap
    /// that a stride larger than the kernel leaves between any two windows.
    /// </summary>
    public static long Ignored(int input, long extent, int stride, Sides padding)
    {
        var remainder = (input + padding.Sum - extent) % stride;
        var passedOver = padding.End + Math.Max(0, stride - extent);
        return remainder > passedOver ? remainder - padding.End : 0;
    }

    private static long Extent(int kernel, int dilation) => ((long)dilation * (kernel - 1)) + 1;

    private static bool IsTooLarge(Window window, TensorShape input) =>
        Extent(window.Kernel.Height, window.Dilation.Height) > input.Height + window.Padding.Rows.Sum
        || Extent(window.Kernel.Width, window.Dilation.Width) > input.Width + window.Padding.Columns.Sum;

    private static bool IgnoresInput(Window window, TensorShape input) =>
        window.Rounding == Rounding.Exact && (IgnoredRows(window, input) > 0 || IgnoredColumns(window, input) > 0);

    private static long IgnoredRows(Window window, TensorShape input) => Ignored(
        input.Height, Extent(window.Kernel.Height, window.Dilation.Height), window.Stride.Height, window.Padding.Rows);

    private static long IgnoredColumns(Window window, TensorShape input) => Ignored(
        input.Width, Extent(window.Kernel.Width, window.Dilation.Width), window.Stride.Width, window.Padding.Columns);

    /// <summary>Whether a proposal would do: what <see cref="Check"/> and the rule of pools' padding ask for.</summary>
    private static bool Fits(Layer layer, Window window, TensorShape input) =>
        !IsTooLarge(window, input)
        && !IgnoresInput(window, input)
        && (IsProduct(layer) || (HasPoolPadding(window) && !HasEmptyWindow(window, input)))
        && SizeRules.CheckPadded("", window, input) is null;

    /// <summary>Whether a window may lie in padding: its products then are 0, while a pool would have nothing to take.</summary>
    private static bool IsProduct(Layer layer) => layer is Conv2DLayer or LocallyConnected2DLayer;

    /// <summary>A pool's padding is at most half its window: otherwise a window could lie in padding alone.</summary>
    public static bool HasPoolPadding(Window window)
    {
        var most = MostPoolPadding(window);
        return window.Padding.AtMost(most) == window.Padding;
    }

    public static Size2 MostPoolPadding(Window window) => new(
        (int)Math.Min(Extent(window.Kernel.Height, window.Dilation.Height) / 2, int.MaxValue),
        (int)Math.Min(Extent(window.Kernel.Width, window.Dilation.Width) / 2, int.MaxValue));

    /// <summary>Whether some window has all its taps in padding: the taps of a dilated pool may all pass over a small input.</summary>
    public static bool HasEmptyWindow(Window window, TensorShape input) =>
        HasEmptyWindow(input.Height, window.Kernel.Height, window.Stride.Height, window.Padding.Rows, window.Dilation.Height)
        || HasEmptyWindow(input.Width, window.Kernel.Width, window.Stride.Width, window.Padding.Columns, window.Dilation.Width);

    private static bool HasEmptyWindow(int input, int kernel, int stride, Sides padding, int dilation)
    {
        // No gap between taps is as long as the input, so one of them is inside it.
        if (dilation <= input)
            return false;
        var last = (long)input + padding.End - Extent(kernel, dilation);
        for (long first = -padding.Start; first < 0 && first <= last; first += stride)
        {
            // The first tap that isn't before the input; the window's padding is at most half its extent, so there is one.
            var tap = (dilation - (-first % dilation)) % dilation;
            if (tap >= input)
                return true;
        }

        return false;
    }

    private static Problem LiesInPadding(Layer layer, string name, Window window, TensorShape input) => new(
        "CNN2006",
        "Dilation",
        [name, Kernel(window), Area(input), Numbers.PrintArgument(window.Padding), SmallerDilation(layer, window, input)]);

    /// <summary>The largest dilation, or else kernel, with which every window sees input, with as much of the padding as it allows.</summary>
    private static string SmallerDilation(Layer layer, Window window, TensorShape input)
    {
        foreach (var rounding in new[] { window.Rounding, Rounding.Floor })
        {
            var first = Math.Min(Math.Max(window.Dilation.Height, window.Dilation.Width) - 1, Math.Max(input.Height, input.Width));
            for (var dilation = first; dilation >= 1; dilation = first - dilation > MostSteps ? Math.Min(dilation - 1, 1) : dilation - 1)
            {
                var smaller = window with
                {
                    Dilation = new Size2(Math.Min(dilation, window.Dilation.Height), Math.Min(dilation, window.Dilation.Width)),
                    Rounding = rounding,
                };
                smaller = smaller with { Padding = window.Padding.AtMost(MostPoolPadding(smaller)) };
                if (!Fits(layer, smaller, input))
                    continue;
                var mend = "Dilation = " + Numbers.PrintArgument(smaller.Dilation);
                if (smaller.Padding != window.Padding)
                    mend += " with Padding = " + Numbers.PrintArgument(smaller.Padding);
                return rounding == window.Rounding ? mend : mend + " and Rounding = Rounding.Floor";
            }
        }

        for (var size = Math.Min(Math.Min(window.Kernel.Height, window.Kernel.Width), MostSteps); size > 1; size--)
        {
            if (WithPadding(size) is { } fitting)
                return Print(fitting);
        }

        return Print(WithPadding(1) ?? window);

        // A kernel of 1 always fits: its stride passes over what it doesn't see.
        Window? WithPadding(int size)
        {
            var smaller = window with { Kernel = Size2.Square(size) };
            smaller = smaller with { Padding = window.Padding.AtMost(MostPoolPadding(smaller)) };
            return Fits(layer, smaller, input) && Fits(layer, smaller with { Stride = smaller.Kernel }, input) ? smaller : null;
        }

        static string Print(Window window) => "a " + window.Kernel + " kernel with Padding = " + Numbers.PrintArgument(window.Padding);
    }

    private static Problem Ignores(Layer layer, string name, Window window, TensorShape input)
    {
        var rows = IgnoredRows(window, input);
        var columns = IgnoredColumns(window, input);
        var arithmetic = rows > 0
            ? Arithmetic(input.Height, Extent(window.Kernel.Height, window.Dilation.Height), window.Stride.Height, window.Padding.Rows)
            : Arithmetic(input.Width, Extent(window.Kernel.Width, window.Dilation.Width), window.Stride.Width, window.Padding.Columns);
        var mends = new List<string>();
        if (Strides(layer, window, input) is { Count: > 0 } strides)
            mends.Add("Stride = " + Numbers.Choice(strides));
        if (Padding(layer, window, input) is { } padding)
            mends.Add("Padding = " + Numbers.PrintArgument(padding));
        if (mends.Count == 0)
            mends.Add(SmallerDilation(layer, window, input));
        return new Problem(
            "CNN2001",
            "Stride",
            [
                name,
                Kernel(window),
                Area(input),
                Numbers.PrintArgument(window.Stride),
                arithmetic,
                Lost(rows, columns),
                string.Join(", or ", mends),
            ]);
    }

    private static Problem TooLarge(Layer layer, string name, Window window, TensorShape input)
    {
        var mends = new List<string>();
        if (SmallerKernel(layer, window, input) is { } kernel)
            mends.Add("a " + kernel + " kernel");
        if (Padding(layer, window, input) is { } padding)
            mends.Add("Padding = " + Numbers.PrintArgument(padding));

        // A pool's padding has a bound, and its stride may suit no kernel: then only a rounding helps.
        if (mends.Count == 0)
        {
            var floored = window with { Rounding = Rounding.Floor };
            mends.Add(
                SmallerKernel(layer, floored, input) is { } smaller ? "a " + smaller + " kernel with Rounding = Rounding.Floor"
                : Padding(layer, floored, input) is { } larger ? "Padding = " + Numbers.PrintArgument(larger) + " with Rounding = Rounding.Floor"
                : SmallerDilation(layer, window, input));
        }

        var isTall = Extent(window.Kernel.Height, window.Dilation.Height) > input.Height + window.Padding.Rows.Sum;
        return new Problem(
            "CNN2002",
            isTall ? "kernelHeight" : "kernelWidth",
            [name, Kernel(window), Area(input), Padded(window, input), Numbers.Choice(mends)]);
    }

    /// <summary>The kernel with its dilation where it has one: <c>3x3</c>, or <c>3x3 (5x5 with its dilation)</c>.</summary>
    private static string Kernel(Window window)
    {
        if (window.Dilation == Size2.One)
            return window.Kernel.ToString();
        return string.Format(
            CultureInfo.InvariantCulture,
            "{0} ({1}x{2} with its dilation)",
            window.Kernel,
            Extent(window.Kernel.Height, window.Dilation.Height),
            Extent(window.Kernel.Width, window.Dilation.Width));
    }

    private static string Area(TensorShape input) => new Size2(input.Height, input.Width).ToString();

    private static string Padded(Window window, TensorShape input) => string.Format(
        CultureInfo.InvariantCulture,
        "{0}x{1}",
        input.Height + window.Padding.Rows.Sum,
        input.Width + window.Padding.Columns.Sum);

    private static string Arithmetic(int input, long extent, int stride, Sides padding) => string.Format(
        CultureInfo.InvariantCulture,
        padding.IsSymmetric ? "({0} - {1} + 2*{2}) / {4} + 1 = {5:0.00}" : "({0} - {1} + {2} + {3}) / {4} + 1 = {5:0.00}",
        input,
        extent,
        padding.Start,
        padding.End,
        stride,
        ((input + padding.Sum - extent) / (decimal)stride) + 1);

    private static string Lost(long rows, long columns)
    {
        if (columns == 0)
            return rows == 1 ? "row" : Numbers.Print(rows) + " rows";
        if (rows == 0)
            return columns == 1 ? "column" : Numbers.Print(columns) + " columns";
        if (rows == columns)
            return rows == 1 ? "row and column" : Numbers.Print(rows) + " rows and columns";
        return (rows == 1 ? "row" : Numbers.Print(rows) + " rows") + " and " + (columns == 1 ? "column" : Numbers.Print(columns) + " columns");
    }

    /// <summary>The strides below the declared one that fit, the two largest of them.</summary>
    private static List<string> Strides(Layer layer, Window window, TensorShape input)
    {
        var found = new List<Size2>();
        if (window.Stride.Height == window.Stride.Width)
        {
            var last = LargestUseful(window, input);
            for (var stride = last; stride >= 1 && found.Count < 2; stride--)
            {
                // On an image that is huge and hardly divisible, the way down to 1 is cut short.
                if (last - stride > MostSteps)
                    stride = 1;
                if (Fits(layer, window with { Stride = Size2.Square(stride) }, input))
                    found.Insert(0, Size2.Square(stride));
            }
        }
        else
        {
            var height = window.Stride.Height;
            while (height > 1 && IgnoredRows(window with { Stride = new Size2(height, 1) }, input) > 0)
                height = window.Stride.Height - height < MostSteps ? height - 1 : 1;
            var width = window.Stride.Width;
            while (width > 1 && IgnoredColumns(window with { Stride = new Size2(1, width) }, input) > 0)
                width = window.Stride.Width - width < MostSteps ? width - 1 : 1;
            found.Add(new Size2(height, width));
        }

        return found.Select(Numbers.PrintArgument).ToList();
    }

    /// <summary>Where to begin to look for a stride: one that passes both the declared one and the room gives nothing new.</summary>
    private static int LargestUseful(Window window, TensorShape input)
    {
        var room = Math.Max(
            input.Height + window.Padding.Rows.Sum - Extent(window.Kernel.Height, window.Dilation.Height),
            input.Width + window.Padding.Columns.Sum - Extent(window.Kernel.Width, window.Dilation.Width));
        return (int)Math.Min(window.Stride.Height - 1, Math.Max(room, 1));
    }

    /// <summary>
    /// The smallest padding above the declared one that fits: one number where there is one, else one for each direction. Where sides differ, it grows below and to the right.
    /// </summary>
    private static Padding? Padding(Layer layer, Window window, TensorShape input)
    {
        // It has none.
        if (layer is LocallyConnected2DLayer)
            return null;
        var declared = window.Padding;
        var extent = (Height: Extent(window.Kernel.Height, window.Dilation.Height), Width: Extent(window.Kernel.Width, window.Dilation.Width));
        if (declared == Size2.Square(declared.Top))
        {
            var first = Math.Max(Needed(input.Height, extent.Height, declared.Top), Needed(input.Width, extent.Width, declared.Top));
            for (var padding = first; first <= MostPadding && padding <= first + MostSteps; padding++)
            {
                if (Fits(layer, window with { Padding = Size2.Square((int)padding) }, input))
                    return Size2.Square((int)padding);
            }
        }

        var found = Shapes.Padding.Of(
            PaddingAlong(input.Height, extent.Height, window.Stride.Height, declared.Rows, declared.IsSymmetric),
            PaddingAlong(input.Width, extent.Width, window.Stride.Width, declared.Columns, declared.IsSymmetric));
        return found != declared && Fits(layer, window with { Padding = found }, input) ? found : null;
    }

    private static Sides PaddingAlong(int input, long extent, int stride, Sides declared, bool isSymmetric)
    {
        for (long end = declared.End; end <= Math.Min(declared.End + (long)MostSteps, int.MaxValue); end++)
        {
            var padding = new Sides(isSymmetric ? (int)end : declared.Start, (int)end);
            if (extent <= input + padding.Sum && Ignored(input, extent, stride, padding) == 0)
                return padding;
        }

        return declared;
    }

    /// <summary>The padding from which the search starts: above the declared one, and enough for the kernel.</summary>
    private static long Needed(int input, long extent, int declared) => Math.Max(declared + 1L, (extent - input + 1) / 2);

    private static Size2? SmallerKernel(Layer layer, Window window, TensorShape input)
    {
        var height = LargestKernel(input.Height, window.Dilation.Height, window.Padding.Rows, window.Kernel.Height);
        var width = LargestKernel(input.Width, window.Dilation.Width, window.Padding.Columns, window.Kernel.Width);
        var largest = new Size2(height, width);
        if (window.Kernel.Height == window.Kernel.Width)
            largest = Size2.Square(Math.Min(height, width));
        var steps = 0;
        for (var kernel = largest; kernel.Height >= 1 && kernel.Width >= 1 && steps <= MostSteps; kernel = new Size2(kernel.Height - 1, kernel.Width - 1))
        {
            steps++;

            // A pool's stride follows its kernel where none was written, so the kernel must do with both.
            var smaller = window with { Kernel = kernel };
            if (Fits(layer, smaller, input) && (IsProduct(layer) || Fits(layer, smaller with { Stride = kernel }, input)))
                return kernel;
        }

        return null;
    }

    private static int LargestKernel(int input, int dilation, Sides padding, int declared) =>
        (int)Math.Min(declared, ((input + padding.Sum - 1) / dilation) + 1);
}
