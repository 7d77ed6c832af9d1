using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The records of one side: an index from key to the key's entries in time order, an index from (key, id) to the entry that has it,
/// and time buckets for expiry. The records themselves lie in slabs. Nothing is allocated per record.
/// </summary>
sealed class SideStore : IComparer<int>
{
    readonly SlabTable _slabs;
    readonly EntryTable _entries = new();
    readonly HashIndex _keys = new();
    readonly HashIndex _ids = new();
    readonly KeyTreap _treap;

    internal SideStore(SlabTable slabs, long bucketWidthMs)
    {
        _slabs = slabs;
        _treap = new KeyTreap(_entries, this);
        Buckets = new TimeBuckets(bucketWidthMs);
        Due = new DueHeap(this);
    }

    internal TimeBuckets Buckets { get; }

    internal DueHeap Due { get; }

    /// <summary>Entries held, the ones of which only the id is remembered included.</summary>
    internal int Count => _entries.Count;

    /// <summary>Keys with entries that may join.</summary>
    internal int Keys => _keys.Count;

    /// <summary>Bytes beside the slabs.</summary>
    internal long Bytes => _entries.Bytes + _keys.Bytes + _ids.Bytes;

    internal ref JoinEntry this[int entry] => ref _entries[entry];

    /// <summary>(time, id, topic, partition, offset): a total order that depends on the records alone.</summary>
    public int Compare(int x, int y)
    {
        ref var a = ref _entries[x];
        ref var b = ref _entries[y];
        if (a.Time != b.Time)
            return a.Time < b.Time ? -1 : 1;
        return x == y ? 0 : CompareTies(x, y);
    }

    internal RecordPlace Place(int entry) => _slabs.Place(_entries[entry].Slab, _entries[entry].Position);

    internal RecordView View(int entry) => Place(entry).View();

    /// <summary>Takes a record in. <paramref name="idHash"/> is 0 where ids are not remembered.</summary>
    internal int Add(int slab, int position, in RecordView record, uint idHash, EntryFlags flags)
    {
        var entry = _entries.Allocate();
        ref var content = ref _entries[entry];
        content = new JoinEntry
        {
            Time = record.Time,
            Slab = slab,
            Position = position,
            KeyHash = record.KeyHash,
            IdHash = idHash,
            Lower = EntryTable.None,
            Higher = EntryTable.None,
            Flags = flags,
        };
        _slabs.Retain(slab);
        Buckets.Add(entry, ref content);
        if ((flags & EntryFlags.Indexed) != 0)
            Index(entry, record.KeyHash, record.Key);
        if (idHash != 0)
            _ids.Add(idHash, entry);
        return entry;
    }

    /// <summary>The entry with the same key and id whose time is at least <paramref name="rememberedFrom"/>, or None.</summary>
    internal int FindId(in RecordView record, uint idHash, long rememberedFrom)
    {
        for (var slot = _ids.First(idHash); slot >= 0; slot = _ids.Next(idHash, slot))
        {
            var entry = _ids.EntryAt(slot);
            ref var content = ref _entries[entry];
            if (content.Time < rememberedFrom || content.KeyHash != record.KeyHash)
                continue;
            RecordView.ReadKeyAndId(_slabs.BytesOf(content.Slab), content.Position, out var key, out var keyIsNull, out var id);
            if (keyIsNull == record.KeyIsNull && id.SequenceEqual(record.Id) && key.SequenceEqual(record.Key))
                return entry;
        }

        return EntryTable.None;
    }

    /// <summary>Appends the entries of a key with times in [<paramref name="low"/>, <paramref name="high"/>], in order.</summary>
    internal void Find(uint keyHash, ReadOnlySpan<byte> key, long low, long high, EntryList found)
    {
        var slot = SlotOf(keyHash, key);
        if (slot >= 0)
            _treap.Range(_keys.EntryAt(slot), low, high, found);
    }

    /// <summary>Removes the bucket with the lowest times and all that is in it.</summary>
    internal void RemoveFirstBucket()
    {
        var next = Buckets[0].Head;
        Buckets.RemoveFirst();
        while (next != EntryTable.None)
        {
            var entry = next;
            next = _entries[entry].BucketNext;
            Remove(entry);
        }
    }

    internal static uint IdHash(in RecordView record)
    {
        var hash = (uint)KeyHash.Of(record.Id) ^ (record.KeyHash * 0x9E3779B1);
        return hash == 0 ? 1 : hash;
    }

    void Remove(int entry)
    {
        ref var content = ref _entries[entry];
        if ((content.Flags & EntryFlags.Indexed) != 0)
            Unindex(entry, content.KeyHash);
        if (content.IdHash != 0)
            Forget(entry, content.IdHash);
        _slabs.Release(content.Slab);
        _entries.Free(entry);
    }

    void Index(int entry, uint hash, ReadOnlySpan<byte> key)
    {
        var slot = SlotOf(hash, key);
        if (slot < 0)
            _keys.Add(hash, entry);
        else
            _keys.SetEntry(slot, _treap.Insert(_keys.EntryAt(slot), entry));
    }

    void Unindex(int entry, uint hash)
    {
        // Most keys have one entry: the root itself is found without a look at any record.
        for (var slot = _keys.First(hash); slot >= 0; slot = _keys.Next(hash, slot))
        {
            if (_keys.EntryAt(slot) == entry && _entries[entry].Lower == EntryTable.None && _entries[entry].Higher == EntryTable.None)
            {
                _keys.RemoveAt(slot);
                return;
            }
        }

        RecordView.ReadKeyAndId(_slabs.BytesOf(_entries[entry].Slab), _entries[entry].Position, out var key, out _, out _);
        var at = SlotOf(hash, key);
        _keys.SetEntry(at, _treap.Remove(_keys.EntryAt(at), entry));
    }

    void Forget(int entry, uint hash)
    {
        var slot = _ids.First(hash);
        while (_ids.EntryAt(slot) != entry)
            slot = _ids.Next(hash, slot);
        _ids.RemoveAt(slot);
    }

    int SlotOf(uint hash, ReadOnlySpan<byte> key)
    {
        for (var slot = _keys.First(hash); slot >= 0; slot = _keys.Next(hash, slot))
        {
            ref var root = ref _entries[_keys.EntryAt(slot)];
            RecordView.ReadKeyAndId(_slabs.BytesOf(root.Slab), root.Position, out var other, out _, out _);
            if (other.SequenceEqual(key))
                return slot;
        }

        return -1;
    }

    int CompareTies(int x, int y)
    {
        var a = Place(x);
        var b = Place(y);
        var viewA = a.View();
        var viewB = b.View();
        var id = viewA.Id.SequenceCompareTo(viewB.Id);
        if (id != 0)
            return id;
        var partitions = a.Header().PartitionId.CompareTo(b.Header().PartitionId);
        return partitions != 0 ? partitions : viewA.Offset.CompareTo(viewB.Offset);
    }
}
