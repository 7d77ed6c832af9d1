using System.Diagnostics;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Host.Demo;

/// <summary>
/// The join as a child process, <c>run --bounded</c>, that is killed with SIGKILL when its first rows are out, and
/// started again. Nothing is told to it; journal and committed offsets are all that it finds.
/// </summary>
sealed class CrashingEngine(string configFile, AkkaJoinSettings settings, int events, Action<string> say)
{
    // As the runtime reports a process that SIGKILL ended.
    const int KilledExitCode = 128 + 9;
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan ChildTimeout = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Runs the join to its end, with one kill on the way; none where a small one was done before it could be killed.
    /// </summary>
    /// <exception cref="UserException">The child failed.</exception>
    internal async Task<DemoOutcome> RunAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var (json, kills) = await RunAndKillAsync();
        if (kills == 1)
        {
            using var second = Start();
            json = await EndAsync(second);
        }

        return new DemoOutcome(RunLedger.Parse(json), Stopwatch.GetElapsedTime(began).TotalSeconds, kills);
    }

    async Task<(string Json, int Kills)> RunAndKillAsync()
    {
        using var first = Start();
        var rows = await RowsAsync(first, Math.Max(20, events / 200));
        first.Kill();
        await first.WaitForExitAsync();
        if (first.ExitCode == ExitCodes.Good)
        {
            say("  killed   nothing: the engine was done before; more --events give the time");
            return (await first.StandardOutput.ReadToEndAsync(), 0);
        }

        if (first.ExitCode != KilledExitCode)
            throw new UserException(
                $"the engine ended with exit code {first.ExitCode}: {await first.StandardError.ReadToEndAsync()}", ExitCodes.Failed);
        say($"  killed   engine process {first.Id} with SIGKILL after {rows:N0} rows; starting it again");
        return ("", 1);
    }

    // Waits until so many rows lie in the output topic, or the child has ended.
    async Task<long> RowsAsync(Process child, long wanted)
    {
        using var admin = TopicAdmin.Create(settings.Kafka);
        var partitions = await admin.PartitionsAsync([settings.Joins[0].Output.Topic]);
        while (true)
        {
            var ends = await admin.EndOffsetsAsync(partitions, IsolationLevel.ReadUncommitted);
            var rows = ends.Values.Sum();
            if (rows >= wanted || child.HasExited)
                return rows;
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
            throw new UserException(
                $"the engine did not end within {ChildTimeout.TotalSeconds} s after its restart: {await problems}", ExitCodes.Failed);
        }

        if (child.ExitCode != ExitCodes.Good)
            throw new UserException(
                $"the engine ended with exit code {child.ExitCode} after its restart: {await problems}", ExitCodes.Failed);
        return await result;
    }

    Process Start() => Process.Start(OwnProgram.StartInfo("run", "--bounded", "--json", "-c", configFile))!;
}
