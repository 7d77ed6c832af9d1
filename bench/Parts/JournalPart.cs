using Akka.Actor;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Shards.Journal.Sqlite;

namespace AkkaJoin.Bench.Parts;

/// <summary>The journal alone: an actor per key group that persists the group's events, one after the other, into the real SQLite journal.</summary>
static class JournalPart
{
    internal static async Task<double> MeasureAsync(KeyGroupRuns groups, string directory)
    {
        using var journal = SqliteJournal.Open(directory);
        var system = LocalSystem.Create(journal);
        await WriteAsync(system, "warm", groups.Events.Select(e => e[..(e.Count / 10)]));
        var cpu = await CpuMeter.MeasureAsync(() => WriteAsync(system, "group", groups.Events));
        await system.Terminate();
        return cpu;
    }

    static Task WriteAsync(ActorSystem system, string name, IEnumerable<List<byte[]>> groups)
    {
        var written = new List<Task>();
        foreach (var events in groups)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var id = $"{name}-{written.Count}";
            system.ActorOf(Props.Create(() => new JournalWriter(id, events, done)));
            written.Add(done.Task);
        }

        return Task.WhenAll(written);
    }
}
