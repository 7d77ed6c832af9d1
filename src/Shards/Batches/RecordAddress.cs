using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// Where a record lies: the slab, where the record begins in it, and where the header begins that its numbers refer to.
/// </summary>
readonly record struct RecordAddress(Slab Slab, int Position, int HeaderPosition)
{
    internal RecordAddress(byte[] bytes, int position, int headerPosition)
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
