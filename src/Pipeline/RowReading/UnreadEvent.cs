using System.Collections;
using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.RowReading;

/// <summary>
/// The rows of one event that a reader has not confirmed all. Its late copies are Kafka's: they count as one more.
/// </summary>
sealed class UnreadEvent
{
    readonly RowOutlet _owner;
    readonly BitArray _confirmed;
    int _rowsLeft; // rows without confirmation
    int _left; // those, and one for the late copies

    /// <summary>Looks at the outputs of an event.</summary>
    /// <param name="owner">Keeps it until it is confirmed.</param>
    /// <param name="number">Its place among the events that came.</param>
    /// <param name="event">The event.</param>
    internal UnreadEvent(RowOutlet owner, long number, OutputEvent @event)
    {
        _owner = owner;
        Number = number;
        Event = @event;
        var output = OutputEncoding.Read(@event.Bytes.Span);
        var (rows, count) = (0, 0);
        while (output.MoveNext())
        {
            count++;
            if (IsRow(output.Kind))
                rows++;
        }

        HasLateCopies = rows < count;
        Rows = rows;
        _rowsLeft = rows;
        _confirmed = new BitArray(count);
        _left = rows + (HasLateCopies ? 1 : 0);
    }

    /// <summary>Its place among the events that came.</summary>
    internal long Number { get; }

    /// <summary>
    /// The event. A key group that was started again hands it out again, and waits for the answer itself.
    /// </summary>
    internal OutputEvent Event { get; set; }

    /// <summary>When it came, by the machine's time since its start, ms.</summary>
    internal long CameAtMs { get; } = Environment.TickCount64;

    /// <summary>Under the owner's lock: whether the reader has confirmed all of its rows.</summary>
    internal bool AreRowsConfirmed => _rowsLeft == 0;

    /// <summary>How many rows it has.</summary>
    internal int Rows { get; }

    /// <summary>Whether it has copies of late records, which go to Kafka.</summary>
    internal bool HasLateCopies { get; }

    /// <summary>What the others do not take: the indexes of the rows.</summary>
    internal IReadOnlySet<int> RowIndexes()
    {
        var indexes = new HashSet<int>();
        var output = OutputEncoding.Read(Event.Bytes.Span);
        while (output.MoveNext())
        {
            if (IsRow(output.Kind))
                indexes.Add(output.Index);
        }

        return indexes;
    }

    /// <summary>Its rows that are not confirmed, in order.</summary>
    internal IEnumerable<JoinedRow> Unconfirmed(OutputSettings settings, string join)
    {
        var rows = new List<JoinedRow>();
        var output = OutputEncoding.Read(Event.Bytes.Span);
        while (output.MoveNext())
        {
            if (IsRow(output.Kind) && !_confirmed[output.Index])
                rows.Add(RowOf(output, settings, join));
        }

        return rows;
    }

    /// <summary>A row is confirmed.</summary>
    internal void Confirm(int index) => _owner.Confirm(this, index);

    /// <summary>Under the owner's lock. Whether the whole event is confirmed by this, and was not before.</summary>
    internal bool CountRow(int index)
    {
        if (_confirmed[index])
            return false;
        _confirmed[index] = true;
        _rowsLeft--;
        return --_left == 0;
    }

    /// <summary>Under the owner's lock: the broker has the late copies.</summary>
    internal bool CountLateCopies() => --_left == 0;

    static bool IsRow(RowKind kind) => !kind.IsCopy();

    JoinedRow RowOf(in OutputReader output, OutputSettings settings, string join)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Event.Incarnation}-{Event.Group}-{Event.Sequence}-{output.Index}");
        var kind = OutputMessages.RowWord(output.Kind);
        var headers = new List<KeyValuePair<string, ReadOnlyMemory<byte>?>> { Header(OutputHeaders.Id, id) };
        if (settings.Headers.HasFlag(RowHeaders.Join))
            headers.Add(Header(OutputHeaders.Join, join));
        if (settings.Headers.HasFlag(RowHeaders.Row))
            headers.Add(Header(OutputHeaders.Row, kind));
        if (output.Headers.Length > 0)
            AddHeaders(headers, output.Headers);
        return new JoinedRow(this, output.Index)
        {
            Id = id,
            Kind = kind,
            Key = output.KeyIsNull ? null : output.Key.ToArray(),
            Value = output.ValueIsNull ? null : output.Value.ToArray(),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(output.TimestampMs),
            Headers = headers,
        };
    }

    static KeyValuePair<string, ReadOnlyMemory<byte>?> Header(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));

    static void AddHeaders(List<KeyValuePair<string, ReadOnlyMemory<byte>?>> headers, ReadOnlySpan<byte> own)
    {
        var reader = HeaderEncoding.Read(own);
        while (reader.MoveNext())
            headers.Add(new(Encoding.UTF8.GetString(reader.Name), reader.ValueIsNull ? null : reader.Value.ToArray()));
    }
}
