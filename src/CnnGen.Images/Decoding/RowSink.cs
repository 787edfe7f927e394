using System.Diagnostics;
using System.Globalization;
using CnnGen.Images.Resizing;

namespace CnnGen.Images.Decoding;

/// <summary>
/// Takes a picture's rows as they are decoded, from the top, and makes the image that was asked for of them: channels matched, resized and turned on the way. What the whole needs is
/// compared with the bounds before any of it is allocated.
/// </summary>
internal sealed class RowSink
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly DecodeOptions _options;
    private int _width;
    private int _height;
    private int _sourceChannels;
    private int _channels;
    private int _orientation;
    private int _outputWidth;
    private int _outputHeight;
    private int _row;
    private byte[] _pixels = [];
    private byte[] _source = [];
    private byte[] _converted = [];
    private RowResizer? _resizer;

    public RowSink(DecodeOptions options) => _options = options;

    /// <summary>Where the next row's Width x Channels bytes are written; <see cref="EndRow"/> hands them on.</summary>
    public Span<byte> Row => IsDirect ? Line(_pixels) : _source.AsSpan(0, _width * _sourceChannels);

    private bool IsDirect => _source.Length == 0;

    /// <summary>A picture of more pixels than are allowed.</summary>
    public static ImageException TooManyPixels(long width, long height, long most) => new(string.Create(
        CultureInfo.InvariantCulture, $"{width} x {height} pixels are more than the {most} that are read (DecodeOptions.MaxPixels)"));

    /// <summary>Compares a picture's size with the bounds, before the decoder itself allocates for it.</summary>
    /// <exception cref="ImageException">It is too large.</exception>
    public void CheckPixels(long width, long height)
    {
        if (width > _options.MaxPixels || height > _options.MaxPixels || width * height > _options.MaxPixels)
            throw TooManyPixels(width, height, _options.MaxPixels);
    }

    /// <summary>Takes the picture's size, and allocates what the image needs.</summary>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="workingMemory">Bytes that the decoder itself needs, which it allocates after this call.</param>
    /// <param name="orientation">1 to 8, as EXIF has it.</param>
    /// <exception cref="ImageException">It is larger than the bounds.</exception>
    public void Begin(int width, int height, int channels, long workingMemory = 0, int orientation = 1)
    {
        CheckPixels(width, height);
        (_width, _height, _sourceChannels) = (width, height, channels);
        _channels = _options.Channels == 0 ? channels : _options.Channels;
        _orientation = _options.ApplyOrientation ? orientation : 1;
        var isSideways = Orientation.IsSideways(_orientation);
        var (wantedWidth, wantedHeight) = isSideways ? (_options.Height, _options.Width) : (_options.Width, _options.Height);
        _outputWidth = wantedWidth == 0 ? width : wantedWidth;
        _outputHeight = wantedHeight == 0 ? height : wantedHeight;
        var isResized = (_outputWidth, _outputHeight) != (width, height);

        var needed = (long)_outputWidth * _outputHeight * _channels;
        if (needed > Array.MaxLength || (long)width * channels > Array.MaxLength)
            throw new ImageException(string.Create(CultureInfo.InvariantCulture, $"{_outputWidth} x {_outputHeight} pixels of {_channels} channels are more than an array can hold"));
        needed *= _orientation == 1 ? 1 : 2;
        if (isResized)
            needed += RowResizer.MemoryFor(width, height, _outputWidth, _outputHeight, _channels, _options.Filter);
        if (isResized || _channels != channels)
            needed += (long)width * (channels + _channels);
        needed += workingMemory;
        if (needed > _options.MaxMemory)
        {
            throw new ImageException(string.Create(
                CultureInfo.InvariantCulture, $"decoding {width} x {height} pixels takes {needed} bytes, more than the {_options.MaxMemory} that are allowed (DecodeOptions.MaxMemory)"));
        }

        _pixels = Memory(_outputWidth * _outputHeight * _channels, isTurnedLater: _orientation != 1);
        if (isResized)
            _resizer = new RowResizer(width, height, _outputWidth, _outputHeight, _channels, _options.Filter, _pixels);
        if (isResized || _channels != channels)
            _source = new byte[width * channels];
        if (isResized && _channels != channels)
            _converted = new byte[width * _channels];
    }

    /// <summary>The row is complete.</summary>
    /// <exception cref="ImageException">Decoding has taken longer than is allowed.</exception>
    public void EndRow()
    {
        if (!IsDirect)
        {
            var row = _source.AsSpan(0, _width * _sourceChannels);
            if (_resizer is null)
            {
                ChannelConversion.Convert(row, _sourceChannels, Line(_pixels), _channels);
            }
            else if (_converted.Length == 0)
            {
                _resizer.Add(row);
            }
            else
            {
                ChannelConversion.Convert(row, _sourceChannels, _converted, _channels);
                _resizer.Add(_converted);
            }
        }

        _row++;
        CheckTime();
    }

    /// <summary>Gives up where the time is over; for decoders that work for long between two rows.</summary>
    /// <exception cref="ImageException">Decoding has taken longer than is allowed.</exception>
    public void CheckTime()
    {
        if (_options.MaxTime != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_start) > _options.MaxTime)
        {
            throw new ImageException(string.Create(
                CultureInfo.InvariantCulture,
                $"decoding was given up after {_options.MaxTime.TotalMilliseconds:0} ms (DecodeOptions.MaxTime), at row {_row} of {_height}"));
        }
    }

    /// <summary>The image, once every row was handed on.</summary>
    public Image Finish()
    {
        Debug.Assert(_row == _height, "A decoder ended without an exception before its last row.");
        var image = new Image(_outputWidth, _outputHeight, _channels, _pixels);
        return _orientation == 1 ? image : Orientation.Apply(image, _orientation, Memory(_pixels.Length, isTurnedLater: false));
    }

    /// <summary>The caller's memory for the image that he gets, where it fits.</summary>
    private byte[] Memory(int length, bool isTurnedLater)
    {
        if (isTurnedLater || _options.Pixels is not { } pixels || pixels.Length != length)
            return new byte[length];
        Array.Clear(pixels);
        return pixels;
    }

    private Span<byte> Line(byte[] pixels) => pixels.AsSpan(_row * _width * _channels, _width * _channels);
}
