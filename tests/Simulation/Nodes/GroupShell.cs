using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Nodes;

/// <summary>
/// One incarnation of a key group: what KeyGroupActor and Akka.Persistence do around the real <see cref="KeyGroup"/> and
/// <see cref="RecoveryRules"/>. Snapshot, its chunks, highest number and pages of events are read one after the other, and anybody may write between.
/// </summary>
sealed class GroupShell
{
    internal const string JournalId = "j";
    const int FlushMs = 120, HandOverMs = 400;

    // As in life far more than can be on its way: parts that come in any order would push each other out for ever.
    const int PartBytesMax = 1 << 20;

    // Small, so that slabs are dropped and written anew while a snapshot is written of them.
    const int SlabLengthMin = 256;
    readonly Node _node;
    readonly KeyGroup _group;
    readonly RecoveryRules _recovery;
    readonly GroupLetters _letters;
    readonly SnapshotSaver _snapshots;
    readonly Queue<(object Message, object Sender)> _stash = new();
    long _last;
    bool _recovering = true;
    bool _backingOff;
    bool _stopping;

    internal GroupShell(Node node, int group)
    {
        _node = node;
        Number = group;
        _group = new KeyGroup(group, World.Scenario.Definition, JournalId, _ => new TestRowWriter(), World.Scenario.Limits, new HeapSlabPool(SlabLengthMin));
        _recovery = new RecoveryRules(_group);
        _letters = new GroupLetters(_group, PartBytesMax);
        _snapshots = new SnapshotSaver(node, _group, () => IsStopped);
        Note("recovers");
        World.Journal.Read(node, () => World.Journal[group].Snapshot, Alive<(long Sequence, byte[] Bytes)?>(TakeSnapshot));
    }

    internal int Number { get; }

    internal bool IsStopped { get; private set; }

    internal bool IsRunning => !IsStopped && !_recovering;

    internal KeyGroup Group => _group;

    SimulatedWorld World => _node.World;

    /// <summary>The actor dies, or is told to.</summary>
    internal void Stop(string why)
    {
        if (IsStopped)
            return;
        Note(why);
        IsStopped = true;
    }

    /// <summary>Sharding says that another node is to have the group: the actor stops once a successor has nothing to do again.</summary>
    internal void StopInOrder()
    {
        if (_stopping || IsStopped)
            return;
        if (_recovering)
        {
            _stash.Enqueue((StopGroup.Instance, this));
            return;
        }

        Note("is to stop");
        _stopping = true;
        _group.DropPending();
        _node.After(HandOverMs, () => Stop("stops, though not all of its rows are confirmed"));
        StopIfSettled();
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

        if (_backingOff && message is Deliver or DeliverPart or DeliverTicks)
            return;
        if (_stopping && message is Deliver or DeliverPart or DeliverTicks or CloseTime or RenewJournal)
            return;
        _letters.Offer(message, sender);
        SendReplies();
        PersistNext();
        StopIfSettled();
    }

