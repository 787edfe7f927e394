using System.Diagnostics;

namespace CnnGen.Campaigns.Files;

/// <summary>
/// Reads damaged files of weights and images, in every way in which they can be given. A file is either read, and then is consistent in itself, or refused with
/// <see cref="InvalidDataException"/>; a model is loaded whole or left as it was; time and memory stay in proportion to the file.
/// </summary>
internal sealed class FuzzCampaign : Campaign
{
    private const long MostMemory = 96 << 20;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(20);

    public override string Name => "fuzz";

    public override string Description => "Reads damaged safetensors, IDX, CIFAR and gzip files: each is read or refused, within bounds, and a model is loaded whole or left as it was.";

    public override void Run(CampaignRun run)
    {
        var folder = Directory.CreateTempSubdirectory("cnngen-fuzz-");
        try
        {
            var cases = new FuzzCase[] { new WeightsFuzz(), new WeightsFuzz(), new IdxFuzz(), new CifarFuzz() };
            var path = Path.Combine(folder.FullName, "file");
            while (run.Next(out var random))
            {
                var one = cases[random.Next(cases.Length)];
                var bytes = one.Damaged(random);
                Try(run, one, bytes, path, random);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Try(CampaignRun run, FuzzCase one, byte[] bytes, string path, Random random)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var fault = one.Read(bytes, path, random);
            run.Count(fault is null ? one.Name + " read" : one.Name + " with a fault");
            if (fault != null)
                run.Fault($"{Describe(one, bytes)}: {fault}");
        }
        catch (InvalidDataException)
        {
            run.Count(one.Name + " refused");
            if (one.Changed() is { } change)
                run.Fault($"{Describe(one, bytes)} was refused, but {change}");
        }
        catch (Exception exception)
        {
            run.Fault($"{Describe(one, bytes)}: {exception.GetType().Name}: {exception.Message}\n{exception.StackTrace}");
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MostMemory)
            run.Fault($"{Describe(one, bytes)} took {allocated >> 20} MB");
        if (watch.Elapsed > s_mostTime)
            run.Fault($"{Describe(one, bytes)} took {watch.Elapsed.TotalSeconds:F0} s");
    }

    /// <summary>With the file itself, so that it can be tried again.</summary>
    private static string Describe(FuzzCase one, byte[] bytes)
    {
        var copy = Path.Combine(Path.GetTempPath(), $"cnngen-fuzz-{one.Name}-{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..12]}");
        File.WriteAllBytes(copy, bytes);
        return $"{one.Name} of {bytes.Length} bytes ({copy})";
    }
}

/// <summary>A kind of file and its readers.</summary>
internal abstract class FuzzCase
{
    public abstract string Name { get; }

    /// <summary>A sound file with a few faults.</summary>
    public abstract byte[] Damaged(Random random);

    /// <summary>Reads the file in one of its ways.</summary>
    /// <returns>Null, or what is inconsistent in what was read.</returns>
    public abstract string? Read(byte[] bytes, string path, Random random);

    /// <summary>After a file was refused: null, or what that changed.</summary>
    public virtual string? Changed() => null;
}
