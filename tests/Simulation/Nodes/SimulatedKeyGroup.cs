using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Snapshots;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Simulation.World;
using Confluent.Kafka;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// One incarnation of a key group: the real <see cref="KeyGroupShell"/>, and around it what KeyGroupActor and Akka.Persistence do, which decides nothing.
/// Snapshot, its segments, highest number and pages of events are read one after the other, and anybody may write between.
/// </summary>
sealed class SimulatedKeyGroup : IShellEffects
{
    // Parts: as in life far more than can be on its way; those that come in any order would push each other out for ever.
    static readonly ShellSettings Settings = new(TimeSpan.FromMilliseconds(120), TimeSpan.FromMilliseconds(400), 1 << 20)
    {
        BackoffMin = TimeSpan.FromMilliseconds(20),
        BackoffMax = TimeSpan.FromMilliseconds(200),
        SnapshotPause = TimeSpan.FromMilliseconds(50),
    };

    // Small, so that slabs are dropped and written anew while a snapshot is written of them.
    const int SlabLengthMin = 256;
    readonly Node _node;
    readonly KeyGroup _group;
    readonly KeyGroupShell _shell;
    readonly Queue<(object Message, object Sender)> _stash = new();
    long _last;
    bool _recovering = true;

    internal SimulatedKeyGroup(Node node, int group)
    {
        _node = node;
        Number = group;
        _group = new KeyGroup(group, World.Scenario.Definition, World.Scenario.Incarnations, _ => new TestRowWriter(namesSides: true), World.Scenario.Limits, new HeapSlabPool(SlabLengthMin));
        _shell = new KeyGroupShell(_group, $"group-{group}", node.Memories[group], Settings, this, new SnapshotSaver(this, node));
        Note("recovers");
        World.Journal.Read(node, () => World.Journal[group].Snapshot, Alive<(long Sequence, byte[] Bytes)?>(TakeSnapshot));
    }

    internal int Number { get; }

    internal bool IsStopped { get; private set; }

    internal bool IsRunning => !IsStopped && !_recovering;

    internal KeyGroup Group => _group;

    byte IShellEffects.FormatVersion => _node.FormatVersion;

    TimeOrder IShellEffects.Order => _node.Orders.Time;

    OutputPositions? IShellEffects.Produced => _node.Tail?.Produced;

    bool IShellEffects.HasEnded => false;

    SimulatedWorld World => _node.World;

    /// <summary>The actor dies, or is told to.</summary>
    internal void Stop(string why)
    {
        if (IsStopped)
            return;
        Note(why);
        IsStopped = true;
        _node.After(0, _shell.Stopped);
    }

    /// <summary>Sharding says that another node is to have the group: the actor stops once a successor has nothing to do again.</summary>
    internal void StopInOrder()
    {
        Note("is to stop");
        Receive(StopKeyGroup.Instance, this);
    }

    internal void Receive(object message, object sender)
    {
        if (IsStopped)
            return;
        if (_recovering)
        {
            _stash.Enqueue((message, sender));
            return;
        }

        _shell.Receive(message, sender);
        if (message is Deliver or DeliverPart)
            World.Taken(this);
    }

    /// <summary>Has the shell do something, if it still lives.</summary>
    internal void Do(Action<KeyGroupShell> action)
    {
        if (!IsStopped)
            action(_shell);
    }

    internal string Describe() => $"event {_group.Sequence}, confirmed {_group.LastConfirmed}, recovering {_recovering}, stopped {IsStopped}, idle {_group.Idle}";

    void IShellEffects.Persist(byte[] bytes)
    {
        var sequence = ++_last;
        World.Journal.Insert(_node, Number, sequence, bytes, Alive<bool>(isDurable =>
        {
            if (isDurable || World.Flaw == Flaw.IgnoresFailedPersists)
            {
                _shell.Persisted(sequence, bytes);
                return;
            }

            _shell.PersistFailed(sequence, new JournalException("refused"));
            Stop("could not persist, and stops");
        }));
    }

    void IShellEffects.Tell(object to, object message)
    {
        if (message is KeyGroupAck ack)
            World.Groups[Number].CheckAck(ack);
        World.Network.Answer(_node, to, message);
    }

    void IShellEffects.Emit(UnconfirmedOutputs outputs, IReadOnlySet<int>? written)
    {
        var confirmed = new OutputConfirmed(outputs.Incarnation, outputs.Sequence);
        var deliveries = _node.Deliveries;
        Dictionary<TopicPartition, long>? last = null;
        deliveries?.HandedOut(Number);
        World.Broker.Produce(_node, () => last = last is null || deliveries is null ? Write(outputs, written) : last, () =>
        {
            foreach (var (partition, offset) in last!)
                deliveries?.Reached(partition.Topic, partition.Partition.Value, offset + 1);
            deliveries?.Confirmed(Number);
            Note("rows of event {0} are confirmed", outputs.Sequence);
            Receive(confirmed, this);
        });
        if (World.Flaw == Flaw.ConfirmsBeforeTheBroker)
            _node.After(0, () => Receive(confirmed, this));
    }

