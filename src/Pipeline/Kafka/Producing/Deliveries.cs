using System.IO.Hashing;
using System.Text;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// How far the output partitions are known to reach, and which key groups have outputs with this node's producer.
/// Thread safe: key groups, the sink and the producer's thread use it.
/// </summary>
sealed class Deliveries(OutputTopics topics)
{
    readonly Lock _gate = new();
    readonly uint _topics = Crc32.HashToUInt32(Encoding.UTF8.GetBytes(topics.Rows + "\n" + topics.Late));

    // By partition, an offset that the end of its log has reached. Only grows, so it bounds all that is produced later.
    long[] _rows = [];
    long[] _late = [];
    OutputPositions? _positions; // null = to be made anew

    // Events handed out and not confirmed, by key group, whichever incarnation of it handed them out.
    readonly Dictionary<int, int> _underWay = [];
    readonly Dictionary<int, TaskCompletionSource> _untilNone = [];

    /// <summary>Where all that is produced from now on can begin.</summary>
    internal OutputPositions Positions
    {
        get
        {
            lock (_gate)
                return _positions ??= new OutputPositions(_topics, [.. _rows], [.. _late]);
        }
    }

    /// <summary>
    /// A partition's log is at least so long: the broker said so, or acknowledged the record before it.
    /// </summary>
    internal void Reached(string topic, int partition, long end)
    {
        lock (_gate)
        {
            if (topic == topics.Rows)
                Raise(ref _rows, partition, end);
            if (topic == topics.Late)
                Raise(ref _late, partition, end);
        }
    }

    /// <summary>A key group's event is on its way to the producer.</summary>
    internal void HandedOut(int group)
    {
        lock (_gate)
            _underWay[group] = _underWay.GetValueOrDefault(group) + 1;
    }

    /// <summary>The broker has all outputs of an event.</summary>
    internal void Confirmed(int group)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            var left = _underWay.GetValueOrDefault(group) - 1;
            if (left > 0)
            {
                _underWay[group] = left;
                return;
            }

            _underWay.Remove(group);
            _untilNone.Remove(group, out waiting);
        }

        waiting?.SetResult();
    }

    /// <summary>
    /// Done once the broker has all that this node was handed of a key group: then it is in the topics, to be found.
    /// </summary>
    internal Task UntilNoneAsync(int group)
    {
        lock (_gate)
        {
            if (!_underWay.ContainsKey(group))
                return Task.CompletedTask;
            if (!_untilNone.TryGetValue(group, out var waiting))
                _untilNone[group] = waiting = new TaskCompletionSource();
            return waiting.Task;
        }
    }

    void Raise(ref long[] ends, int partition, long end)
    {
        if (partition >= ends.Length)
            Array.Resize(ref ends, partition + 1);
        if (end <= ends[partition])
            return;
        ends[partition] = end;
        _positions = null;
    }
}
