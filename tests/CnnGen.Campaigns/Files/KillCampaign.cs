using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace CnnGen.Campaigns.Files;

/// <summary>
/// Kills a program (SIGKILL) that saves all the time. The file is then one of those that it saved, whole, no older than the last of which it said so, and the next
/// save leaves nothing beside it.
/// </summary>
internal sealed class KillCampaign : Campaign
{
    /// <summary>The first argument of the program that is killed: this one, started again.</summary>
    public const string SaverArgument = "--save-for-ever";

    private const string NumberKey = "number";

    public override string Name => "kill";

    public override string Description => "Kills a program while it saves, again and again: the file is whole and the last or the last but one, and nothing lies beside it after the next save.";

    public override void Run(CampaignRun run)
    {
        var folder = Directory.CreateTempSubdirectory("cnngen-kill-");
        try
        {
            while (run.Next(out var random))
                Round(run, random, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What the program does that is killed: save, and say which, over and over.</summary>
    public static void SaveForEver(string path, bool mayBeUnnamed)
    {
        using var output = Console.OpenStandardOutput();
        var model = LeNet5.Create();
        for (var number = 1; ; number++)
        {
            model.Parameters.Initialize(number);
            Save(path, model, number, mayBeUnnamed);
            output.Write(BitConverter.GetBytes(number));
        }
    }

    private static void Save(string path, LeNet5 model, int number, bool mayBeUnnamed)
    {
        var metadata = new Dictionary<string, string> { [NumberKey] = number.ToString(CultureInfo.InvariantCulture) };
        AtomicFile.Write(path, stream => ModelWeights.Save(stream, model.Parameters, metadata), mayBeUnnamed);
    }

    private static void Round(CampaignRun run, Random random, string folder)
    {
        var path = Path.Combine(folder, "weights.safetensors");
        var mayBeUnnamed = random.Next(2) == 0;
        if (random.Next(2) == 0)
            File.Delete(path);
        var existed = File.Exists(path);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        foreach (var argument in new[] { SaverArgument, path, mayBeUnnamed ? "unnamed" : "named" })
            start.ArgumentList.Add(argument);
        using var saver = Process.Start(start)!;
        var output = saver.StandardOutput.BaseStream;

        // Its first save at the earliest, and then at any time.
        var number = new byte[4];
        var last = 0;
        for (var wanted = random.Next(0, 6); last < wanted && output.ReadAtLeast(number, 4, throwOnEndOfStream: false) == 4;)
            last = BitConverter.ToInt32(number);
        Thread.Sleep(TimeSpan.FromMilliseconds(random.NextDouble() * (last == 0 ? 300 : 20)));
        saver.Kill();
        saver.WaitForExit();
        while (output.ReadAtLeast(number, 4, throwOnEndOfStream: false) == 4)
            last = BitConverter.ToInt32(number);
        run.Count("kills");
        run.Count("saves", last);
        Check(run, path, last, existed);

        // A save leaves files alone that were written to a few seconds ago.
        var left = Directory.GetFiles(folder).Where(file => file != path).ToList();
        left.ForEach(file => File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1)));
        run.Count(mayBeUnnamed ? "temporary files left by kills of unnamed saves" : "temporary files left by kills of named saves", left.Count);
        Save(path, LeNet5.Create(7), 0, mayBeUnnamed: random.Next(2) == 0);
        foreach (var file in Directory.GetFiles(folder).Where(file => file != path))
            run.Fault($"'{Path.GetFileName(file)}' is still there after the next save");
    }

    private static void Check(CampaignRun run, string path, int last, bool existed)
    {
        if (!File.Exists(path))
        {
            if (existed || last > 0)
                run.Fault($"the file is lost after save {last}");
            return;
        }

        try
        {
            using var file = SafeTensors.Open(path);
            var number = int.Parse(file.Metadata[NumberKey], CultureInfo.InvariantCulture);

            // 0 is what this program saved before.
            if (number < last || number > last + 1 || (number == 0 && !existed))
                run.Fault($"the file is save {number}, but save {last} was the last that was done");
            var expected = LeNet5.Create(number == 0 ? 7 : number);
            var found = LeNet5.Load(path);
            foreach (var (one, other) in expected.Parameters.All.Zip(found.Parameters.All))
            {
                if (!one.ToArray().AsSpan().SequenceEqual(other.ToArray()))
                    run.Fault($"{one} of save {number} holds other numbers");
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or KeyNotFoundException or FormatException)
        {
            run.Fault($"the file is damaged after save {last}: {exception.Message}");
        }
    }
}
