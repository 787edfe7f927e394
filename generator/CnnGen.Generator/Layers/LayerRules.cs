namespace CnnGen.Generator.Layers;

/// <summary>The rules that several layers share, each giving the problem that it finds, or null.</summary>
internal static class LayerRules
{
    /// <summary>A spatial layer after a vector, or after vectors of regions.</summary>
    public static Problem? RequireMap(Layer layer, string name, TensorShape input) => input.IsVector
        ? new Problem("CNN2004", "", [name, layer.Kind, input.ToString()])
        : RequireNoRegions(layer, name, input);

    /// <summary>A layer that takes all rows of a map together, after vectors of regions.</summary>
    public static Problem? RequireNoRegions(Layer layer, string name, TensorShape input) => input.IsRegions
        ? new Problem("CNN2030", "", [name, layer.Kind, Numbers.Print(input.Height), Numbers.Print(input.Channels)])
        : null;

    /// <summary>Groups must divide the input's channels and the filters.</summary>
    public static Problem? RequireGroups(string name, int groups, int channels, int filters) =>
        channels % groups != 0 || filters % groups != 0
            ? new Problem(
                "CNN2003",
                "Groups",
                [name, Numbers.Print(groups), Numbers.Print(channels), Numbers.Print(filters), Divisors(channels, filters, groups)])
            : null;

    /// <summary>A number of groups or pieces must divide the channels.</summary>
    public static Problem? RequireDivisor(string name, string argument, int divisor, TensorShape input) => input.Channels % divisor == 0
        ? null
        : new Problem(
            "CNN2024",
            argument,
            [name, Numbers.Print(divisor), argument, Numbers.Print(input.Channels), input.IsVector ? "features" : "channels", Divisors(input.Channels, input.Channels, divisor)]);

    /// <summary>A part must lie within what it is a part of.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="argument">The argument that has the part's size.</param>
    /// <param name="count">The part's size.</param>
    /// <param name="what">Of what: <c>rows</c>.</param>
    /// <param name="first">Where the part begins.</param>
    /// <param name="size">How many there are.</param>
    public static Problem? RequirePart(string name, string argument, int count, string what, int first, int size) => (long)first + count <= size
        ? null
        : new Problem(
            "CNN2022",
            argument,
            [
                name, Numbers.Print(count), what, Numbers.Print(first), Numbers.Print(size),
                first < size ? "at most " + Numbers.Print(size - first) + " of them" : "an earlier first one",
            ]);

    /// <summary>The window must be no larger than the padded input, and ignore none of it unless told to.</summary>
    public static Problem? RequireFit(Layer layer, string name, Window window, TensorShape input) =>
        WindowRules.Check(layer, name, window, input);

    /// <summary>Winograd's algorithms are for 3x3 kernels (tiles of 2x2 outputs: 5x5 ones too), stride 1, dilation 1 and one group.</summary>
    public static Problem? RequireWinograd(string name, Conv2DLayer layer)
    {
        if (layer.Algorithm is not (ConvAlgorithm.Winograd2x2 or ConvAlgorithm.Winograd4x4))
            return null;
        var outputTile = layer.Algorithm == ConvAlgorithm.Winograd2x2 ? 2 : 4;
        if (layer.Spec.SuitsWinogradTile(outputTile))
            return null;
        var window = layer.Window;
        var has = new List<string>();
        if (window.Kernel != Size2.Square(3) && (window.Kernel != Size2.Square(5) || outputTile != 2))
            has.Add("a " + window.Kernel + " kernel");
        if (window.Stride != Size2.One)
            has.Add("Stride = " + Numbers.PrintArgument(window.Stride));
        if (window.Dilation != Size2.One)
            has.Add("Dilation = " + Numbers.PrintArgument(window.Dilation));
        if (layer.Groups != 1)
            has.Add("Groups = " + Numbers.Print(layer.Groups));
        return new Problem("CNN2008", "Algorithm", [name, layer.Algorithm.ToString(), outputTile == 2 ? "3x3 and 5x5" : "3x3", Numbers.All(has)]);
    }

    public static ShapeResult PoolShape(Layer layer, string name, Window window, TensorShape input)
    {
        if (RequireMap(layer, name, input) is { } notAMap)
            return notAMap;
        if (RequireFit(layer, name, window, input) is { } misfit)
            return misfit;
        var size = window.Output(input);
        return TensorShape.Map(input.Channels, size.Height, size.Width);
    }

    public static ShapeResult GlobalPoolShape(Layer layer, string name, TensorShape input) =>
        RequireMap(layer, name, input) is { } notAMap ? notAMap : TensorShape.Map(input.Channels, 1, 1);

    /// <summary>The window that covers a map.</summary>
    public static Window WholeWindow(TensorShape input) => new(new Size2(input.Height, input.Width), Size2.One, Size2.Zero, Size2.One, Rounding.Exact);

    /// <summary>The numbers of groups that would do: the nearest ones below, and the nearest one above.</summary>
    private static string Divisors(int channels, int filters, int groups)
    {
        var common = GreatestCommonDivisor(channels, filters);
        var divisors = new List<int>();
        for (var i = 1; (long)i * i <= common; i++)
        {
            if (common % i != 0)
                continue;
            divisors.Add(i);
            if (i != common / i)
                divisors.Add(common / i);
        }

        divisors.Sort();
        var below = divisors.Where(divisor => divisor < groups).ToList();
        var above = divisors.Where(divisor => divisor > groups).Take(1);
        return Numbers.Choice(below.Skip(Math.Max(0, below.Count - 2)).Concat(above).Select(Numbers.Print).ToList());
    }

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
