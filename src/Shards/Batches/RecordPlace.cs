namespace AkkaJoin.Shards.Batches;

/// <summary>Where a record lies: the memory, the record's place in it, and the place of the header that its numbers refer to.</summary>
readonly record struct RecordPlace(Slab Slab, int Position, int HeaderPosition)
{
    internal RecordPlace(byte[] bytes, int position, int headerPosition)
        : this(Slab.Over(bytes), position, headerPosition)
    {
    }

    internal BatchHeader Header() => BatchHeader.Read(Slab.Bytes[HeaderPosition..]);

    internal RecordView View()
    {
        var bytes = Slab.Bytes;
        return RecordView.Read(bytes, Position, BatchHeader.Read(bytes[HeaderPosition..]));
    }
}
