using CnnGen.Benchmarks.Cases;
using CnnGen.Benchmarks.Processes;
using ZooSample;

namespace CnnGen.Benchmarks.Measuring;

/// <summary>Measures one case: starts everyone, checks that they agree, and gives them turns.</summary>
internal sealed class CaseRunner(Settings settings, Material material)
{
    private const string BeforeSession = "before";
    private const int TrainingSteps = 5;
    private const int LeastCalls = 2;
    private const double WarmUpShare = 0.2;
    private const double CeilingShare = 0.1;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <exception cref="InvalidDataException">The outputs differ.</exception>
    /// <exception cref="InvalidOperationException">A process failed.</exception>
    public CaseResult Run(BenchmarkCase benchmark)
    {
        if (!Catalogue.TryFind(benchmark.Network, out var network))
            throw new ArgumentException($"The zoo has no network '{benchmark.Network}'.");
        var threads = benchmark.AllThreads ? settings.ThreadCount : 1;
        var training = benchmark.Work == Work.Training;

        var turns = new List<Turn>();
        try
        {
            turns.Add(Open(Peer.StartOwn(benchmark.Avx2, settings.Priority), "own", asOnnx: false));
            if (settings.Before is not null)
                turns.Add(Open(Peer.StartBefore(settings.Before, benchmark.Avx2, settings.Priority), BeforeSession, asOnnx: false));
            if (benchmark.HasPeers && settings.OnnxRuntime is not null && !training)
                turns.Add(Open(Peer.StartOnnxRuntime(settings.OnnxRuntime, settings.Priority), "default", asOnnx: true));
            if (benchmark.HasPeers && settings.Python is not null)
            {
                var torch = Peer.StartPyTorch(settings.Python, threads, settings.Priority);
                string[] sessions = training ? ["train", "train-channels-last"] : ["eager", "eager-channels-last", "frozen"];
                foreach (var session in sessions)
                    turns.Add(Open(torch, session, asOnnx: false));
            }

            var difference = Compare(turns, network, benchmark);
            var (peak, bandwidth, load) = TakeTurns(turns, threads, benchmark.Avx2);
            var operations = network.Operations * benchmark.Batch * (training ? 3 : 1);
            return new CaseResult(
                benchmark, threads, operations, 4.0 * network.Summary.Parameters, turns[0].Series, [.. turns.Skip(1).Select(turn => turn.Series)],
                peak, bandwidth, difference, load);
        }
        finally
        {
            foreach (var peer in turns.Select(turn => turn.Peer).Distinct())
                peer.Dispose();
        }

        Turn Open(Peer peer, string session, bool asOnnx)
        {
            try
            {
                peer.Ask(material.Open(benchmark, network, threads, session, asOnnx));
                return new Turn(peer, session, new Series(peer.Name, session));
            }
            catch when (turns.TrueForAll(turn => turn.Peer != peer))
            {
                peer.Dispose();
                throw;
            }
        }
    }

    private double Compare(List<Turn> turns, Network network, BenchmarkCase benchmark)
    {
        var worst = double.NaN;
        var own = turns[0];
        if (benchmark.Work == Work.Training)
        {
            var losses = Train(own);
            foreach (var turn in turns.Skip(1))
                worst = Math.Max(double.IsNaN(worst) ? 0 : worst, Agreement.CheckLosses(network, losses, Train(turn), turn.Description));
            return worst;
        }

        var ownPath = material.Output("own");
        own.Peer.Ask(new Request { Do = "run", Session = own.Session, Output = ownPath });
        foreach (var turn in turns.Skip(1))
        {
            var path = material.Output(turn.Session);
            turn.Peer.Ask(new Request { Do = "run", Session = turn.Session, Output = path });
            worst = Math.Max(double.IsNaN(worst) ? 0 : worst, Agreement.CheckScores(network, benchmark.Batch, ownPath, path, turn.Description, turn.Session == BeforeSession));
        }

        return worst;
    }

    private static double[] Train(Turn turn) =>
        turn.Peer.Ask(new Request { Do = "train", Session = turn.Session, Steps = TrainingSteps }).Losses!;

    /// <summary>Rounds of turns, each beginning with another one of them, with the ceiling measured in each round.</summary>
    private (double Peak, double Bandwidth, double Load) TakeTurns(List<Turn> turns, int threads, bool avx2)
    {
        var load = new MachineLoad();
        double peak = 0, bandwidth = 0;
        for (var round = 0; round < settings.Rounds; round++)
        {
            Thread.Sleep(Pause);
            var ceiling = turns[0].Peer.Ask(new Request { Do = "ceiling", Threads = threads, Seconds = settings.Seconds * CeilingShare });
            peak = Math.Max(peak, avx2 || ceiling.Avx512 == 0 ? ceiling.Avx2 : ceiling.Avx512);
            bandwidth = Math.Max(bandwidth, ceiling.Bandwidth);
            for (var i = 0; i < turns.Count; i++)
            {
                // Threads of the one before that still spin for work have gone to sleep after a pause.
                Thread.Sleep(Pause);
                var turn = turns[(round + i) % turns.Count];
                var request = new Request
                {
                    Do = "time",
                    Session = turn.Session,
                    Seconds = settings.Seconds,
                    WarmUp = settings.Seconds * WarmUpShare,
                    Calls = LeastCalls,
                };
                turn.Series.Add(load.Watch(turn.Peer.Process, () => turn.Peer.Ask(request)));
            }
        }

        return (peak, bandwidth, load.Average);
    }

    private sealed record Turn(Peer Peer, string Session, Series Series)
    {
        public string Description => $"{Peer.Name} ({Session})";
    }
}
