using System.Globalization;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Scenarios;

/// <summary>Reads scenario files, runs their cases in order, and writes what came of them.</summary>
static class ScenarioFiles
{
    /// <summary>
    /// Runs every case of every file; a case that cannot be run is among the results, with its reason.
    /// </summary>
    /// <param name="files">The files.</param>
    /// <param name="configured">
    /// The join of a configuration that all cases run; null where each has one of its own.
    /// </param>
    /// <exception cref="UserException">A file cannot be read.</exception>
    internal static IReadOnlyList<ScenarioResult> Run(IEnumerable<string> files, JoinSettings? configured = null)
    {
        // All are read first: a name that is wrong should not cost the time of the others.
        var contents = files.Select(file => (File: file, Bytes: ReadFile(file))).ToList();
        var results = new List<ScenarioResult>();
        foreach (var (file, bytes) in contents)
            RunLines(file, bytes, configured, results);
        return results;
    }

    /// <summary>Writes a line for each case that was run.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    internal static void WriteResults(string path, IEnumerable<ScenarioResult> results)
    {
        try
        {
            File.WriteAllLines(path, results.Where(r => r.Refusal is null).Select(ScenarioReport.ResultLine));
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            throw new UserException($"{path} cannot be written: {e.Message}", ExitCodes.Failed);
        }
    }

    static void RunLines(string file, ReadOnlyMemory<byte> rest, JoinSettings? configured, List<ScenarioResult> results)
    {
        if (rest.Span.StartsWith("\uFEFF"u8))
            rest = rest[3..];
        for (var number = 1; rest.Length > 0; number++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
                results.Add(RunLine(line, string.Create(CultureInfo.InvariantCulture, $"{file}:{number}"), configured));
        }
    }

    static ScenarioResult RunLine(ReadOnlyMemory<byte> line, string origin, JoinSettings? configured)
    {
        string? name = null;
        try
        {
            return ScenarioRunner.Run(ScenarioParser.Parse(line, origin, configured, out name));
        }
        catch (ScenarioRefusedException e)
        {
            return ScenarioResult.Refused(name, origin, e.Message);
        }
    }

    static byte[] ReadFile(string file)
    {
        if (Directory.Exists(file))
            throw new UserException($"{file} cannot be read: it is a directory", ExitCodes.Failed);
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            throw new UserException($"{file} cannot be read: {e.Message}", ExitCodes.Failed);
        }
    }

    static bool IsFileProblem(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
