using System.Globalization;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Shards.Profiling;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// A line per join every ten seconds while it runs: rates, lag, how many records wait for a partner, and where each
/// side's time stands with the partition that holds it back, since that is why an unmatched row has not come yet; and
/// what was missing in the records.
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
            _ = WatchAsync(engine.Name, engine.StatusAsync, Interval, output, _stop.Token);
        if (Profile.IsOn)
            _ = ProfileAsync(node);
    }

    /// <summary>Ends the lines.</summary>
    public void Dispose() => _stop.Cancel();

    /// <summary>A line each interval until the join ends.</summary>
    internal static async Task WatchAsync(
        string name, Func<Task<JoinStatus>> ask, TimeSpan interval, TextWriter output, CancellationToken stop)
    {
        try
        {
            for (var before = 0L; ;)
            {
                await Task.Delay(interval, stop);
                if (await StatusAsync(ask, stop) is not { } status)
                {
                    await output.WriteLineAsync(
                        $"akkajoin: {name}: a key group does not answer: it is being recovered or moved, or its journal does not answer");
                    continue;
                }

                await output.WriteLineAsync(Line(name, status, status.Consumed - before));
                before = status.Consumed;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // The join ends, and says itself how.
        }
    }

    // While a key group is recovered it answers nobody; the lines go on when it does.
    static async Task<JoinStatus?> StatusAsync(Func<Task<JoinStatus>> ask, CancellationToken stop)
    {
        try
        {
            return await ask().WaitAsync(stop);
        }
        catch (Akka.Actor.AskTimeoutException)
        {
            return null;
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
                    consumed += (await StatusAsync(engine.StatusAsync, _stop.Token))?.Consumed ?? 0;
                await _output.WriteLineAsync(ProfileTable.Text(consumed));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // A join ends; the last table comes with the report.
        }
    }

    internal static string Line(string name, JoinStatus status, long consumed)
    {
        var rate = consumed / Interval.TotalSeconds;
        var behind = status.Lag > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{status.Lag:N0} to read of what was there at the start, ")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"akkajoin: {name}: {rate:N0} records/s, {behind}{CountText.Of(status.Rows, "row")}, "
            + $"{status.Left.Waiting + status.Right.Waiting:N0} waiting, ")
            + $"{SideTime.Text(Side.Left, status)}; {SideTime.Text(Side.Right, status)}"
            + (status.Router.Order.Number > 0 ? "; " + FlowOrderWords.Of(status.Router.Order) : "")
            + (InputText.Line(status.Router.Input) is { } missing ? "; " + missing : "");
    }
}
