using System.Buffers;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Rows;

/// <summary>
/// Writes a flat object of the fields that <c>output.select</c> names, each under that name or the one behind
/// <c>as</c>, copied as the producer wrote it; null where it is missing. <c>lefts.FIELD</c> of an attribution is the
/// array of that field of each left.
/// </summary>
sealed class SelectRowWriter : IRowWriter
{
    readonly RowValues _values;
    readonly JsonScanner _lefts = new();
    readonly JsonScanner _rights = new();
    readonly SelectedField[] _fields;

    // It counts; no row depends on it.
    readonly SelectCounters _counters;

    /// <summary>A writer for rows of these inputs.</summary>
    /// <exception cref="UserException">A name means nothing for this join.</exception>
    public SelectRowWriter(IReadOnlyList<string> select, bool attribution, RowSide left, RowSide right)
        : this(select, attribution, left, right, null)
    {
    }

    /// <param name="select">What is selected.</param>
    /// <param name="attribution">Whether the join is one.</param>
    /// <param name="left">The left side.</param>
    /// <param name="right">The right side.</param>
    /// <param name="tally">Counts which fields are missing; null = nobody asks.</param>
    internal SelectRowWriter(IReadOnlyList<string> select, bool attribution, RowSide left, RowSide right, SelectTally? tally)
    {
        _values = new RowValues(left, right);
        var names = Parse(select);
        _fields = [.. names.Select(name => SelectedField.Parse(name, attribution, left, right, _lefts, _rights))];
        var twice = names.GroupBy(name => name.Label).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new UserException($"output.select: '{twice.Key}' stands in it twice", 78);
        _counters = new SelectCounters([.. _fields.Select((field, i) => field.Slot < 0 ? null : names[i].Field)]);
        tally?.Add(this, _counters);
    }

    /// <inheritdoc/>
    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
        // A value is scanned once for all its fields. The lefts of an attribution are scanned once for each field, as
        // their slots are kept nowhere.
        if (row.HasLeft)
            Scan(_lefts, row.Left);
        if (row.HasRight)
            Scan(_rights, row.Right);
        for (var i = 0; i < _fields.Length; i++)
        {
            JsonText.WriteByte(output, i == 0 ? (byte)'{' : (byte)',');
            output.Write(_fields[i].Label);
            JsonText.WriteByte(output, (byte)':');
            Write(i, row, output);
        }

        JsonText.WriteByte(output, (byte)'}');
    }

    void Write(int index, in JoinRow row, IBufferWriter<byte> output)
    {
        var field = _fields[index];
        switch (field.Kind)
        {
            case SelectedKind.Key:
                _values.Key(row, output);
                break;
            case SelectedKind.LeftTime:
                RowValues.Time(row.HasLeft, row.HasLeft ? row.Left.Time : 0, output);
                break;
            case SelectedKind.RightTime:
                RowValues.Time(row.HasRight, row.HasRight ? row.Right.Time : 0, output);
                break;
            case SelectedKind.LeftCount:
                JsonText.WriteInt64(output, row.LeftCount);
                break;
            case SelectedKind.Lefts:
                WriteLefts(index, row, output);
                break;
            case SelectedKind.Left when row.HasLeft && field.Slot < 0:
                _values.Left(row.Left, output);
                break;
            case SelectedKind.Right when row.HasRight && field.Slot < 0:
                _values.Right(row.Right, output);
                break;
            case SelectedKind.Left when row.HasLeft:
                WriteField(_lefts, index, row.Left, output);
                break;
            case SelectedKind.Right when row.HasRight:
                WriteField(_rights, index, row.Right, output);
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    void WriteLefts(int index, in JoinRow row, IBufferWriter<byte> output)
    {
        if (_fields[index].Slot < 0)
        {
            _values.Lefts(row, output);
            return;
        }

        JsonText.WriteByte(output, (byte)'[');
        for (var i = 0; i < row.Lefts; i++)
        {
            if (i > 0)
                JsonText.WriteByte(output, (byte)',');
            var left = row.GetLeft(i);
            Scan(_lefts, left);
            WriteField(_lefts, index, left, output);
        }

        JsonText.WriteByte(output, (byte)']');
    }

    static List<SelectName> Parse(IReadOnlyList<string> select)
    {
        try
        {
            return [.. select.Select(SelectName.Parse)];
        }
        catch (FormatException e)
        {
            throw new UserException($"output.select: {e.Message}", 78);
        }
    }

    static void Scan(JsonScanner scanner, in RecordView record)
    {
        if (!record.ValueIsNull)
            scanner.Scan(JsonPrefix.Skip(record.Value));
    }

    void WriteField(JsonScanner scanner, int index, in RecordView record, IBufferWriter<byte> output)
    {
        ref readonly var slot = ref scanner[_fields[index].Slot];
        var isMissing = record.ValueIsNull || slot.IsMissingOrNull;
        _counters.Count(index, isMissing);
        if (isMissing)
            output.Write("null"u8);
        else
            output.Write(slot.RawOf(JsonPrefix.Skip(record.Value)));
    }
}
