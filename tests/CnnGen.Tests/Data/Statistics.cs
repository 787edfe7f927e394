namespace CnnGen.Tests.Data;

internal static class Statistics
{
    /// <summary>The mean and the standard deviation of one channel's pixels in [0, 1].</summary>
    public static (double Mean, double Deviation) Of(ByteImageDataset dataset, int channel)
    {
        var area = dataset.Shape.Height * dataset.Shape.Width;
        long sum = 0;
        long squares = 0;
        for (var i = 0; i < dataset.Count; i++)
        {
            var pixels = dataset.GetBytes(i);
            for (var at = channel; at < pixels.Length; at += dataset.Shape.Channels)
            {
                var pixel = pixels[at];
                sum += pixel;
                squares += pixel * pixel;
            }
        }

        var count = (double)dataset.Count * area;
        var mean = sum / count / 255;
        return (mean, Math.Sqrt((squares / count / (255 * 255)) - (mean * mean)));
    }
}
