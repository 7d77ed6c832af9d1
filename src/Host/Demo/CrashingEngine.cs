using System.Diagnostics;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Host.Demo;

/// <summary>
/// The join as a child process, <c>run --bounded</c>, that is killed with SIGKILL when its first rows are out, and started again. Nothing
/// is told to it; journal and committed offsets are all that it finds.
/// </summary>
sealed class CrashingEngine(string configFile, AkkaJoinSettings settings, int events, Action<string> say)
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan ChildTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs the join to its end, with one kill on the way.</summary>
    /// <exception cref="UserException">The child failed, or ended before it could be killed.</exception>
    internal async Task<DemoOutcome> RunAsync()
    {
        var began = Stopwatch.GetTimestamp();
        using (var first = Start())
        {
            var rows = await RowsAsync(first, Math.Max(20, events / 200));
            first.Kill();
            await first.WaitForExitAsync();
            say($"  killed   engine process {first.Id} with SIGKILL after {rows:N0} rows; starting it again");
        }

        using var second = Start();
        var json = await EndAsync(second);
        return new DemoOutcome(DemoLedger.Parse(json), Stopwatch.GetElapsedTime(began).TotalSeconds, 1);
    }

    // Waits until so many rows lie in the output topic.
    async Task<long> RowsAsync(Process child, long wanted)
    {
        using var admin = TopicAdmin.Create(settings.Kafka);
        var partitions = await admin.PartitionsAsync([settings.Joins[0].Output.Topic]);
        while (true)
        {
            var ends = await admin.EndOffsetsAsync(partitions, IsolationLevel.ReadUncommitted);
            var rows = ends.Values.Sum();
            if (rows >= wanted)
                return rows;
            if (child.HasExited)
            {
                throw new UserException(
                    $"the engine ended (exit code {child.ExitCode}) before it could be killed: {await child.StandardError.ReadToEndAsync()}", ExitCodes.Failed);
            }

            await Task.Delay(PollInterval);
        }
    }

    static async Task<string> EndAsync(Process child)
    {
        var result = child.StandardOutput.ReadToEndAsync();
        var problems = child.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(ChildTimeout);
        try
        {
            await child.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill();
            throw new UserException($"the engine did not end within {ChildTimeout.TotalSeconds} s after its restart: {await problems}", ExitCodes.Failed);
        }

        if (child.ExitCode != ExitCodes.Good)
            throw new UserException($"the engine ended with exit code {child.ExitCode} after its restart: {await problems}", ExitCodes.Failed);
        return await result;
    }

    Process Start()
    {
        // The program itself, or dotnet where this assembly was started by another program.
        var library = typeof(CrashingEngine).Assembly;
        var isProgram = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == library.GetName().Name;
        var start = new ProcessStartInfo(isProgram ? Environment.ProcessPath! : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (!isProgram)
            start.ArgumentList.Add(library.Location);
        foreach (var argument in new[] { "run", "--bounded", "--json", "-c", configFile })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
