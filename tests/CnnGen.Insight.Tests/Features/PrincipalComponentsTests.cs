namespace CnnGen.Insight.Tests.Features;

/// <summary>Principal components against cases whose answer is known, on each of the three ways of finding them.</summary>
public sealed class PrincipalComponentsTests
{
    [Fact]
    public void Points_on_a_line_have_one_component()
    {
        // (t, 2t) + (5, -1) for t of -2, -1, 1, 2: variance 10/3 along t, times 5.
        var components = PrincipalComponents.Of([3, -5, 4, -3, 6, 1, 7, 3], 4, 2);

        Assert.Equal([5.0, -1.0], components.Mean.ToArray());
        Assert.Equal(50.0 / 3, components.Variances[0], 1e-12);
        Assert.Equal(0, components.Variances[1], 1e-12);
        Assert.Equal(1, components.ExplainedShares[0], 1e-12);
        Assert.Equal(1 / Math.Sqrt(5), components.Component(0)[0], 1e-12);
        Assert.Equal(2 / Math.Sqrt(5), components.Component(0)[1], 1e-12);
        Assert.Equal(-2 * Math.Sqrt(5), components.Project([3, -5])[0], 1e-6);
        Assert.Equal(0, components.Project([3, -5])[1], 1e-6);
    }

    /// <summary>Vectors of known spread along known directions: fewer features than vectors, fewer vectors than features, and more than 256 of both.</summary>
    [Theory]
    [InlineData(400, 20)]
    [InlineData(20, 400)]
    [InlineData(300, 350)]
    public void Known_directions_are_found(int count, int length)
    {
        var random = new Random(4);
        var directions = Orthonormal(3, length, random);
        double[] sizes = [9, 4, 1.5];
        var features = new float[count * length];
        var weights = new double[count * 3];
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                weights[(i * 3) + k] = sizes[k] * Gauss(random);
                for (var j = 0; j < length; j++)
                    features[(i * length) + j] += (float)(weights[(i * 3) + k] * directions[(k * length) + j]);
            }

            for (var j = 0; j < length; j++)
                features[(i * length) + j] += 0.5f + (float)(0.001 * Gauss(random));
        }

        var components = PrincipalComponents.Of(features, count, length, 3);

        // What is left beside the three is the noise.
        Assert.InRange(components.ExplainedShares.Sum(), 0.9999, 1);
        var total = 0.0;
        for (var a = 0; a < 3; a++)
        {
            for (var b = 0; b < 3; b++)
            {
                var dot = 0.0;
                for (var j = 0; j < length; j++)
                    dot += components.Component(a)[j] * components.Component(b)[j];
                Assert.Equal(a == b ? 1 : 0, dot, 1e-9);
                var overlap = 0.0;
                for (var j = 0; j < length; j++)
                    overlap += components.Component(a)[j] * directions[(b * length) + j];
                total += overlap * overlap;
            }
        }

        Assert.Equal(3, total, 1e-3);

        // Places along the components have these variances, and don't vary together.
        var places = components.Project(features);
        for (var a = 0; a < 3; a++)
        {
            for (var b = 0; b < 3; b++)
            {
                var sum = 0.0;
                for (var i = 0; i < count; i++)
                    sum += (double)places[(i * 3) + a] * places[(i * 3) + b];
                Assert.Equal(a == b ? components.Variances[a] : 0, sum / (count - 1), 1e-3);
            }
        }

        Assert.Equal(components.Variances, PrincipalComponents.Of(features, count, length, 3).Variances);
        Assert.Equal(components.Component(1).ToArray(), PrincipalComponents.Of(features, count, length, 3).Component(1).ToArray());
    }

    [Fact]
    public void Eigenvectors_solve_the_equation()
    {
        const int N = 24;
        var random = new Random(2);
        var matrix = new double[N * N];
        for (var i = 0; i < N; i++)
        {
            for (var j = i; j < N; j++)
                matrix[(i * N) + j] = matrix[(j * N) + i] = random.NextDouble() - 0.5;
        }

        var (values, vectors) = SymmetricEigen.Solve([.. matrix], N);

        Assert.Equal(values.OrderDescending(), values);
        for (var k = 0; k < N; k++)
        {
            for (var i = 0; i < N; i++)
            {
                var product = 0.0;
                for (var j = 0; j < N; j++)
                    product += matrix[(i * N) + j] * vectors[(k * N) + j];
                Assert.Equal(values[k] * vectors[(k * N) + i], product, 1e-12);
            }
        }
    }

    [Fact]
    public void Equal_vectors_have_no_spread_and_faults_are_said()
    {
        var components = PrincipalComponents.Of([1, 2, 3, 1, 2, 3, 1, 2, 3], 3, 3);
        Assert.Equal([0.0, 0.0], components.Variances);
        Assert.Equal([0.0, 0.0], components.ExplainedShares);
        Assert.All(components.Project([1, 2, 3]), place => Assert.Equal(0, place));

        Assert.Contains("vector 1 is NaN", Assert.Throws<ArgumentException>(() => PrincipalComponents.Of([1, 2, float.NaN, 4], 2, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 2 components", Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Of([1, 2, 3, 4], 2, 2, 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Of([1, 2], 1, 2));
        Assert.Throws<ArgumentException>(() => components.Project([1, 2]));
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[] Orthonormal(int count, int length, Random random)
    {
        var directions = new double[count * length];
        for (var k = 0; k < count; k++)
        {
            var direction = directions.AsSpan(k * length, length);
            for (var j = 0; j < length; j++)
                direction[j] = Gauss(random);
            for (var earlier = 0; earlier <= k; earlier++)
            {
                var other = directions.AsSpan(earlier * length, length);
                var dot = 0.0;
                for (var j = 0; j < length; j++)
                    dot += direction[j] * other[j];
                for (var j = 0; j < length; j++)
                    direction[j] = earlier == k ? direction[j] / Math.Sqrt(dot) : direction[j] - (dot * other[j]);
            }
        }

        return directions;
    }
}
