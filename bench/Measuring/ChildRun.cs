using System.Diagnostics;

namespace AkkaJoin.Bench.Measuring;

/// <summary>A child process from its start to its end, and what it cost.</summary>
sealed record ChildRun
{
    static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);

    public required int ExitCode { get; init; }

    public required string Output { get; init; }

    public required string Error { get; init; }

    /// <summary>
    /// User and system time, start and end included, s, as the kernel adds it up when a process has ended; null where there is no such sum.
    /// </summary>
    public required double? CpuSeconds { get; init; }

    /// <summary>The last sample from outside, s.</summary>
    public required double? SampledCpuSeconds { get; init; }

    /// <summary>The most memory it had resident.</summary>
    public required long? PeakResidentBytes { get; init; }

    public required double WallSeconds { get; init; }

    /// <summary>Runs it. No other child may end meanwhile: the kernel's sum is of all.</summary>
    internal static async Task<ChildRun> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var childrenBefore = ProcFiles.EndedChildrenCpuSeconds();
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var (sampled, peak) = await SampleAsync(process);
        return new ChildRun
        {
            WallSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds,
            ExitCode = process.ExitCode,
            Output = await output,
            Error = await error,
            CpuSeconds = ProcFiles.EndedChildrenCpuSeconds() - childrenBefore,
            SampledCpuSeconds = sampled,
            PeakResidentBytes = peak,
        };
    }

    static async Task<(double? Cpu, long? Peak)> SampleAsync(Process process)
    {
        var (cpu, peak) = ((double?)null, (long?)null);
        var ended = process.WaitForExitAsync();
        while (!ended.IsCompleted)
        {
            cpu = ProcFiles.CpuSeconds(process.Id) ?? cpu;
            peak = ProcFiles.PeakResidentBytes(process.Id) ?? peak;
            await Task.WhenAny(ended, Task.Delay(SampleInterval));
        }

        await ended;
        return (cpu, peak);
    }
}
