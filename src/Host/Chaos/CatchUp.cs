using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Waits until the join has read everything that was fed: its committed offsets are the ends of the source topics.
/// </summary>
static class CatchUp
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <exception cref="UserException">It did not come so far in time.</exception>
    internal static async Task CompleteAsync(KafkaSettings kafka, JoinSettings join, Task failure, Action look)
    {
        using var admin = TopicAdmin.Create(kafka);
        var partitions = await admin.PartitionsAsync([.. new[] { join.Left.Topic, join.Right.Topic }.Distinct()]);
        var ends = await admin.EndOffsetsAsync(partitions);
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            look();
            var committed = await admin.CommittedAsync(join.GroupId, partitions);
            var behind = ends.Sum(end => Math.Max(0, end.Value - committed.GetValueOrDefault(end.Key)));
            if (behind == 0)
                return;
            if (failure.IsFaulted)
                await failure;
            if (Stopwatch.GetElapsedTime(since) > Limit)
            {
                throw new UserException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{CountText.Of(behind, "record was", "records were")} not committed within "
                        + $"{Limit.TotalMinutes} min after the last fault"),
                    ExitCodes.Failed);
            }

            await Task.Delay(PollInterval);
        }
    }
}