    internal string Describe() => $"event {_group.Sequence}, confirmed {_group.ConfirmedThrough}, recovering {_recovering}, stopped {IsStopped}, idle {_group.Idle}";

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
            ReadChunks(found, SnapshotCodec.Read(found.Bytes).Chunks.Count, []);
        else
            ReadHighest();
    }

    void ReadChunks((long Sequence, byte[] Bytes) snapshot, int count, List<byte[]?> chunks)
    {
        if (chunks.Count == count)
        {
            TakeSnapshot(snapshot, chunks);
            return;
        }

        World.Journal.ReadChunk(_node, Number, snapshot.Sequence, chunks.Count, Alive<byte[]?>(chunk =>
        {
            chunks.Add(chunk);
            ReadChunks(snapshot, count, chunks);
        }));
    }

    void TakeSnapshot((long Sequence, byte[] Bytes) snapshot, List<byte[]?> chunks)
    {
        if (!_recovery.Snapshot(snapshot.Bytes, number => chunks[number]))
        {
            EndIncomplete("finds a chunk missing, and begins again");
            return;
        }

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
                if (!_recovery.Event(sequence, bytes))
                {
                    EndIncomplete("finds a hole, and begins again");
                    return;
                }

                Applied(sequence);
            }

            if (page.Count == count)
                ReadPage(page[^1].Sequence + 1, highest);
            else
                EndRecovery(highest);
        }));
    }

    void EndIncomplete(string why)
    {
        if (_recovery.IsDamaged(_node.Holes[Number], _node.LostSnapshots[Number]))
            throw new SimulationException($"key group {Number} takes what is missing at event {_recovery.Hole} or of snapshot {_recovery.LostSnapshot} for damage");
        _node.Holes[Number] = _recovery.Hole;
        _node.LostSnapshots[Number] = _recovery.LostSnapshot;
        Stop(why);
    }

    void EndRecovery(long highest)
    {
        // So does Akka: a snapshot may be newer than the newest event, if somebody deleted that.
        _last = Math.Max(highest, _last);
        if (!_recovery.IsWhole(_last))
        {
            Stop("was overtaken while it recovered, and begins again");
            return;
        }

        _recovering = false;
        Note("recovered through event {0}", _last);
        _group.Recovered(_node.ConfirmedThrough[Number]);
        BackOff();
        foreach (var outputs in _group.Unconfirmed)
            Emit(outputs.JournalId, outputs.Sequence, outputs.Bytes);
        FlushLater();
        while (_stash.TryDequeue(out var letter))
        {
            if (letter.Message is StopGroup)
                StopInOrder();
            else
                Receive(letter.Message, letter.Sender);
        }
    }

    void BackOff()
    {
        if (_node.Failures[Number] == 0)
            return;
        _backingOff = true;
        _node.After(20 * Math.Min(10, _node.Failures[Number]), Alive(() => _backingOff = false));
    }

    void FlushLater() => _node.After(FlushMs, Alive(() =>
    {
        _group.FlushIfStale();
        PersistNext();
        StopIfSettled();
        FlushLater();
    }));

    void PersistNext()
    {
        if (_backingOff || IsStopped || _group.NextEvent() is not { } bytes)
            return;
        var sequence = ++_last;
        World.Journal.Insert(_node, Number, sequence, bytes, Alive<bool>(isDurable =>
        {
            if (isDurable || World.Flaw == Flaw.IgnoresFailedPersists)
            {
                Persisted(sequence, bytes);
                return;
            }

            _node.Failures[Number]++;
            Stop("could not persist, and stops");
        }));
    }

    void Persisted(long sequence, byte[] bytes)
    {
        _node.Failures[Number] = 0;
        var outputs = _group.Apply(sequence, bytes);
        Applied(sequence, outputs);
        if (outputs.Length > 0)
            Emit(_group.JournalId, sequence, outputs);
        _group.AnswerConfirmed();
        SendReplies();
        _snapshots.SaveIfDue();
        PersistNext();
        StopIfSettled();
    }

    void Applied(long sequence, byte[]? outputs = null) => World.Groups[Number].Applied(sequence, _group, outputs);

    void Emit(string journalId, long sequence, byte[] outputs)
    {
        World.Broker.Produce(_node, () => Write(journalId, sequence, outputs), Alive(() => Confirmed(sequence)));
        if (World.Flaw == Flaw.ConfirmsBeforeTheBroker)
            Confirmed(sequence);
    }

    void Write(string journalId, long sequence, byte[] outputs)
    {
        World.History.Note(_node.Number, Number, "rows of event {0} are written", sequence);
        World.Broker.Outputs.Append(journalId, Number, sequence, outputs);
    }

    void Confirmed(long sequence)
    {
        Note("rows of event {0} are confirmed", sequence);
        _group.Confirm(sequence);
        _node.ConfirmedThrough[Number] = Math.Max(_node.ConfirmedThrough[Number], _group.ConfirmedThrough);
        SendReplies();
        PersistNext();
        StopIfSettled();
    }

    void StopIfSettled()
    {
        if (!_stopping)
            return;
        if (_group.Unconfirmed.Count == 0)
        {
            _group.FlushIfStale();
            PersistNext();
        }

        if (_group.IsSettled)
            Stop("stops in order");
    }

    void SendReplies()
    {
        foreach (var reply in _group.Replies)
        {
            if (reply.Message is GroupAck ack)
                World.Groups[Number].CheckAck(ack);
            World.Network.Answer(_node, reply.To, reply.Message);
        }

        _group.Replies.Clear();
    }

    void Note(string text, long a = 0) => World.History.Note(_node.Number, Number, text, a);
}
