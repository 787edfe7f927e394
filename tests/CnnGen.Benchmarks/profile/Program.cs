using System.CommandLine;
using System.Globalization;
using CnnGen.Profiling;

// Where a network's time goes: each call of a kernel by itself. With --before, two builds in turns.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var file = new Argument<FileInfo>("FILE") { Description = "A C# file that declares a model, such as one of samples/Zoo/Networks; the folder Blocks beside its own is taken along." };
var batch = new Option<int>("--batch") { Description = "Images.", DefaultValueFactory = _ => 1 };
var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => 1 };
var training = new Option<bool>("--training") { Description = "A training step (without the update) instead of a prediction." };
var seconds = new Option<double>("--seconds") { Description = "How long each build is measured.", DefaultValueFactory = _ => 5 };
var before = new Option<DirectoryInfo?>("--before") { Description = "A folder with another build's CnnGen.Generator.dll and CnnGen.dll: both are timed in turns." };
var totals = new Option<bool>("--totals") { Description = "Times whole calls only." };
var emit = new Option<DirectoryInfo?>("--emit") { Description = "A folder for the emitted text." };
var edited = new Option<DirectoryInfo?>("--edited") { Description = "A folder of --emit's whose text was changed by hand: timed in turns with what the generator emits." };
var root = new RootCommand("Times every kernel call of a network, least of all runs.") { file, batch, threads, training, seconds, before, totals, emit, edited };
root.SetAction(parsed =>
{
    var work = new Work(parsed.GetValue(batch), parsed.GetValue(threads), parsed.GetValue(training), parsed.GetValue(seconds));
    var path = parsed.GetValue(file)!.FullName;
    var current = new Build("this build", AppContext.BaseDirectory, path);
    List<Build> builds = [current];
    if (parsed.GetValue(before) is { } folder)
        builds.Insert(0, new Build("before", folder.FullName, path));
    if (parsed.GetValue(edited) is { } texts)
        builds.Add(new Build("edited", AppContext.BaseDirectory, path, texts.FullName));
    if (parsed.GetValue(emit) is { } target)
        current.Write(target.FullName);
    Report.Totals(Measurement.Totals(builds, work), work);
    if (parsed.GetValue(totals))
        return;
    foreach (var (build, times) in builds.Zip(Measurement.Calls(builds, work)))
        Report.Calls(build, times, work);
});
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is IOException or InvalidDataException)
{
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}
