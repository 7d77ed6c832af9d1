using System.Globalization;

namespace AkkaJoin.Bench.Measuring;

/// <summary>What Linux tells of a process. Null where it tells nothing: another system, or the process is gone.</summary>
static class ProcFiles
{
    // Fields of /proc/PID/stat after the name, counted from 0; in clock ticks, which are 10 ms for every reader.
    const int Parent = 1, UserTime = 11, SystemTime = 12, ChildrenUserTime = 13, ChildrenSystemTime = 14;
    const double TicksPerSecond = 100;

    /// <summary>User and system time of a process so far, s.</summary>
    internal static double? CpuSeconds(int pid) => Sum($"/proc/{pid}/stat", UserTime, SystemTime);

    /// <summary>User and system time of a server and of all its children, those that have ended too, s. Their children are not looked for.</summary>
    internal static double? CpuSecondsWithChildren(int pid)
    {
        var sum = Sum($"/proc/{pid}/stat", UserTime, SystemTime) + Sum($"/proc/{pid}/stat", ChildrenUserTime, ChildrenSystemTime);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var other) && Field($"{directory}/stat", Parent) == pid)
                sum += CpuSeconds(other) ?? 0;
        }

        return sum;
    }

    /// <summary>User and system time of all children of this process that have ended, s.</summary>
    internal static double? EndedChildrenCpuSeconds() => Sum("/proc/self/stat", ChildrenUserTime, ChildrenSystemTime);

    /// <summary>The most memory that a process ever had resident, bytes.</summary>
    internal static long? PeakResidentBytes(int pid)
    {
        const string Name = "VmHWM:";
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line[Name.Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>How many threads of the machine ran or waited to run in the last minute.</summary>
    internal static double? LoadAverage
    {
        get
        {
            try
            {
                return double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>The memory of this process that is resident now, bytes.</summary>
    internal static long ResidentBytes()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    static double? Sum(string file, int first, int second) => (Field(file, first) + Field(file, second)) / TicksPerSecond;

    static long? Field(string file, int field)
    {
        try
        {
            var text = File.ReadAllText(file);
            return long.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
