using CnnGen.Campaigns.Images;

namespace CnnGen.Images.Tests;

/// <summary>The short form of the campaign <c>images</c> (tests/CnnGen.Campaigns).</summary>
public sealed class DamageTests
{
    [Fact]
    public void Damaged_images_are_decoded_or_refused_and_nothing_else()
    {
        var images = new MutatedImages(ImageCorpus.Load(Path.Combine(Repository.Tests, "Jpeg", "files")));
        var decoded = 0;
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Null(images.Try(new Random(i), out var isDecoded));
            decoded += isDecoded ? 1 : 0;
        }

        // Both ways are walked.
        Assert.InRange(decoded, 1000, 19_000);
    }
}
