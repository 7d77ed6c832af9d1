using Akka;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.RowReading;

/// <summary>
/// Where the rows of a join with <c>output.to = source</c> wait for the reader in the application. An event is
/// confirmed to its key group when the reader has confirmed all of its rows. It has no limit of its own: a key group
/// acknowledges no records before, so it gets no more than group-in-flight-max messages of each node, and it begins no
/// event above its unconfirmed-bytes-max, as with a broker that is slow. One reader has it at a time; the next one gets
/// everything that is not confirmed, from the oldest event on. Thread safe.
/// </summary>
/// <param name="join">The join's name.</param>
/// <param name="settings">Which headers a row has.</param>
sealed class RowOutlet(string join, OutputSettings settings)
{
    readonly Lock _gate = new();

    // Those that are not confirmed. After a restart of its key group an event comes again, and is the same one.
    readonly Dictionary<(int Group, string Incarnation, long Sequence), UnreadEvent> _events = [];

    // What the reader has not taken yet.
    readonly Queue<UnreadEvent> _toRead = new();
    readonly Queue<JoinedRow> _rows = new();
    object? _reader;
    Action? _wake; // set while the reader waits
    long _number;
    bool _isClosed;

    /// <summary>The join's name.</summary>
    internal string Join => join;

    /// <summary>The rows, for one reader at a time.</summary>
    internal Source<JoinedRow, NotUsed> Source() => Akka.Streams.Dsl.Source.FromGraph(new RowSource(this));

    /// <summary>A key group hands out the outputs of an event.</summary>
    /// <param name="output">The event.</param>
    /// <param name="writeLate">Writes the rest of it to Kafka.</param>
    internal void Write(OutputEvent output, Action<OutputEvent> writeLate)
    {
        UnreadEvent unread;
        Action? wake = null;
        lock (_gate)
        {
            var id = (output.Group, output.Incarnation, output.Sequence);
            if (_events.TryGetValue(id, out var known))
            {
                known.Event = output;
                return;
            }

            unread = new UnreadEvent(this, _number++, output);
            _events.Add(id, unread);
            if (unread.Rows > 0)
            {
                _toRead.Enqueue(unread);
                (wake, _wake) = (_wake, null);
            }
        }

        if (unread.HasLateCopies)
        {
            var confirmed = () => Count(unread, static unread => unread.CountLateCopies());
            writeLate(output with { Written = unread.RowIndexes(), Confirmed = confirmed });
        }

        wake?.Invoke();
    }

    /// <summary>Begins to read.</summary>
    /// <param name="reader">Who reads.</param>
    /// <exception cref="InvalidOperationException">Another one does.</exception>
    internal void Attach(object reader)
    {
        lock (_gate)
        {
            if (_reader is not null)
                throw new InvalidOperationException($"the rows of join '{join}' have a reader already: end its stream first");
            _reader = reader;
            _rows.Clear();
            _toRead.Clear();
            foreach (var unread in _events.Values.Where(unread => unread.Rows > 0).OrderBy(unread => unread.Number))
                _toRead.Enqueue(unread);
        }
    }

    /// <summary>Reads no more. What was not confirmed waits for the next reader.</summary>
    internal void Detach(object reader)
    {
        lock (_gate)
        {
            if (_reader == reader)
                (_reader, _wake) = (null, null);
        }
    }

    /// <summary>What waits for the reader.</summary>
    /// <param name="nowMs">The machine's time since its start, ms.</param>
    /// <param name="runsHere">
    /// Whether a key group runs on this node. One that has left hands its rows out where it runs now.
    /// </param>
    internal UnreadRows Unread(long nowMs, Func<int, bool> runsHere)
    {
        lock (_gate)
        {
            var (events, oldestMs) = (0, nowMs);
            foreach (var unread in _events.Values)
            {
                if (unread.AreRowsConfirmed || !runsHere(unread.Event.Group))
                    continue;
                events++;
                oldestMs = Math.Min(oldestMs, unread.CameAtMs);
            }

            return new UnreadRows(events, nowMs - oldestMs, _reader is not null);
        }
    }

    /// <summary>The next row; null = there is none yet.</summary>
    /// <param name="wake">Called once when there is one, or there will be none; not where there is one now.</param>
    /// <param name="hasEnded">Whether there will be none.</param>
    internal JoinedRow? TakeRow(Action wake, out bool hasEnded)
    {
        lock (_gate)
        {
            hasEnded = false;
            while (_rows.Count == 0 && _toRead.TryDequeue(out var next))
            {
                foreach (var row in next.Unconfirmed(settings, join))
                    _rows.Enqueue(row);
            }

            if (_rows.TryDequeue(out var first))
                return first;
            hasEnded = _isClosed;
            _wake = wake;
            return null;
        }
    }

    /// <summary>No key group of this node hands out any more: the reader's stream ends.</summary>
    internal void Close()
    {
        Action? wake;
        lock (_gate)
        {
            _isClosed = true;
            (wake, _wake) = (_wake, null);
        }

        wake?.Invoke();
    }

    /// <summary>The reader confirms a row.</summary>
    internal void Confirm(UnreadEvent unread, int index) => Count(unread, unread => unread.CountRow(index));

    void Count(UnreadEvent unread, Func<UnreadEvent, bool> count)
    {
        OutputEvent confirmed;
        lock (_gate)
        {
            if (!count(unread))
                return;
            confirmed = unread.Event;
            _events.Remove((confirmed.Group, confirmed.Incarnation, confirmed.Sequence));
        }

        confirmed.Confirm();
    }
}

/// <summary>What waits for a reader.</summary>
/// <param name="Events">Events of which rows are not confirmed.</param>
/// <param name="OldestWaitsMs">For how long the oldest of them has waited, ms; 0 where there is none.</param>
/// <param name="HasReader">Whether a stream of the rows runs.</param>
readonly record struct UnreadRows(int Events, long OldestWaitsMs, bool HasReader);
