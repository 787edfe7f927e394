using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace CnnGen.Campaigns.Files;

/// <summary>
/// Kills a program (SIGKILL) that trains with checkpoints, at any time, also while one is being written, and starts it again on another number of threads, until it ends. The weights are then, bit for bit, those of
/// a training that nothing disturbed.
/// </summary>
internal sealed class ResumeCampaign : Campaign
{
    /// <summary>The first argument of the program that is killed: this one, started again.</summary>
    public const string TrainerArgument = "--train-with-checkpoints";

    private const int MostKills = 12;

    public override string Name => "resume";

    public override string Description => "Kills a program that trains with checkpoints, again and again, and starts it anew: its weights, averages and history are, bit for bit, those of a training that nothing disturbed.";

    public override void Run(CampaignRun run)
    {
        var expected = Train(null, 1);
        var folder = Directory.CreateTempSubdirectory("cnngen-resume-");
        try
        {
            while (run.Next(out var random))
                Round(run, random, Path.Combine(folder.FullName, run.Rounds.ToString(CultureInfo.InvariantCulture)), expected);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The training: all that a state has to hold is in use.</summary>
    /// <returns>What came of it, as a text that shows every bit.</returns>
    public static string Train(string? folder, int threads)
    {
        Threads.Count = threads;
        var (pixels, labels) = (new float[192 * 90], new int[90]);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = MathF.Sin(i * (1 + (i / 192 % 4)));
        for (var i = 0; i < labels.Length; i++)
            labels[i] = i % 4;
        var images = new FloatImageDataset(SmallNet.InputShape, pixels, labels, 4);
        using var model = SmallNet.Create(3);
        var optimizer = new Lookahead(new Muon(0.02, inner: new AdamW(0.01, amsGrad: true)), 4);
        var trainer = new Trainer<SmallNet>(model, optimizer, new WarmUpSchedule(0.5, new ReduceOnPlateauSchedule(0.5, 1)), seed: 5)
        {
            Averaging = new WeightAverage(0.9),
            AccumulationSteps = 3,
            Clipping = GradientClipping.ByNorm(1),
            Callbacks = [new EarlyStopping(patience: 50)],
            CheckpointInterval = TimeSpan.Zero,
        };
        var history = trainer.Fit(images, epochs: 6, batchSize: 5, validation: images.Take(20), checkpoint: folder);
        var average = SmallNet.Create();
        trainer.Averaging.CopyTo(average.Parameters);
        return string.Join(
            ' ',
            history.Epochs.Select(epoch => string.Create(CultureInfo.InvariantCulture, $"{epoch.Loss:R};{epoch.ValidationLoss:R};{epoch.LearningRate:R}"))
                .Append(Bits(model)).Append(Bits(average)));
    }

    private static string Bits(SmallNet model) =>
        string.Concat(model.Parameters.ValuesAndStatistics.ToArray().Select(value => BitConverter.SingleToUInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture)));

    private static void Round(CampaignRun run, Random random, string folder, string expected)
    {
        for (var kills = 0; ; kills++)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
                start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
            foreach (var argument in new[] { TrainerArgument, folder, random.Next(1, 5).ToString(CultureInfo.InvariantCulture) })
                start.ArgumentList.Add(argument);
            using var trainer = Process.Start(start)!;
            var output = trainer.StandardOutput.ReadToEndAsync();

            // Mostly after the runtime has started, and some before.
            if (kills < MostKills && !trainer.WaitForExit(TimeSpan.FromMilliseconds(100 + (random.NextDouble() * 500))))
            {
                trainer.Kill();
                trainer.WaitForExit();
                run.Count("kills");
                continue;
            }

            trainer.WaitForExit();
            run.Count("trainings");
            if (trainer.ExitCode != 0)
                run.Fault($"the training ended with {trainer.ExitCode} after {kills} kills");
            else if (output.Result.Trim() != expected)
                run.Fault($"the training came to other numbers after {kills} kills");
            return;
        }
    }
}
