using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Metering;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// One join of this node, from its start to its end. It runs until <see cref="DrainAsync"/>, the end of a bounded run's
/// input, or a failure that nothing mends; <see cref="Completion"/> tells which. From then on this node reads nothing,
/// but its key groups serve the other nodes until they are handed over. <see cref="CloseOutputsAsync"/> comes last.
/// </summary>
sealed class RunningJoin : IAsyncDisposable
{
    readonly PreparedJoin _prepared;
    readonly JoinStop _stop;
    volatile JoinGraphs? _graphs; // null while joins before it run

    RunningJoin(PreparedJoin prepared, JoinStop stop, JoinGraphs graphs)
    {
        _prepared = prepared;
        _stop = stop;
        _graphs = graphs;
        Completion = new JoinRun(prepared, stop, graphs).RunAsync();
    }

    RunningJoin(PreparedJoin prepared, JoinStop stop, IReadOnlyList<RunningJoin> before)
    {
        _prepared = prepared;
        _stop = stop;
        Completion = RunAfterAsync(before);
    }

    /// <summary>The join's name.</summary>
    internal string Name => _prepared.Name;

    /// <summary>
    /// The definition that it runs with. Where the configuration leaves a key out, the journal may say something else
    /// than today's default.
    /// </summary>
    internal JoinDefinition Definition => _prepared.Definition;

    /// <summary>Done when the join has ended; faulted where it could not go on.</summary>
    internal Task<JoinResult> Completion { get; }

    /// <summary>Starts a join. Where that fails, nothing of it is left.</summary>
    internal static async Task<RunningJoin> StartAsync(PreparedJoin prepared)
    {
        var stop = new JoinStop();
        try
        {
            return new RunningJoin(prepared, stop, await JoinGraphs.StartAsync(prepared, stop));
        }
        catch
        {
            stop.Dispose();
            throw;
        }
    }

    /// <summary>Starts a join when others have ended.</summary>
    internal static RunningJoin StartAfter(PreparedJoin prepared, IReadOnlyList<RunningJoin> before) =>
        new(prepared, new JoinStop(), before);

    /// <summary>
    /// Stops reading, finishes the records in flight within the limit of the drain, commits, and ends. Done when the
    /// join has ended, also where it failed.
    /// </summary>
    internal Task DrainAsync()
    {
        if (_stop.RequestDrain())
            EngineLog.Draining(_prepared.Context.Log, Name);
        return Completion.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    /// <summary>
    /// Ends at once: the other nodes have given this one up, and have its key groups now. Nothing is lost: they read
    /// again the records that were not committed.
    /// </summary>
    /// <param name="reason">Why; null = the other nodes gave this one up.</param>
    internal void Abandon(Exception? reason = null) =>
        _stop.Fail(reason ?? new UserException("this node is no member of the cluster any more", 1));

    /// <summary>
    /// Waits for the last rows on their way, and closes the producer. No key group runs on this node any more.
    /// </summary>
    internal async Task CloseOutputsAsync()
    {
        if (_graphs is { } graphs && await graphs.CloseOutputsAsync())
            EngineLog.Ended(_prepared.Context.Log, Name);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        await CloseOutputsAsync();
        _stop.Dispose();
    }

    /// <summary>The join as it is now.</summary>
    /// <exception cref="InvalidOperationException">It waits for the joins before it, or has ended.</exception>
    internal Task<JoinStatus> StatusAsync() =>
        (_graphs ?? throw new InvalidOperationException($"join '{Name}' waits for the joins whose rows it reads")).StatusAsync();

    /// <summary>The offset at which the join began with a source partition; null = it is not known. Blocks.</summary>
    /// <exception cref="Shards.Journal.JournalException">The journal cannot be read.</exception>
    internal long? Origin(TopicPartition partition) => new PartitionOrigins(_prepared.Context.Journal, Name).Find(partition);

    /// <summary>
    /// How often the configured fields were there and missing, in this process; null where the join does not run yet,
    /// or has ended.
    /// </summary>
    internal Task<InputCounts?> InputAsync() => _graphs?.InputAsync() ?? Task.FromResult<InputCounts?>(null);

    /// <summary>The router as it is now; null where the join does not run yet, or has ended.</summary>
    internal Task<RouterStatus?> RouterAsync() => _graphs?.RouterAsync() ?? Task.FromResult<RouterStatus?>(null);

    /// <summary>What is asked of the join, as this node knows it; null where the join does not run yet.</summary>
    internal FlowOrders? Orders => _graphs?.Orders;

    /// <summary>
    /// Waits until everything that was read is joined, its rows are out and its offsets are committed. False where that
    /// takes longer than the limit of a drain.
    /// </summary>
    internal async Task<bool> LetOutAsync(CancellationToken stopping) => _graphs is not { } graphs || await graphs.LetOutAsync(stopping);

    /// <summary>What the key groups of this node show; null where the join does not run yet.</summary>
    internal JoinGauges? Gauges => _graphs?.Gauges;

    async Task<JoinResult> RunAfterAsync(IReadOnlyList<RunningJoin> before)
    {
        var ended = Task.WhenAll(before.Select(join => join.Completion));
        await await Task.WhenAny(ended.ContinueWith(static _ => { }, TaskScheduler.Default), _stop.Drain, _stop.Failure);
        if (_stop.IsDraining)
            return JoinResult.None;
        if (!ended.IsCompletedSuccessfully)
            throw new UserException($"join '{Name}' did not run, since a join whose rows it reads failed: "
                + $"{ended.Exception!.GetBaseException().Message}", 1);
        var prepared = await _prepared.WithEndsAsync();
        var graphs = _graphs = await JoinGraphs.StartAsync(prepared, _stop);
        return await new JoinRun(prepared, _stop, graphs).RunAsync();
    }
}
