namespace AkkaJoin.Shards.Batches;

/// <summary>A decoded record on its way into a <see cref="RecordBatchWriter"/>.</summary>
ref struct NewRecord
{
    internal long Offset;
    internal long Time;
    internal long Timestamp;
    internal ulong KeyHash;
    internal ReadOnlySpan<byte> Key;
    internal ReadOnlySpan<byte> Id;
    internal ReadOnlySpan<byte> Value;
    internal ReadOnlySpan<byte> RecordKey;
    internal ReadOnlySpan<byte> Headers;
    internal ReadOnlySpan<byte> Fields;
    internal bool KeyIsNull;
    internal bool HasId;
    internal bool ValueIsNull;
    internal bool RecordKeyIsNull;
}
