namespace CnnGen.Campaigns.Images;

/// <summary>Damages small images of every format and decodes them: an image or the one documented exception, within bounds of memory and time.</summary>
internal sealed class ImagesCampaign : Campaign
{
    public override string Name => "images";

    public override string Description => "Decodes damaged images of every format: an image or an ImageException comes, and nothing else, within the bounds of memory and time.";

    public override void Run(CampaignRun run)
    {
        var images = new MutatedImages(ImageCorpus.Load(Folder()));
        while (run.Next(out var random))
        {
            if (images.Try(random, out var isDecoded) is { } fault)
                run.Fault(fault);
            run.Count(isDecoded ? "decoded" : "refused");
        }
    }

    /// <summary>The files that the tests of JPEG have: the campaigns run from a clone.</summary>
    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CnnGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("No folder above the program holds CnnGen.sln: the campaign's images are in a clone.");
        return Path.Combine(folder.FullName, "tests", "CnnGen.Images.Tests", "Jpeg", "files");
    }
}
