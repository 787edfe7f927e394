namespace CnnGen.Runtime;

/// <summary>
/// A folder in which a training keeps its state, held against other trainings for as long as it runs: of two that write to one file, one's state would be lost. What holds it is a lock on a file, which the system
/// takes away when the program ends, however it ends.
/// </summary>
internal sealed class CheckpointFolder : IDisposable
{
    private const string LockFile = "training.lock";

    private readonly FileStream? _lock;
    private readonly Exception? _fault;

    private CheckpointFolder(FileStream? held, Exception? fault) => (_lock, _fault) = (held, fault);

    /// <summary>Makes the folder if need be.</summary>
    /// <exception cref="IOException">It is a file, or can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public static void Create(string folder)
    {
        if (File.Exists(folder))
            throw new IOException($"'{folder}' is a file, but states of a training are kept in a folder. Name a folder, which is made if need be.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException exception)
        {
            throw new IOException($"The folder '{folder}' for states of a training can't be made: {exception.Message.TrimEnd('.')}. Name another one.", exception);
        }
    }

    /// <summary>Makes the folder if need be, and holds it until the result is disposed.</summary>
    /// <exception cref="IOException">Another training has it, or it can't be made.</exception>
    public static CheckpointFolder Hold(string folder)
    {
        Create(folder);
        try
        {
            return new CheckpointFolder(
                new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose), null);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new IOException($"Another training keeps its state in '{folder}' and has not ended. Wait for it, or give this one a checkpoint folder of its own.", exception);
        }
        catch (IOException exception)
        {
            return new CheckpointFolder(null, new IOException($"'{folder}' can't be used for checkpoints: {exception.Message.TrimEnd('.')}. Give another folder.", exception));
        }
        catch (UnauthorizedAccessException exception)
        {
            return new CheckpointFolder(null, new UnauthorizedAccessException(
                $"'{folder}' can't be used for checkpoints: this user may not create or replace files there. Give another folder, or have the permission given.", exception));
        }
    }

    /// <summary>Throws where nothing can be written there: asked before the training, and not asked for one that is only loaded.</summary>
    /// <exception cref="IOException">The system says so.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public void CheckWritable()
    {
        if (_fault != null)
            throw _fault;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    /// <summary>Whether an error of opening is that the file is locked: EAGAIN of Linux and of macOS, or a sharing violation of Windows.</summary>
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
