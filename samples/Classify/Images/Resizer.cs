namespace ClassifySample.Images;

/// <summary>
/// Brings an image to a size, each axis by itself, without keeping its proportions. Along an axis that shrinks, an output pixel is the mean of the
/// stretch of input that it covers (its ends by the part covered); along one that grows, it lies between the two nearest inputs (bilinear; centres of pixels
/// at half coordinates, the border's pixel goes on past it). Sums are in single precision, rows before columns, and rounded to the nearest byte once.
/// </summary>
internal static class Resizer
{
    public static Image Resize(Image image, int width, int height)
    {
        if (image.Width == width && image.Height == height)
            return image;
        var columns = new Axis(image.Width, width);
        var rows = new Axis(image.Height, height);
        var channels = image.Channels;
        var stride = width * channels;
        var pixels = new byte[height * stride];
        var line = new float[stride];
        var sum = new float[stride];
        for (var y = 0; y < height; y++)
        {
            sum.AsSpan().Clear();
            for (var i = 0; i < rows.Count(y); i++)
            {
                Row(image.Pixels.AsSpan((rows.First(y) + i) * image.Width * channels, image.Width * channels), line, columns, channels);
                var weight = rows.Weight(y, i);
                for (var x = 0; x < stride; x++)
                    sum[x] += line[x] * weight;
            }

            for (var x = 0; x < stride; x++)
                pixels[(y * stride) + x] = (byte)Math.Clamp((int)(sum[x] + 0.5f), 0, 255);
        }

        return new Image(width, height, channels, pixels);
    }

    private static void Row(ReadOnlySpan<byte> source, Span<float> line, Axis columns, int channels)
    {
        for (var x = 0; x < line.Length / channels; x++)
        {
            var first = columns.First(x);
            for (var c = 0; c < channels; c++)
            {
                var sum = 0f;
                for (var i = 0; i < columns.Count(x); i++)
                    sum += source[((first + i) * channels) + c] * columns.Weight(x, i);
                line[(x * channels) + c] = sum;
            }
        }
    }

    /// <summary>Which inputs an output is made of along one axis, and how much of each.</summary>
    private sealed class Axis
    {
        private readonly int[] _first;
        private readonly int[] _count;
        private readonly float[] _weights;
        private readonly int _most;

        public Axis(int input, int output)
        {
            _most = input > output ? (input / output) + 2 : 2;
            _first = new int[output];
            _count = new int[output];
            _weights = new float[output * _most];
            for (var i = 0; i < output; i++)
            {
                if (input > output)
                    Cover(i, input, output);
                else
                    Between(i, input, output);
            }
        }

        public int First(int index) => _first[index];

        public int Count(int index) => _count[index];

        public float Weight(int index, int i) => _weights[(index * _most) + i];

        // Output i covers [i * input / output, (i + 1) * input / output): in parts of 1 / output, whole numbers.
        private void Cover(int index, int input, int output)
        {
            var (start, end) = ((long)index * input, ((long)index + 1) * input);
            _first[index] = (int)(start / output);
            for (var position = start; position < end; _count[index]++)
            {
                var next = Math.Min(end, ((position / output) + 1) * output);
                _weights[(index * _most) + _count[index]] = (next - position) / (float)input;
                position = next;
            }
        }

        // The centre of output i lies at (i + 1/2) * input / output - 1/2.
        private void Between(int index, int input, int output)
        {
            var numerator = (((2L * index) + 1) * input) - output;
            var denominator = 2L * output;
            var low = numerator < 0 ? 0 : numerator / denominator;
            var part = numerator < 0 ? 0 : (numerator - (low * denominator)) / (float)denominator;
            if (low >= input - 1)
                (low, part) = (input - 1, 0);
            _first[index] = (int)low;
            _count[index] = part > 0 ? 2 : 1;
            _weights[index * _most] = 1 - part;
            _weights[(index * _most) + 1] = part;
        }
    }
}
