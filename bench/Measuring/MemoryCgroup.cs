using System.Globalization;

namespace AkkaJoin.Bench.Measuring;

/// <summary>A memory cgroup for one child process, of either version: its heap, its mapped files and the page cache that it fills all count.</summary>
sealed class MemoryCgroup : IDisposable
{
    static readonly string[] LimitFiles = ["memory.max", "memory.limit_in_bytes"];
    readonly string _directory;

    MemoryCgroup(string directory) => _directory = directory;

    /// <summary>Makes one below another.</summary>
    /// <param name="parent">Where: a cgroup whose memory controller is passed on to its children.</param>
    /// <param name="bytes">The most memory.</param>
    /// <param name="problem">Why it cannot be made.</param>
    internal static MemoryCgroup? TryCreate(string parent, long bytes, out string problem)
    {
        problem = "";
        var group = new MemoryCgroup(Path.Combine(parent, FormattableString.Invariant($"akkajoin-bench-{Environment.ProcessId}")));
        try
        {
            if (!Directory.Exists(parent))
                throw new IOException($"there is no {parent}");
            Directory.CreateDirectory(group._directory);
            var limit = LimitFiles.Select(name => Path.Combine(group._directory, name)).FirstOrDefault(File.Exists)
                ?? throw new IOException($"{parent} passes no memory controller on");
            File.WriteAllText(limit, bytes.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
            group.Dispose();
            return null;
        }
    }

    /// <summary>The program that goes into the group and becomes another, and what comes before that one's name.</summary>
    internal (string Program, string[] First) Shell() =>
        ("/bin/sh", ["-c", "echo $$ > \"$0\" && exec \"$@\"", Path.Combine(_directory, "cgroup.procs")]);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            // Its files go with it, and cannot be deleted by themselves.
            if (Directory.Exists(_directory))
                Directory.Delete(_directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"bench: the cgroup {_directory} is left: {e.Message}");
        }
    }
}
