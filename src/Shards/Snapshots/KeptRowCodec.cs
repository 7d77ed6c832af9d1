using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Snapshots;

/// <summary>
/// Writes the rows in which records of a slab stand, of those whose flags say that it is kept, in their order:
/// <code>
/// varint 0 = of the incarnation of the row before it, or the length of its text; [text], varint sequence, varint index
/// </code>
/// Only a state that repairs has such rows, and a program that does not know them cannot read its definition either.
/// </summary>
sealed class KeptRowWriter
{
    readonly ByteWriter _writer = new();
    string _incarnation = "";

    /// <summary>Bytes so far.</summary>
    internal int Length => _writer.Length;

    internal void Add(in RowId row)
    {
        if (row.Incarnation == _incarnation)
            _writer.Number(0);
        else
            _writer.Text(_incarnation = row.Incarnation);
        _writer.Number(row.Sequence);
        _writer.Number(row.Index);
    }

    /// <summary>The bytes of the slab; the next one begins.</summary>
    internal byte[] End()
    {
        var bytes = _writer.ToArray();
        _writer.Clear();
        _incarnation = "";
        return bytes;
    }
}

/// <summary>Reads what <see cref="KeptRowWriter"/> wrote.</summary>
ref struct KeptRowReader(ReadOnlySpan<byte> bytes)
{
    ByteReader _reader = new(bytes);
    string _incarnation = "";

    /// <summary>Whether all rows were read.</summary>
    internal readonly bool AtEnd => _reader.AtEnd;

    /// <exception cref="MalformedBatchException">There is none.</exception>
    internal RowId Next()
    {
        var text = _reader.Text();
        if (text.Length > 0)
            _incarnation = text;
        if (_incarnation.Length == 0)
            throw new MalformedBatchException("a row that is kept does not say who wrote it");
        return new RowId(_incarnation, _reader.Number(), _reader.Int());
    }
}
