using System.Globalization;
using CnnGen.Runtime;

namespace CnnGen;

/// <summary>How many threads CnnGen computes on. Results do not depend on it, bit for bit.</summary>
public static class Threads
{
    /// <summary>The environment variable that replaces the default: <c>CNNGEN_THREADS</c>.</summary>
    public const string EnvironmentVariable = "CNNGEN_THREADS";

    /// <summary>The most threads that <see cref="Count"/> may ask for.</summary>
    public const int Maximum = 1024;

    /// <summary>0 until it is first read or set, so that a bad variable is an error of its reader's, not of a type's initialiser.</summary>
    private static int _count;

    /// <summary>
    /// The threads that one computation uses, the calling thread among them: 1 to <see cref="Maximum"/>. It starts as the environment variable
    /// <c>CNNGEN_THREADS</c>, or else as the number of processors that the process may use. It may be set at any time, from any thread: a computation
    /// under way goes on as it began, the next one uses the new number. No thread is started before a computation needs it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number set is less than 1 or more than <see cref="Maximum"/>.</exception>
    /// <exception cref="InvalidOperationException"><c>CNNGEN_THREADS</c> is set, but to no number from 1 to <see cref="Maximum"/>.</exception>
    public static int Count
    {
        get
        {
            var count = Volatile.Read(ref _count);
            return count != 0 ? count : ReadDefault();
        }
        set
        {
            if (value is < 1 or > Maximum)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, string.Create(CultureInfo.InvariantCulture, $"Threads.Count must be from 1 to {Maximum}."));
            }

            Volatile.Write(ref _count, value);
            WorkerTeam.DismissUnless(value);
        }
    }

    /// <summary>What <see cref="Count"/> starts as, when the environment variable has this text (null: not set).</summary>
    internal static int Default(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Math.Clamp(Environment.ProcessorCount, 1, Maximum);
        if (int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= Maximum)
        {
            return count;
        }

        throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"The environment variable {EnvironmentVariable} is '{text}', but must be a whole number from 1 to {Maximum}. Correct it, or unset it to use every processor."));
    }

    private static int ReadDefault()
    {
        // Another thread may have set a number meanwhile, which then stands.
        var count = Default(Environment.GetEnvironmentVariable(EnvironmentVariable));
        var earlier = Interlocked.CompareExchange(ref _count, count, 0);
        return earlier != 0 ? earlier : count;
    }
}
