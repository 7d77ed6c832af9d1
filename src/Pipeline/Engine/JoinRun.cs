using Akka.Actor;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Runs the graphs of a join until a drain, the end of a bounded run's input, or a failure:
/// <code>
/// read ... until one of the three; then stop reading, wait until everything in flight is written and committed, flush
/// </code>
/// </summary>
/// <param name="prepared">The join.</param>
/// <param name="stop">Ends it.</param>
/// <param name="graphs">Its streams and actors.</param>
sealed class JoinRun(PreparedJoin prepared, JoinStop stop, JoinGraphs graphs)
{
    /// <summary>Runs until the end of a bounded run's input, a drain, or a failure.</summary>
    internal async Task<JoinResult> RunAsync()
    {
        var context = prepared.Context;
        var clock = new ClockWatch(context.Journal, context.Name, context.Log);
        var watches = Task.WhenAll(
            OrFailAsync(graphs.Watch.RunAsync(stop.Stopping)),
            OrFailAsync(WatchTopicsAsync()),
            OrFailAsync(clock.RunAsync(stop.Stopping)),
            OrFailAsync(graphs.Orders.RunAsync(stop.Stopping)));
        try
        {
            var result = prepared.Context.Options.Bounded ? await ReadToEndAsync() : await ReadUntilDrainAsync();
            await graphs.Consumer.Stop();
            await await Task.WhenAny(graphs.SourceDone, graphs.SinkDone, stop.Failure);
            if (!graphs.Peers.AreSeveral)
                await FlushAsync();
            return WithWarnings(result.Status is null ? result with { Status = await LastStatusAsync() } : result);
        }
        finally
        {
            await stop.CancelAsync();
            await watches;
            await graphs.Consumer.Shutdown();
        }
    }

    async Task<JoinResult> ReadUntilDrainAsync()
    {
        await OrBrokenAsync(stop.Drain);
        return JoinResult.None;
    }

    async Task<JoinResult> ReadToEndAsync()
    {
        var run = new BoundedRun(
            prepared, graphs.Inbox, graphs.Groups, graphs.SourceDone, () => graphs.IsAtRest, stop.Drain);
        await OrBrokenAsync(Task.WhenAny(run.ReadToEndAsync(stop.Stopping), stop.Drain).Unwrap());
        if (stop.IsDraining)
            return JoinResult.None;
        var ending = EndInputAsync(run);

        // The broker may refuse the last rows. That says more than the time-out of the key groups that wait for them.
        await await Task.WhenAny(ending, graphs.SinkDone, graphs.SourceDone, stop.Failure);
        return await ending;
    }

    async Task<JoinResult> EndInputAsync(BoundedRun run)
    {
        await graphs.Watch.WarnOfTimesAsync();
        return await run.EndInputAsync(stop.Stopping);
    }

    // Waits for work, or fails: also where one of the streams ends though nobody asked for it.
    async Task OrBrokenAsync(Task work)
    {
        var first = await Task.WhenAny(work, graphs.SinkDone, graphs.SourceDone, stop.Failure);
        await first;
        if (first == graphs.SinkDone || first == graphs.SourceDone)
            throw PartWatch.Ended($"the stream of {(first == graphs.SourceDone ? "records" : "rows")} of {prepared.Context.Name}");
    }

    // A watch that fails ends the join: without it the join would go on unwatched, and nobody would know.
    async Task OrFailAsync(Task watch)
    {
        try
        {
            await watch;
        }
        catch (Exception e)
        {
            stop.Fail(e);
        }
    }

    async Task WatchTopicsAsync()
    {
        if (prepared.Subscription.Topics.Count == 0)
            return;
        var reason = await TopicWatch.RunAsync(
            prepared.Context.Kafka,
            prepared.Subscription.Sources,
            (topic, before, now) => EngineLog.PartitionsAdded(prepared.Context.Log, prepared.Context.Name, topic, before, now),
            stop.Stopping);
        if (reason is null)
            return;
        graphs.Consumer.RefuseCommits();
        stop.Fail(reason);
    }

    // Puts confirmations into the journal: the rows that they name are not sent again after the next start. A key group
    // that does not answer costs only that.
    async Task FlushAsync()
    {
        if (!await graphs.Groups.TryFlushAsync())
            EngineLog.FlushTimedOut(prepared.Context.Log, prepared.Context.Name);
    }

    // A stop while the journal fails is a clean stop all the same: the report is shorter then.
    async Task<JoinStatus?> LastStatusAsync()
    {
        try
        {
            return graphs.Inbox.Last is { } router ? new JoinStatus(router, await graphs.Groups.StatusAsync()) : null;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    JoinResult WithWarnings(JoinResult result)
    {
        if (result.Status is null)
            return result;
        var warnings = graphs.Fields.Warnings(result.Status.Router.Input);
        foreach (var warning in warnings)
            EngineLog.FieldIsMissing(prepared.Context.Log, prepared.Context.Name, warning);
        return result with { Warnings = warnings };
    }
}