    void IShellEffects.ReadTail(TailQuestion question) => _node.Tail!.ReadAsync(question).ContinueWith(
        answer => _node.After(0, () =>
        {
            Note("the tail of the outputs was read, {0} events are there", answer.Result.Written.Count);
            Receive(answer.Result, this);
        }),
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    void IShellEffects.ReadOrder() => _node.Orders.Read(Alive(_shell.OrderRead));

    void IShellEffects.Start(ShellTimer timer, TimeSpan wait) => _node.After((long)wait.TotalMilliseconds, Alive(() => _shell.Elapsed(timer)));

    void IShellEffects.Stop(StopReason reason) => Stop(reason switch
    {
        StopReason.Overtaken => "was overtaken while it recovered, and begins again",
        StopReason.Drained => "stops in order",
        StopReason.TimedOut => "stops, though not all of its rows are confirmed",
        _ => "stops, and begins again",
    });

    void IShellEffects.Fatal(Exception cause) => throw new SimulationException($"key group {Number} ends the join: {cause.Message}", cause);

    void IShellEffects.Recovered() => Note("recovered through event {0}", _group.Sequence);

    void IShellEffects.Applied(long sequence, byte[] bytes, byte[] outputs) => World.Groups[Number].Applied(sequence, _group, outputs);

    void IShellEffects.PersistFailed(long sequence, Exception cause)
    {
    }

    void IShellEffects.RecoveryFailed(Exception cause)
    {
    }

    void IShellEffects.Refused(object sender, string reason)
    {
        if (sender is not Liar)
            throw new SimulationException($"key group {Number} refuses what an honest node said: {reason}");
        Note("refuses a lie");
    }

    void IShellEffects.TailUnknown(int events)
    {
    }

    Action<T> Alive<T>(Action<T> action) => value =>
    {
        if (!IsStopped)
            action(value);
    };

    Action Alive(Action action) => () =>
    {
        if (!IsStopped)
            action();
    };

    void TakeSnapshot((long Sequence, byte[] Bytes)? snapshot)
    {
        if (snapshot is { } found)
            ReadSegments(found, SnapshotCodec.Read(found.Bytes).Segments.Count, []);
        else
            ReadHighest();
    }

    void ReadSegments((long Sequence, byte[] Bytes) snapshot, int count, List<byte[]?> segments)
    {
        if (segments.Count == count)
        {
            TakeSnapshot(snapshot, segments);
            return;
        }

        World.Journal.ReadSegment(_node, Number, snapshot.Sequence, segments.Count, Alive<byte[]?>(segment =>
        {
            segments.Add(segment);
            ReadSegments(snapshot, count, segments);
        }));
    }

    void TakeSnapshot((long Sequence, byte[] Bytes) snapshot, List<byte[]?> segments)
    {
        if (!Recovers(() => _shell.Snapshot(snapshot.Sequence, snapshot.Bytes, number => segments[number]), "finds a segment missing, and begins again"))
            return;
        Note("takes the snapshot of event {0}", snapshot.Sequence);
        World.Groups[Number].Restored(_group);
        _last = snapshot.Sequence;
        ReadHighest();
    }

    void ReadHighest() =>
        World.Journal.Read(_node, () => World.Journal[Number].Highest, Alive<long>(highest => ReadPage(_last + 1, highest)));

    void ReadPage(long from, long highest)
    {
        var count = World.Random.Next(1, 5);
        World.Journal.Read(_node, () => World.Journal[Number].Page(from, highest, count), Alive<List<(long Sequence, byte[] Bytes)>>(page =>
        {
            foreach (var (sequence, bytes) in page)
            {
                if (!Recovers(() => _shell.Replay(sequence, bytes), "finds a hole, and begins again"))
                    return;
                World.Groups[Number].Applied(sequence, _group, null);
            }

            if (page.Count == count)
                ReadPage(page[^1].Sequence + 1, highest);
            else
                EndRecovery(highest);
        }));
    }

    // Akka does the same with what a recovery throws.
    bool Recovers(Action step, string otherwise)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception e) when (e is not SimulationException)
        {
            _shell.RecoveryFailed(e, ofState: true);
            Stop(otherwise);
            return false;
        }
    }

    void EndRecovery(long highest)
    {
        // So does Akka: a snapshot may be newer than the newest event, if somebody deleted that.
        _last = Math.Max(highest, _last);
        _shell.EndRecovery(_last);
        _recovering = false;
        if (World.Scenario.Rests && !IsStopped)
            World.Groups[Number].Recovered(_group.Own, World.People.Order);
        while (_stash.TryDequeue(out var letter))
            Receive(letter.Message, letter.Sender);
    }

    Dictionary<TopicPartition, long> Write(UnconfirmedOutputs outputs, IReadOnlySet<int>? written)
    {
        World.History.Note(_node.Number, Number, "rows of event {0} are written", outputs.Sequence);
        return World.Broker.Outputs.Append(outputs.Incarnation, Number, outputs.Sequence, outputs.Bytes, written);
    }

    void Note(string text, long a = 0) => World.History.Note(_node.Number, Number, text, a);
}
