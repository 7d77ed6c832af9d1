namespace AkkaJoin.Shards.Batches;

/// <summary>Where a record lies: the bytes, the record's place, and the place of its batch's header.</summary>
readonly record struct RecordPlace(byte[] Bytes, int Position, int HeaderPosition)
{
    internal BatchHeader Header() => BatchHeader.Read(Bytes.AsSpan(HeaderPosition));

    internal RecordView View() => RecordView.Read(Bytes, Position, Header());
}
