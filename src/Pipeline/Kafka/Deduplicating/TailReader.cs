using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Deduplicating;

/// <summary>
/// Finds out for recovered key groups which of their outputs are in the topics already. It gathers questions, so that
/// the key groups of a node that died cost one read of each partition: from the least offset asked for to the end.
/// <para>
/// It asks for the end when nothing of a predecessor of the key group can follow any more:
/// <list type="bullet">
/// <item>it ran in this process: once the broker has all that this node's producer got of the key group;</item>
/// <item>it was handed over: it stopped after its outputs were confirmed;</item>
/// <item>its process died: <c>tail-wait</c> after the question the broker has appended all that it had received.</item>
/// </list>
/// Two equal ends in a row would say nothing, since other key groups write to the same partitions all the time. A node
/// that was frozen and wakes still writes what its producer had queued. Nothing here can tell;
/// <see cref="OutputHeaders.Writer"/> names that node afterwards.
/// </para>
/// </summary>
sealed class TailReader : IOutputTail, IDisposable
{
    static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);
    readonly KafkaSettings _kafka;
    readonly JoinSettings _join;
    readonly OutputTopics _topics;
    readonly Deliveries _deliveries;
    readonly ILoggingAdapter _log;
    readonly TimeSpan _tailWait;
    readonly CancellationTokenSource _stop = new();
    readonly CancellationToken _stopping; // stays good when its source is gone
    readonly Lock _gate = new();
    List<TailSearch> _waiting = [];
    bool _running;
    Task _refreshing = Task.CompletedTask;
    long _refreshed;

    readonly Func<ITailLog> _open;
    readonly TimeProvider _time;
    readonly Func<Action, Task>? _work;

    /// <param name="kafka">The brokers.</param>
    /// <param name="join">The join.</param>
    /// <param name="topics">Where its outputs go.</param>
    /// <param name="deliveries">What of them is known.</param>
    /// <param name="log">The join's.</param>
    /// <param name="open">Begins to read the topics; null = with a consumer.</param>
    /// <param name="time">The time; null = the machine's.</param>
    /// <param name="work">Does what blocks; null = on threads of its own.</param>
    internal TailReader(
        KafkaSettings kafka,
        JoinSettings join,
        OutputTopics topics,
        Deliveries deliveries,
        ILoggingAdapter log,
        Func<ITailLog>? open = null,
        TimeProvider? time = null,
        Func<Action, Task>? work = null)
    {
        _open = open ?? (() => new TailConsumer(kafka, join.GroupId));
        _time = time ?? TimeProvider.System;
        _work = work;
        _refreshed = _time.GetTimestamp();
        _kafka = kafka;
        _join = join;
        _topics = topics;
        _deliveries = deliveries;
        _log = log;
        _tailWait = TimeSpan.FromMilliseconds(join.Flow.TailWaitMs);
        _stopping = _stop.Token;
    }

    /// <inheritdoc/>
    public OutputPositions Produced => _deliveries.Positions;

    /// <inheritdoc/>
    public async Task<TailAnswer> ReadAsync(TailQuestion question)
    {
        if (question.From.Topics != _deliveries.Positions.Topics)
        {
            TailReaderLog.OfOtherTopics(_log, _join.Name, question.Group);
            return TailAnswer.Nothing;
        }

        await _deliveries.UntilNoneAsync(question.Group).WaitAsync(_stopping).ConfigureAwait(false);
        var search = new TailSearch(question, _time);
        lock (_gate)
        {
            _waiting.Add(search);
            if (!_running)
                _ = RunAsync();
            _running = true;
        }

        return await search.Completion.Task.ConfigureAwait(false);
    }

    /// <summary>Gives up what is being read. After the key groups are gone: nobody gets an answer any more.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Asks the broker how far the output partitions reach.</summary>
    /// <exception cref="UserException">No broker answered, or a topic is not there.</exception>
    internal async Task RefreshAsync()
    {
        using var admin = TopicAdmin.Create(_kafka);
        var partitions = await admin.PartitionsAsync([.. Topics()]);
        foreach (var (partition, end) in await admin.EndOffsetsAsync(partitions, IsolationLevel.ReadUncommitted))
            _deliveries.Reached(partition.Topic, partition.Partition.Value, end);
    }

    /// <summary>
    /// Does so from time to time: a partition that others write to would be searched from where this node wrote to it
    /// last. To be called again and again; returns at once.
    /// </summary>
    internal void KeepFresh()
    {
        if (!_refreshing.IsCompleted || _time.GetElapsedTime(_refreshed) < RefreshInterval)
            return;
        _refreshed = _time.GetTimestamp();
        _refreshing = RefreshQuietlyAsync();
    }

    IEnumerable<string> Topics() => new[] { _topics.Rows, _topics.Late }.Distinct();

    async Task RefreshQuietlyAsync()
    {
        try
        {
            await RefreshAsync().ConfigureAwait(false);
        }
        catch (UserException)
        {
            // An older position is as true.
        }
    }

    async Task RunAsync()
    {
        while (true)
        {
            await Task.Delay(Linger, _time).ConfigureAwait(false);
            List<TailSearch> searches;
            lock (_gate)
            {
                searches = _waiting;
                _waiting = [];
                _running = searches.Count > 0;
                if (!_running)
                    return;
            }

            await AnswerAsync(searches).ConfigureAwait(false);
        }
    }

    async Task AnswerAsync(List<TailSearch> searches)
    {
        try
        {
            while (!await TryReadAsync(searches).ConfigureAwait(false))
                await Task.Delay(RetryAfter, _time, _stopping).ConfigureAwait(false);
            searches.ForEach(s => s.Answer());
        }
        catch (Exception e)
        {
            searches.ForEach(s => s.Completion.TrySetException(e));
        }
    }

    // What was found stays found, so a read that broke off is simply done again.
    async Task<bool> TryReadAsync(List<TailSearch> searches)
    {
        try
        {
            await ReadAsync(searches).ConfigureAwait(false);
            return true;
        }
        catch (KafkaException e) when (IsHopeless(e.Error.Code))
        {
            throw new KafkaStopException(
                $"output.deduplicate = tail reads the ids in '{_topics.Rows}' and '{_topics.Late}', which is refused: {e.Error.Reason} "
                + $"({e.Error.Code}). Give this user the right to read them, or set it to off.");
        }
        catch (KafkaException e)
        {
            TailReaderLog.Waits(_log, _join.Name, e.Error.Reason);
            return false;
        }
    }

    async Task ReadAsync(List<TailSearch> searches)
    {
        var since = _time.GetTimestamp();
        var byGroup = searches.ToLookup(s => s.Group);
        ITailLog? log = null;
        try
        {
            List<(TopicPartition Partition, long From, long To, long Removed)> ranges = [];
            var read = 0L;
            await OnThread(() =>
            {
                log = _open();
                ranges = Topics().SelectMany(log.Partitions).Select(p => Range(log, p, searches)).ToList();
                read = log.Read(ranges.Select(r => (r.Partition, r.From, r.To)), Match, _stopping);
            }).ConfigureAwait(false);
            var removed = ranges.Where(r => r.Removed > 0).ToList();
            if (removed.Count > 0)
                TailReaderLog.Removed(
                    _log, _join.Name, removed.Count, removed[0].Partition.ToString(), removed[0].Removed, removed[0].From);

            // The newest question decides: the end that counts is asked for when its predecessor has long been silent.
            var rest = _tailWait - searches.Min(s => s.Age);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, _time, _stopping).ConfigureAwait(false);
            await OnThread(
                () =>
                    read += log!.Read(
                        ranges.Select(r => (r.Partition, r.To, log.Ends(r.Partition).High)).ToList(),
                        Match,
                        _stopping)).ConfigureAwait(false);
            TailReaderLog.Read(
                _log, _join.Name, read, ranges.Count, _time.GetElapsedTime(since).TotalSeconds, searches.Count, searches.Sum(s => s.Found));
        }
        finally
        {
            log?.Dispose();
        }

        void Match(byte[] text)
        {
            if (!OutputId.TryParse(text, out var id))
                return;
            foreach (var search in byGroup[id.Group])
                search.Match(id);
        }
    }

    // From the least offset asked for. A log that ends below it was made anew, one that begins above it lost its
    // beginning to retention.
    (TopicPartition Partition, long From, long To, long Removed) Range(ITailLog log, TopicPartition partition, List<TailSearch> searches)
    {
        var from = long.MaxValue;
        foreach (var search in searches)
        {
            if (partition.Topic == _topics.Rows)
                from = Math.Min(from, search.From(late: false, partition.Partition.Value));
            if (partition.Topic == _topics.Late)
                from = Math.Min(from, search.From(late: true, partition.Partition.Value));
        }

        var (low, high) = log.Ends(partition);
        _deliveries.Reached(partition.Topic, partition.Partition.Value, high);
        var begin = from > high ? low : Math.Max(from, low);
        return (partition, begin, high, Math.Max(0, low - from));
    }

    Task OnThread(Action action) =>
        _work?.Invoke(action) ?? Task.Factory.StartNew(action, _stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    static bool IsHopeless(ErrorCode code) => code is
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_Fatal;
}
