namespace AkkaJoin.Shards.Batches;

/// <summary>Where a record lies: the bytes, the record's place, and the place of its batch's header.</summary>
readonly record struct RecordPlace(byte[] Bytes, int Position, int HeaderPosition)
{
    internal RecordView View() => RecordView.Read(Bytes, Position, BatchHeader.Read(Bytes.AsSpan(HeaderPosition)));
}
