using System.Globalization;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Profiling;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// A line per join every ten seconds while it runs: rates, lag, what rests, and where each side's time stands with the partition that holds
/// it back, since that is why an unmatched row has not come yet.
/// </summary>
sealed class RunProgress : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    readonly CancellationTokenSource _stop = new();
    readonly TextWriter _output;

    internal RunProgress(Node node, TextWriter output)
    {
        _output = output;
        foreach (var engine in node.Joins)
            _ = WatchAsync(engine);
        if (Profile.IsOn)
            _ = ProfileAsync(node);
    }

    /// <summary>Ends the lines.</summary>
    public void Dispose() => _stop.Cancel();

    static string Side(string name, Side side, JoinStatus status)
    {
        var lowest = status.Groups.MinBy(g => side == Shards.Definition.Side.Left ? g.LeftWatermark : g.RightWatermark)!;
        var (watermark, holder) = side == Shards.Definition.Side.Left ? (lowest.LeftWatermark, lowest.LeftHolder) : (lowest.RightWatermark, lowest.RightHolder);
        var partition = holder[(holder.LastIndexOf('/') + 1)..];
        return watermark <= SideWatermarks.None
            ? $"{name} has no time yet: partition {partition} had no record"
            : $"{name} at {TimeText.Iso(watermark)}, held by partition {partition}";
    }

    async Task WatchAsync(JoinEngine engine)
    {
        try
        {
            for (var before = 0L; ;)
            {
                await Task.Delay(Interval, _stop.Token);
                var status = await engine.StatusAsync().WaitAsync(_stop.Token);
                await _output.WriteLineAsync(Line(engine.Name, status, status.Consumed - before));
                before = status.Consumed;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or Akka.Actor.AskTimeoutException)
        {
            // The join ends, and says itself how.
        }
    }

    async Task ProfileAsync(Node node)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, _stop.Token);
                var consumed = 0L;
                foreach (var engine in node.Joins)
                    consumed += (await engine.StatusAsync().WaitAsync(_stop.Token)).Consumed;
                await _output.WriteLineAsync(ProfileTable.Text(consumed));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or Akka.Actor.AskTimeoutException)
        {
            // A join ends; the last table comes with the report.
        }
    }

    static string Line(string name, JoinStatus status, long consumed)
    {
        var rate = consumed / Interval.TotalSeconds;
        var behind = status.Lag > 0 ? string.Create(CultureInfo.InvariantCulture, $"{status.Lag:N0} to read of what was there at the start, ") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"akkajoin: {name}: {rate:N0} records/s, {behind}{status.Rows:N0} rows, {status.Left.Resting + status.Right.Resting:N0} resting, ")
            + $"{Side("left", Shards.Definition.Side.Left, status)}; {Side("right", Shards.Definition.Side.Right, status)}";
    }
}
