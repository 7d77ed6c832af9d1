using AkkaJoin.Shards.Files;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>
/// The lines that were typed, the oldest first, in a file for their user alone: keys of records may stand in them.
/// Where the file cannot be used, they are known until the prompt ends.
/// </summary>
sealed class PromptHistory
{
    /// <summary>How many lines are kept.</summary>
    internal const int LinesMax = 1_000;

    readonly string _file;
    readonly List<string> _lines;

    PromptHistory(string file, List<string> lines)
    {
        _file = file;
        _lines = lines;
    }

    /// <summary>The lines.</summary>
    internal IReadOnlyList<string> Lines => _lines;

    /// <summary>Reads the lines of a file, if there is one.</summary>
    internal static PromptHistory Read(string file)
    {
        try
        {
            if (File.Exists(file))
                return new PromptHistory(file, [.. File.ReadLines(file).TakeLast(LinesMax)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It goes on without.
        }

        return new PromptHistory(file, []);
    }

    /// <summary>Keeps a line. One that repeats the last, or begins with a blank as in a shell, is not kept.</summary>
    internal void Add(string line)
    {
        if (line.Length == 0 || char.IsWhiteSpace(line[0]) || (_lines.Count > 0 && _lines[^1] == line))
            return;
        _lines.Add(line);
        if (_lines.Count > LinesMax)
            _lines.RemoveRange(0, _lines.Count - LinesMax);
        Write(line);
    }

    // Another prompt may append to it too. It is made short once it has twice the lines.
    void Write(string line)
    {
        try
        {
            PrivateFiles.CreateDirectory(Path.GetDirectoryName(_file)!);
            var isLong = File.Exists(_file) && File.ReadLines(_file).Skip(2 * LinesMax).Any();
            var options = PrivateFiles.Options(isLong ? FileMode.Create : FileMode.Append, FileShare.ReadWrite);
            options.Access = FileAccess.Write;
            using var writer = new StreamWriter(_file, options);
            foreach (var kept in isLong ? _lines : [line])
                writer.WriteLine(kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The prompt is worth more than its history.
        }
    }
}
