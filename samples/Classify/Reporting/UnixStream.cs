using System.Runtime.InteropServices;

namespace ClassifySample.Reporting;

/// <summary>An open file by its number. <see cref="FileStream"/> writes a redirected file at positions of its own, over what other processes have written.</summary>
internal sealed unsafe class UnixStream(int file) : Stream
{
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        fixed (byte* bytes = buffer.AsSpan(offset, count))
            return (int)Again(bytes, count, isRead: true);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        fixed (byte* bytes = buffer.AsSpan(offset, count))
        {
            for (var written = 0; written < count;)
                written += (int)Again(bytes + written, count - written, isRead: false);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private nint Again(byte* bytes, int count, bool isRead)
    {
        while (true)
        {
            var done = isRead ? SystemRead(file, bytes, count) : SystemWrite(file, bytes, count);
            if (done >= 0)
                return done;
            var error = Marshal.GetLastPInvokeError();
            if (error == BrokenPipe)
                throw new ReaderGoneException();
            if (error != Interrupted)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint SystemRead(int file, byte* bytes, nint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint SystemWrite(int file, byte* bytes, nint count);
}
