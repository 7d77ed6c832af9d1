using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Profiling;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Renders what the join puts out into the form of <see cref="OutputEncoding"/>. One event at a time.
/// </summary>
/// <param name="definition">The definition of the join.</param>
/// <param name="rows">Writes the values of rows.</param>
/// <param name="writesSource">Whether each row has the header <see cref="OutputHeaders.Source"/>.</param>
/// <param name="group">The number of the key group, which is in the ids of its rows.</param>
sealed class OutputEncoder(JoinDefinition definition, IRowWriter rows, bool writesSource = false, int group = 0) : IJoinOutput
{
    // Reason, side, topic, partition, offset, event time; of a late record also how late, the watermark, who held it,
    // partners.
    const int OwnHeaders = 6, LateHeaders = 4;
    readonly ArrayBufferWriter<byte> _value = new(1024);
    readonly ArrayBufferWriter<byte> _headers = new(256);
    ArrayBufferWriter<byte> _outputs = new(4096);
    string _incarnation = "";
    long _sequence;

    /// <summary>Outputs since the last <see cref="TakeRows"/>.</summary>
    internal int Count { get; private set; }

    /// <summary>Those among them that are copies for the late topic, not rows.</summary>
    internal int LateCount { get; private set; }

    /// <summary>The rows that follow are of this event.</summary>
    internal void StartEvent(string incarnation, long sequence) => (_incarnation, _sequence) = (incarnation, sequence);

    /// <summary>
    /// The outputs since the last call, copied once into bytes of their own; empty where there were none.
    /// </summary>
    internal byte[] TakeRows()
    {
        if (Count == 0)
            return [];
        var bytes = _outputs.WrittenSpan.ToArray();
        if (_outputs.Capacity > 1 << 20)
            _outputs = new ArrayBufferWriter<byte>(4096);
        else
            _outputs.ResetWrittenCount();
        Count = 0;
        LateCount = 0;
        return bytes;
    }

    /// <inheritdoc/>
    public RowId Row(in JoinRow row, RowKind kind, ReadOnlySpan<RowId> supersedes = default)
    {
        using var span = Profile.Sample(ProfileStage.Render, Count % Profile.RowsPerSample == 0 ? Profile.RowsPerSample : 0);
        _value.ResetWrittenCount();
        rows.Write(row, _value);
        _headers.ResetWrittenCount();
        if (writesSource || supersedes.Length > 0)
            WriteHeaders(row, supersedes);
        Append(kind, Timestamp(row), row.Key, row.KeyIsNull, _value.WrittenSpan, false, _headers.WrittenSpan);
        return new RowId(_incarnation, _sequence, Count - 1);
    }

    /// <inheritdoc/>
    public void Late(Side side, int source, in RecordView record, RowKind kind, in LateReason reason)
    {
        _headers.ResetWrittenCount();
        var original = HeaderEncoding.Read(record.Headers);
        var isLate = kind == RowKind.LateRecord;
        _headers.Advance(
            HeaderEncoding.WriteCount(_headers.GetSpan(Varint.LengthMax), original.Count + OwnHeaders + (isLate ? LateHeaders : 0)));
        while (original.MoveNext())
            Header(original.Name, original.Value, original.ValueIsNull);
        Header(OutputHeaders.Reason, isLate ? "late" : "id-conflict");
        Header(OutputHeaders.Side, side == Side.Left ? "left" : "right");
        Header(OutputHeaders.SourceTopic, definition.Source(side).Topic);
        Header(OutputHeaders.SourcePartition, record.Partition);
        Header(OutputHeaders.SourceOffset, record.Offset);
        Header(OutputHeaders.EventTime, record.Time);
        if (isLate)
        {
            Header(OutputHeaders.LateByMs, reason.LateByMs);
            Header(OutputHeaders.Watermark, reason.Watermark);
            Header(OutputHeaders.WatermarkPartition, definition.Source(side).Topic + "/" + reason.HoldingPartition);
            Header(OutputHeaders.PartnersFound, reason.PartnersFound);
        }

        LateCount++;
        Append(kind, record.Timestamp, record.RecordKey, record.RecordKeyIsNull, record.Value, record.ValueIsNull, _headers.WrittenSpan);
    }

    void WriteHeaders(in JoinRow row, ReadOnlySpan<RowId> supersedes)
    {
        var count = (writesSource ? 1 : 0) + (supersedes.Length > 0 ? 1 : 0);
        _headers.Advance(HeaderEncoding.WriteCount(_headers.GetSpan(Varint.LengthMax), count));
        if (writesSource)
            SourceHeader.Write(row, _headers);
        if (supersedes.Length > 0)
            SupersedesHeader.Write(supersedes, group, _headers);
    }

    static long Timestamp(in JoinRow row)
    {
        var time = long.MinValue;
        if (row.HasLeft)
            time = row.Left.Time;
        if (row.HasRight)
            time = Math.Max(time, row.Right.Time);
        for (var i = 0; i < row.Lefts; i++)
            time = Math.Max(time, row.GetLeft(i).Time);
        return time;
    }

    void Append(
        RowKind kind,
        long timestamp,
        ReadOnlySpan<byte> key,
        bool keyIsNull,
        ReadOnlySpan<byte> value,
        bool valueIsNull,
        ReadOnlySpan<byte> headers)
    {
        var target = _outputs.GetSpan(9 + key.Length + value.Length + headers.Length + (3 * Varint.LengthMax));
        target[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(target[1..], timestamp);
        var p = 9;
        p += Nullable(target[p..], key, keyIsNull);
        p += Nullable(target[p..], value, valueIsNull);
        p += Varint.Write(target[p..], (ulong)headers.Length);
        headers.CopyTo(target[p..]);
        _outputs.Advance(p + headers.Length);
        Count++;
    }

    static int Nullable(Span<byte> target, ReadOnlySpan<byte> bytes, bool isNull)
    {
        var p = Varint.Write(target, isNull ? 0 : (ulong)bytes.Length + 1);
        bytes.CopyTo(target[p..]);
        return p + bytes.Length;
    }

    void Header(string name, long value) => Header(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    void Header(string name, string value) => Header(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), false);

    void Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool valueIsNull) =>
        _headers.Advance(HeaderEncoding.Append(
            _headers.GetSpan(HeaderEncoding.SizeMax(name.Length, value.Length)), name, value, valueIsNull));
}
