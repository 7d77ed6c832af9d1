using Akka;
using Akka.Streams.Dsl;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.RowReading;

namespace AkkaJoin.Cockpit.Hosting;

/// <summary>Answers an application from what the commands tell.</summary>
sealed class EmbeddedFigures(EmbeddedNode node) : IAkkaJoin
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Joins => [.. node.Settings.Joins.Select(join => join.Name)];

    /// <inheritdoc/>
    public async Task<JoinState> StateAsync(string join, CancellationToken cancellation = default)
    {
        Check(join);
        var running = node.Node?.Running(join);
        var failure = (node.Failures.ReasonOf(join) ?? running?.Completion.Exception?.GetBaseException())?.Message;
        var state = new JoinState(join, running is not null && !running.Completion.IsCompleted && failure is null, failure);
        if (node.Node is null || running is null)
            return state;
        var overview = await node.Node.Everywhere(join).OverviewAsync(cancellation);
        return state with
        {
            KeyGroups = overview.Groups,
            KeyGroupsRunning = overview.Running,
            ReadPerSecond = overview.OneMinute.ReadLeft + overview.OneMinute.ReadRight,
            RowsPerSecond = overview.OneMinute.Rows,
            Buffered = overview.Buffered,
            StateBytes = overview.StateBytes,
            Lag = overview.Lag,
        };
    }

    /// <inheritdoc/>
    public async Task<JoinLedger> LedgerAsync(string join, CancellationToken cancellation = default)
    {
        var ledger = await Everywhere(join).LedgerAsync(cancellation);
        return new JoinLedger(join, Of(ledger.Left), Of(ledger.Right), ledger.SilentGroups);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PartitionLag>> LagAsync(string join, CancellationToken cancellation = default)
    {
        var board = await Everywhere(join).BoardAsync(cancellation);
        return [.. board.Partitions.OrderBy(partition => partition.Side).Select(Of)];
    }

    /// <inheritdoc/>
    public Source<JoinedRow, NotUsed> Rows(string join)
    {
        Check(join);
        return node.Outlets.GetValueOrDefault(join)?.Source()
            ?? throw new ArgumentException($"the rows of join '{join}' go to a topic: set output.to = source", nameof(join));
    }

    static RecordFates Of(SideLedgerReport side) => new(
        side.Received, side.Matched, side.Unmatched, side.Expired, side.Late, side.Duplicates, side.Waiting);

    static PartitionLag Of(BoardPartition partition) => new(
        partition.Topic,
        partition.Partition,
        partition.Side == Side.Left,
        partition.Lag,
        partition.WatermarkMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
        partition.Node);

    ClusterJoin Everywhere(string join)
    {
        Check(join);
        return node.Node?.Everywhere(join) ?? throw new UserException("the joins have not started: ask again", 1);
    }

    void Check(string join)
    {
        ArgumentNullException.ThrowIfNull(join);
        if (!Joins.Contains(join))
            throw new ArgumentException($"there is no join '{join}'; joins are {string.Join(", ", Joins)}", nameof(join));
    }
}
