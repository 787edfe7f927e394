using System.Diagnostics;
using System.Globalization;
using CnnGen;
using WeightsBenchmark;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["save", var path])
{
    Large.Create(seed: 1).Save(path);
    return;
}

#if INSIDE || BESIDE
// The first access in the process: what a user waits for.
var allocated = GC.GetTotalAllocatedBytes(precise: true);
var first = Stopwatch.StartNew();
var parameters = Large.Pretrained.Parameters;
Console.WriteLine($"Pretrained, first access: {first.Elapsed.TotalMilliseconds:0} ms, {(GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1024} KB allocated beside the parameters");
if (args is not [var file])
    return;

// The same again into memory that the process has already: what CnnGen itself takes, without the system's first touches.
var bytes = File.ReadAllBytes(file);
var values = new float[parameters.TrainedLength];
foreach (var threads in new[] { 1, Threads.Count })
{
    Threads.Count = threads;
    Console.WriteLine($"{threads} threads: from memory {Least(() => ModelWeights.Load(bytes, parameters)):0.0} ms, "
        + $"from the file {Least(() => ModelWeights.Load(file, parameters)):0.0} ms, initialise {Least(() => parameters.Initialize(2)):0.0} ms, "
        + $"copy of as many bytes {Least(() => parameters.Values.CopyTo(values)):0.0} ms");
}

static double Least(Action action) => Enumerable.Range(0, 7).Min(_ =>
{
    var watch = Stopwatch.StartNew();
    action();
    return watch.Elapsed.TotalMilliseconds;
});
#endif
