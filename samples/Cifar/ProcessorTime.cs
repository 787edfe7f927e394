using CnnGen;

namespace CifarSample;

/// <summary>Counts the processors' time of a training, without its validations: on a busy machine it says what the time would be on a quiet one, where the threads wait for nobody.</summary>
internal sealed class ProcessorTime : ITrainingCallback
{
    private TimeSpan _started;
    private TimeSpan _last;

    /// <summary>Of all epochs that this process finished.</summary>
    public TimeSpan Training { get; private set; }

    public void OnBegin(ITraining training) => _started = Environment.CpuUsage.TotalTime;

    public void OnBatch(ITraining training, TrainingProgress progress) => _last = Environment.CpuUsage.TotalTime;

    public void OnEpoch(ITraining training, EpochResult result)
    {
        Training += _last - _started;
        _started = Environment.CpuUsage.TotalTime;
    }
}
