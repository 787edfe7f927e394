using CnnGen.Runtime;

namespace CnnGen;

/// <summary>A training under way, as callbacks see it, whatever its model.</summary>
public interface ITraining
{
    /// <summary>The model's parameters.</summary>
    ParameterStore Parameters { get; }

    /// <summary>The epochs that are finished.</summary>
    TrainingHistory History { get; }

    /// <summary>The average of the weights; null where none is kept.</summary>
    WeightAverage? Averaging { get; }

    /// <summary>The steps that were taken, over the trainer's whole life.</summary>
    long Steps { get; }

    /// <summary>Whether all epochs are done.</summary>
    bool IsFinished { get; }

    /// <summary>Ends the training after the batch or the epoch at hand; <c>Fit</c> returns. An epoch that isn't finished then is not in the history.</summary>
    /// <param name="reason">What <see cref="TrainingHistory.StopReason"/> shall say.</param>
    void Stop(string reason);

    /// <summary>Saves all that resuming needs: <see cref="Trainer{TModel}.SaveState"/>.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    void SaveState(string path);
}

/// <summary>What looks on while a model is trained, and may end it. All methods are called on the thread that called <c>Fit</c>; those that one doesn't need are left out.</summary>
public interface ITrainingCallback
{
    /// <summary>Called before the first batch of a <c>Fit</c>, also of one that goes on where it was saved.</summary>
    /// <param name="training">The training.</param>
    void OnBegin(ITraining training)
    {
    }

    /// <summary>Called after each batch, when its step is taken.</summary>
    /// <param name="training">The training.</param>
    /// <param name="progress">Where it is.</param>
    void OnBatch(ITraining training, TrainingProgress progress)
    {
    }

    /// <summary>Called after each epoch and its validation.</summary>
    /// <param name="training">The training, whose history has the epoch.</param>
    /// <param name="result">What came of the epoch.</param>
    void OnEpoch(ITraining training, EpochResult result)
    {
    }

    /// <summary>Called when <c>Fit</c> ends, by an exception too, if <see cref="OnBegin"/> returned.</summary>
    /// <param name="training">The training.</param>
    void OnEnd(ITraining training)
    {
    }
}

/// <summary>A callback of the library's that has something to be saved with the training's state.</summary>
internal interface IStatefulCallback
{
    void Save(StateWriter writer, string prefix, ParameterStore parameters);

    /// <summary>Reads it, and returns what puts it back.</summary>
    Action Load(StateReader reader, string prefix, ParameterStore parameters);
}
