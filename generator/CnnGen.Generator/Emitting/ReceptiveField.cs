using System.Globalization;
using System.Numerics;
using CnnGen.Generator.Graph;
using CnnGen.Generator.Arguments.Formulas;
using CnnGen.Generator.Layers;

namespace CnnGen.Generator.Emitting;

/// <summary>
/// Rows and columns of the image that one element sees at most (Araujo, Norris, Sim 2019, "Computing Receptive Fields of Convolutional Neural Networks", section 2).
/// </summary>
internal readonly record struct ReceptiveField(ReceptiveField.Axis Rows, ReceptiveField.Axis Columns)
{
    /// <summary>What a node's elements see.</summary>
    /// <param name="node">The node.</param>
    /// <param name="fields">Those of the nodes before it, by their indices.</param>
    public static ReceptiveField Of(Node node, IReadOnlyList<ReceptiveField> fields)
    {
        if (node.Inputs.Count == 0)
            return new ReceptiveField(Axis.OfImage, Axis.OfImage);

        // Where several paths meet, the widest counts.
        var field = node.Inputs.Select(input => fields[input]).Aggregate((a, b) => new ReceptiveField(Axis.Widest(a.Rows, b.Rows), Axis.Widest(a.Columns, b.Columns)));
        if (node.Layer.Enlarges is { } enlarges)
        {
            return new ReceptiveField(
                field.Rows.Enlarged(enlarges.Factor.Height, enlarges.Seen.Height), field.Columns.Enlarged(enlarges.Factor.Width, enlarges.Seen.Width));
        }

        return node.Layer.FieldOver(node.InputShape) is { } window
            ? new ReceptiveField(
                field.Rows.Through(window.Extent.Height, window.Stride.Height), field.Columns.Through(window.Extent.Width, window.Stride.Width))
            : field;
    }

    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0}x{1}", Rows.Size, Columns.Size);

    /// <summary>One of the two directions.</summary>
    /// <param name="Field">Pixels of the image that an element saw where the map was last enlarged.</param>
    /// <param name="Unit">Pixels from one element to the next there.</param>
    /// <param name="Beyond">What an element sees beyond a single one of those, in units: a part of one shows the whole.</param>
    /// <param name="Step">Units from one element to the next.</param>
    public readonly record struct Axis(BigInteger Field, BigInteger Unit, Rational Beyond, Rational Step)
    {
        public static Axis OfImage { get; } = new(1, 1, Rational.Of(0), Rational.Of(1));

        public BigInteger Size => Field + (Unit * BigInteger.Max(0, (Beyond.Dividend + Beyond.Divisor - 1) / Beyond.Divisor));

        private Rational Distance => Rational.Of(Unit) * Step;

        public Axis Through(int extent, int stride) => this with { Beyond = Beyond + (Rational.Of(extent - 1) * Step), Step = Step * Rational.Of(stride) };

        public Axis Enlarged(int factor, int seen)
        {
            var before = Step.IsWhole ? new Axis(Size, Unit * Step.Dividend, Rational.Of(0), Rational.Of(1)) : this;
            var step = before.Step / Rational.Of(factor);
            return before with { Beyond = before.Beyond + (Rational.Of(seen) * step), Step = step };
        }

        public static Axis Widest(Axis a, Axis b)
        {
            var (wide, other) = a.Size >= b.Size ? (a, b) : (b, a);
            return other.Distance > wide.Distance ? wide with { Step = other.Distance / Rational.Of(wide.Unit) } : wide;
        }
    }
}
