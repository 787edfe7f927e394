namespace ClassifySample.Reporting;

/// <summary>Nobody reads the pipe that is written to: <c>classify *.png | head -1</c> after the first line.</summary>
internal sealed class ReaderGoneException() : IOException("nobody reads the pipe any more");
