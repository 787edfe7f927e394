using System.Runtime.ExceptionServices;
using CnnGen.Runtime;
using static System.FormattableString;

namespace CnnGen;

public sealed partial class Trainer<TModel>
{
    /// <summary>What predicts: the model, or its session on the device.</summary>
    private RegionPredictor Prediction => Device == null ? ModelInPlanes.PredictorOf(Model) : PredictOnDevice;

    /// <summary>The batches that are in use at once: on a device the next one is uploaded beside the one that is trained on.</summary>
    private int InUse => Device == null ? 1 : 2;

    /// <summary>Sees that the device suits the model, the optimiser and the batches, before the first of them.</summary>
    private void CheckDevice(int largestBatch)
    {
        if (Device is not { } device)
            return;
        if (device.Model.Parameters != Model.Parameters)
            throw new InvalidOperationException($"The device was given another {typeof(TModel).Name} than the trainer. Make its session of the model that is trained: model.OnGpu(...).");
        if (largestBatch > device.Batch)
            throw new InvalidOperationException(Invariant($"A batch has {largestBatch} images, but the session on {device.Updates.Name} was made for {device.Batch}: model.OnGpu(device, batch: {largestBatch})."));
        device.Updates.Check(_optimizer);
    }

    /// <summary>A batch's gradients, where steps are taken.</summary>
    private double ComputeGradients(Batch batch, ulong seed)
    {
        if (Device is not { } device)
            return ModelInPlanes.ComputeGradients(Model, batch, seed);
        SendParameters(device);
        return device.ComputeGradients(batch.Images, batch.Regions, batch.Targets, batch.Count, seed, batch.Scores);
    }

    /// <summary>The same in an epoch, where the device computes while the next batch is loaded.</summary>
    private double TrainOnDevice(Batch batch, bool isPrefetched, TrainingRun run, EpochWork work, BatchSource source, BatchLoader? loader)
    {
        var (device, next) = (Device!, run.Batch + 1);
        SendParameters(device);
        return device.Train(
            batch.Images, batch.Regions, batch.Targets, batch.Count, DropoutSeedOf(_batches), batch.Scores, isPrefetched, () => Prefetch(next, run, work, source, loader));
    }

    /// <summary>Loads the batch of a number, where the epoch has one, and has the device begin to upload it. What fails is said when the batch is wanted.</summary>
    private void Prefetch(int number, TrainingRun run, EpochWork work, BatchSource source, BatchLoader? loader)
    {
        if (number >= run.Batches)
            return;
        try
        {
            work.Next = new NextBatch(Load(number, run, work, source, loader), null);
        }
        catch (Exception fault)
        {
            work.Next = new NextBatch(null, ExceptionDispatchInfo.Capture(fault));
            return;
        }

        var batch = work.Next.Batch!;
        Device!.Prefetch(batch.Images, batch.Regions, batch.Targets);
    }

    /// <summary>A step by the gradients that are there.</summary>
    private void TakeStep(float rate)
    {
        if (Device is { } device)
        {
            device.Updates.Step(_optimizer, Model.Parameters, rate);
            return;
        }

        _optimizer.Step(Model.Parameters, rate);
        Model.Parameters.MarkChanged();
    }

    /// <summary>Adds a batch's gradients to the step's, on the device that has them.</summary>
    /// <returns><paramref name="isLast"/>.</returns>
    private static bool AccumulateOn(UpdateDevice device, MovableFloats accumulated, float part, bool isFirst, bool isLast)
    {
        var sums = accumulated.On(device);
        device.AddGradients(sums, part, isFirst);
        if (isLast)
            device.Gradients.CopyFrom(sums);
        return isLast;
    }

    private void PredictOnDevice(ReadOnlySpan<float> images, ReadOnlySpan<float> regions, Span<float> scores, int count)
    {
        using (Model.Parameters.Hold())
        {
            SendParameters(Device!);
            Device!.Predict(images, regions, scores, count);
        }
    }

    /// <summary>Gives the device the parameters where somebody has changed the model's.</summary>
    private void SendParameters(ITrainingDevice<TModel> device)
    {
        if (device.Updates.Version != Model.Parameters.Version)
            device.SendParameters();
    }

    /// <summary>Gives the model the parameters where the device has taken steps.</summary>
    private void FetchParameters()
    {
        // Who has changed the model's meanwhile wants these.
        if (Device is { Updates: { IsAhead: true, IsLost: false } } device && device.Updates.Version == Model.Parameters.Version)
            device.FetchParameters();
    }

    /// <summary>The training is over, in whichever way: the model gets what was learnt, and the device's memory what it can spare.</summary>
    private void EndOnDevice()
    {
        if (Device == null)
            return;
        using (Model.Parameters.Hold())
        {
            FetchParameters();
            if (_run is { Accumulated: { } accumulated })
                accumulated.BringHome();
        }
    }

    /// <summary>A batch that was loaded before it is wanted, or why it could not be.</summary>
    private sealed record NextBatch(Batch? Batch, ExceptionDispatchInfo? Failure);
}
