namespace CnnGen.Runtime;

/// <summary>
/// A number beside each parameter of a store, zero at first, that lies where it is worked with: in memory, or on a device. Whoever asks for it on the other side moves it;
/// a device that is lost keeps what it had, and the numbers are those that were copied last.
/// </summary>
/// <param name="length">Floats, those of unused lanes included.</param>
/// <param name="hasStatistics">Whether there are numbers beside running statistics too.</param>
internal sealed class MovableFloats(int length, bool hasStatistics)
{
    private PinnedBuffer? _home;
    private UpdateDevice? _device;
    private DeviceFloats? _away;

    /// <summary>The numbers in memory, to be read and written.</summary>
    public Span<float> Span
    {
        get
        {
            BringHome();
            return Copy;
        }
    }

    /// <summary>Those in memory as they are, which are those of the last <see cref="Refresh"/> where the numbers lie on a device.</summary>
    public Span<float> Copy => (_home ??= new PinnedBuffer(length)).Span;

    /// <summary>Copies the numbers to memory; those that are worked with stay where they are.</summary>
    public void Refresh()
    {
        if (_device is { IsLost: false })
            _away!.Download(Copy);
    }

    /// <summary>The numbers on a device.</summary>
    public DeviceFloats On(UpdateDevice device)
    {
        if (_device == device)
            return _away!;
        BringHome();
        var away = device.Allocate(hasStatistics);
        if (_home != null)
            away.Upload(_home.Span);
        (_device, _away) = (device, away);
        device.Add(this);
        return away;
    }

    /// <summary>Moves them to memory, where they aren't there.</summary>
    public void BringHome()
    {
        if (_device == null)
            return;
        Refresh();
        _device.Remove(this);
        _away!.Dispose();
        (_device, _away) = (null, null);
    }
}
