extern alias generator;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using CompilingBenchmark;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

// What declaring a network costs whoever compiles it: a process for each file that is given (without any, for each of samples/Zoo/Networks), and then all of them together.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["one", .. var together])
{
    Console.WriteLine(Compilations.Measure(together));
    return 0;
}

var files = args.Length > 0 ? args : Compilations.Zoo();
if (files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
{
    Console.Error.WriteLine($"error: there is no file '{missing}'. The arguments are C# files that declare models; without any, those of samples/Zoo/Networks are measured.");
    return 2;
}

Console.WriteLine("| network | generator, ms: in a new compiler | after another file's edit | after a number's edit | lines | text, MB | C# compiler, ms: a process | in one that has run | assembly, MB |");
Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
foreach (var group in files.Select(file => new[] { file }).Concat(files.Length > 1 ? [files] : []))
{
    var name = group.Length > 1 ? "all of them" : Path.GetFileNameWithoutExtension(group[0]);
    var start = new ProcessStartInfo("dotnet", [typeof(Compilations).Assembly.Location, "one", .. group]) { RedirectStandardOutput = true };
    using var process = Process.Start(start) ?? throw new IOException("dotnet did not start.");
    var row = process.StandardOutput.ReadToEnd().Trim();
    process.WaitForExit();
    if (process.ExitCode != 0)
        return process.ExitCode;
    Console.WriteLine($"| {name} | {row} |");
}

return 0;

namespace CompilingBenchmark
{
    /// <summary>The generator and the C# compiler over sources, timed.</summary>
    internal static class Compilations
    {
        private const int Rounds = 5;

        private static readonly CSharpParseOptions s_options = new(LanguageVersion.Latest);

        /// <summary>The zoo's networks, as this program was built beside them.</summary>
        public static string[] Zoo()
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var networks = Path.Combine(folder.FullName, "samples", "Zoo", "Networks");
                if (Directory.Exists(networks))
                    return [.. Directory.EnumerateFiles(networks, "*.cs").Order(StringComparer.Ordinal)];
            }

            return [];
        }

        /// <summary>The cells of one row.</summary>
        /// <exception cref="InvalidDataException">The sources have errors.</exception>
        public static string Measure(IReadOnlyList<string> files)
        {
            var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal));
            var references = platform.Append(typeof(object).Assembly.Location).Append(typeof(CnnGen.ModelAttribute).Assembly.Location)
                .Distinct().Select(path => MetadataReference.CreateFromFile(path));
            var sources = files.Select(file => Parse(File.ReadAllText(file), file)).ToList();
            sources.AddRange(files.SelectMany(BlocksBeside).Distinct().Select(file => Parse(File.ReadAllText(file), file)));
            var other = Parse("global using System; internal static class Other { public const int Number = 0; }", "Other.cs");
            var compilation = CSharpCompilation.Create(
                "Models", [.. sources, other], references,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));

            GeneratorDriver driver = CSharpGeneratorDriver.Create([new generator::CnnGen.Generator.CnnGenerator().AsSourceGenerator()], parseOptions: s_options);
            driver = driver.RunGenerators(compilation);
            var elsewhere = new List<double>();
            var number = new List<double>();
            for (var round = 1; round <= Rounds; round++)
            {
                var edited = compilation.ReplaceSyntaxTree(other, Parse($"global using System; internal static class Other {{ public const int Number = {round}; }}", "Other.cs"));
                elsewhere.Add(Time(() => driver = driver.RunGenerators(edited)));

                // The first dense layer's width: its neighbours change with it.
                var text = new Regex(@"(?<=Dense\()\d+").Replace(sources[0].ToString(), width => (int.Parse(width.Value, CultureInfo.InvariantCulture) + round).ToString(CultureInfo.InvariantCulture), 1);
                var changed = compilation.ReplaceSyntaxTree(sources[0], Parse(text, files[0]));
                number.Add(Time(() => driver = driver.RunGenerators(changed)));
                driver = driver.RunGenerators(compilation);
            }

            var first = Generator(compilation);
            driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var whole, out _);
            var generated = whole.SyntaxTrees.Except(compilation.SyntaxTrees).Select(tree => tree.ToString()).ToList();
            var process = Csc(whole);
            var size = 0L;
            var compiler = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                // Nothing is known from the round before.
                var fresh = CSharpCompilation.Create(whole.AssemblyName, whole.SyntaxTrees, whole.References, (CSharpCompilationOptions)whole.Options);
                using var assembly = new MemoryStream();
                compiler.Add(Time(() =>
                {
                    var result = fresh.Emit(assembly);
                    if (!result.Success)
                        throw new InvalidDataException(string.Join(Environment.NewLine, result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error).Take(5)));
                }));
                size = assembly.Length;
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"{first:F0} | {Median(elsewhere):F0} | {Median(number):F0} | {generated.Sum(text => text.Count(character => character == '\n')):N0} | {generated.Sum(text => (long)text.Length) / 1e6:F2} | {process:F0} | {compiler.Skip(1).Min():F0} | {size / 1e6:F2}");
        }

        /// <summary>
        /// The least milliseconds that processes of the SDK's own compiler report of the generator, in which it runs for the first time. A class that is there twice stops them behind it.
        /// </summary>
        private static double Generator(Compilation compilation)
        {
            var stop = Parse("internal sealed class Stop; internal sealed class Stop;", "Stop.cs");
            var generator = typeof(generator::CnnGen.Generator.CnnGenerator);
            return InFolder(compilation.AddSyntaxTrees(stop), [$"/analyzer:\"{generator.Assembly.Location}\"", "/reportanalyzer"], response => Enumerable.Range(0, Rounds).Min(_ =>
            {
                var (_, said) = Compile(response);
                var line = said.Split('\n').LastOrDefault(line => line.Contains(generator.FullName!, StringComparison.Ordinal)) ?? throw new InvalidDataException(said);
                return 1000 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
            }));
        }

        /// <summary>The least milliseconds of processes of the SDK's own compiler, as a build without a compiler server starts them; analyzers are none of it.</summary>
        private static double Csc(Compilation whole) => InFolder(whole, [], response => Enumerable.Range(0, Rounds).Min(_ => Time(() =>
        {
            var (code, said) = Compile(response);
            if (code != 0)
                throw new InvalidDataException(said);
        })));

        private static (int Code, string Said) Compile(string response)
        {
            var compiler = typeof(Compilations).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Compiler").Value!;
            var start = new ProcessStartInfo("dotnet", ["exec", compiler, "/noconfig", "@" + response]) { RedirectStandardOutput = true };
            start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
            using var process = Process.Start(start) ?? throw new IOException("dotnet did not start.");
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, said);
        }

        /// <summary>Writes a compilation as files, and what the compiler is told of them.</summary>
        private static double InFolder(Compilation compilation, IEnumerable<string> options, Func<string, double> measure)
        {
            var folder = Directory.CreateTempSubdirectory("cnngen-compiling");
            try
            {
                List<string> arguments = ["/nostdlib+", "/unsafe", "/optimize+", "/nullable:enable", "/langversion:latest", "/target:library", "/nowarn:CS9113", $"/out:\"{Path.Combine(folder.FullName, "Models.dll")}\"", .. options];
                arguments.AddRange(compilation.References.Select(reference => $"/reference:\"{reference.Display}\""));
                foreach (var (i, tree) in compilation.SyntaxTrees.Index())
                {
                    var file = Path.Combine(folder.FullName, $"{i}.cs");
                    File.WriteAllText(file, tree.ToString());
                    arguments.Add($"\"{file}\"");
                }

                var response = Path.Combine(folder.FullName, "Models.rsp");
                File.WriteAllLines(response, arguments);
                return measure(response);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        /// <summary>The blocks that a folder's networks are made of, in a folder beside it.</summary>
        private static string[] BlocksBeside(string file)
        {
            var blocks = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "..", "Blocks");
            return Directory.Exists(blocks) ? [.. Directory.EnumerateFiles(Path.GetFullPath(blocks), "*.cs").Order(StringComparer.Ordinal)] : [];
        }

        private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, s_options, path, System.Text.Encoding.UTF8);

        private static double Median(IReadOnlyList<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);

        private static double Time(Action work)
        {
            var watch = Stopwatch.StartNew();
            work();
            return watch.Elapsed.TotalMilliseconds;
        }
    }
}
