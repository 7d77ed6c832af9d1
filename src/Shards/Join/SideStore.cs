using System.Diagnostics;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The buffered records of one side: an index from key to the key's entries in time order, and time buckets for expiry.
/// The records themselves lie in a log. Nothing is allocated per record.
/// <para>
/// An id is looked for among the entries of its key. Only the ids of a key with more than <see cref="FewEntries"/>
/// entries, and of entries that are not in the key index, are in an index of ids too: most keys have one entry or two,
/// and need none.
/// </para>
/// <para>
/// Invariants. An entry that is not in the key index is in the id index. A key with more than <see cref="FewEntries"/>
/// entries has all that have an id to be remembered in the id index. The key index names each key once. The log has one
/// live record for each entry.
/// </para>
/// </summary>
sealed class SideStore : IComparer<int>
{
    const int FewEntries = 4;

    readonly EntryTable _entries = new();
    readonly HashIndex _keys = new();
    readonly HashIndex _ids = new();
    readonly KeyTreap _treap;
    readonly EntryList _few = new();
    readonly bool _remembersIds;

    internal SideStore(SlabPool pool, long bucketWidthMs, bool remembersIds)
    {
        Log = new RecordLog(pool);
        _treap = new KeyTreap(_entries, this);
        _remembersIds = remembersIds;
        Buckets = new TimeBuckets(bucketWidthMs);
        Rows = new KeptRows(_entries);
    }

    internal RecordLog Log { get; }

    internal TimeBuckets Buckets { get; }

    /// <summary>The rows that later ones may supersede.</summary>
    internal KeptRows Rows { get; }

    /// <summary>Entries, the ones of which only the id is remembered included.</summary>
    internal int Count => _entries.Count;

    /// <summary>Keys with entries that may join.</summary>
    internal int Keys => _keys.Count;

    /// <summary>Bytes beside the log.</summary>
    internal long TableBytes => _entries.Bytes + _keys.Bytes + _ids.Bytes + Rows.Bytes;

    internal ref JoinEntry this[int entry] => ref _entries[entry];

    /// <summary>(time, id, topic, partition, offset): a total order that depends on the records alone.</summary>
    public int Compare(int x, int y)
    {
        var a = _entries[x].Time;
        var b = _entries[y].Time;
        if (a != b)
            return a < b ? -1 : 1;
        return x == y ? 0 : CompareTies(Address(x), y);
    }

    internal RecordAddress Address(int entry) => Log.Address(_entries[entry].Slab, _entries[entry].Position);

    internal RecordView View(int entry) => Address(entry).View();

    /// <summary>The entry that came before one of the same time bucket, or None.</summary>
    internal int Previous(int entry) => _entries.Previous(entry);

    /// <summary>The hash by which a record's key is found. A null key is found by nothing but its id.</summary>
    internal static uint HashOf(in RecordView record) => HashOf(record.Key, record.KeyIsNull);

    /// <summary>Whether the record's id is to be remembered.</summary>
    internal bool Remembers(in RecordView record) => _remembersIds && record.HasId;

    /// <summary>Takes a record in; its bytes are copied.</summary>
    /// <param name="hash">Of its key (<see cref="HashOf(in RecordView)"/>).</param>
    internal int Add(in RecordAddress address, in RecordView record, uint hash, EntryFlags flags)
    {
        var bytes = address.Slab.Bytes;
        var slab = Log.Append(bytes[address.HeaderPosition..], bytes[address.Position..record.Next], out var position);
        var entry = Buckets.Allocate(_entries, record.Time);
        _entries[entry] = new JoinEntry(record.Time, flags, slab, position);
        if ((flags & EntryFlags.Indexed) != 0)
            Index(entry, record, hash);
        else if (Remembers(record))
            Remember(entry, IndexHash.OfId(hash, record.Id));
        return entry;
    }

    /// <summary>
    /// The entry with the same key and id whose time is at least <paramref name="rememberedFrom"/>, or None.
    /// </summary>
    internal int FindId(in RecordView record, uint hash, long rememberedFrom) =>
        FindId(record.Key, record.KeyIsNull, record.Id, hash, rememberedFrom);

    /// <inheritdoc cref="FindId(in RecordView, uint, long)"/>
    internal int FindId(ReadOnlySpan<byte> key, bool keyIsNull, ReadOnlySpan<byte> id, uint hash, long rememberedFrom)
    {
        var slot = keyIsNull ? -1 : SlotOf(hash, key);
        if (slot >= 0 && IsFew(_keys.EntryAt(hash, slot)))
        {
            for (var i = 0; i < _few.Count; i++)
            {
                if (_entries[_few[i]].Time >= rememberedFrom && HasId(_few[i], key, keyIsNull, id))
                    return _few[i];
            }
        }

        if (_ids.Count == 0)
            return EntryTable.None;
        var idHash = IndexHash.OfId(hash, id);
        for (slot = _ids.First(idHash); slot >= 0; slot = _ids.Next(idHash, slot))
        {
            var entry = _ids.EntryAt(idHash, slot);
            if (_entries[entry].Time >= rememberedFrom && HasId(entry, key, keyIsNull, id))
                return entry;
        }

        return EntryTable.None;
    }

    /// <summary>
    /// Appends the entries of a key with times in [<paramref name="low"/>, <paramref name="high"/>], in order, until
    /// <paramref name="found"/> has <paramref name="max"/>.
    /// </summary>
    internal void Find(uint hash, ReadOnlySpan<byte> key, long low, long high, EntryList found, int max = int.MaxValue)
    {
        var slot = SlotOf(hash, key);
        if (slot >= 0)
            _treap.Range(_keys.EntryAt(hash, slot), low, high, found, max);
    }

    /// <summary>Records with this hash of a key will be read soon.</summary>
    internal void ReadAhead(uint hash)
    {
        for (var slot = _keys.First(hash); slot >= 0; slot = _keys.Next(hash, slot))
        {
            ref var root = ref _entries[_keys.EntryAt(hash, slot)];
            Log.ReadAhead(root.Slab, root.Position);
        }
    }

    /// <summary>Removes the bucket with the lowest times and all that is in it.</summary>
    internal void RemoveFirstBucket()
    {
        for (var entry = Buckets.First.Last; entry != EntryTable.None; entry = _entries.Previous(entry))
            Remove(entry);
        Buckets.RemoveFirst(_entries);
    }

    /// <summary>The entry of a record that lies in the log, or None where the record is dead.</summary>
    internal int FindAt(in RecordAddress address, in RecordView record, int slab)
    {
        var hash = HashOf(record);
        for (var slot = record.KeyIsNull ? -1 : _keys.First(hash); slot >= 0; slot = _keys.Next(hash, slot))
        {
            // Of another key with this hash, or of this one: the address decides.
            var entry = _keys.EntryAt(hash, slot);
            while (entry != EntryTable.None && !IsAt(entry, slab, address.Position))
            {
                var time = _entries[entry].Time;
                var isBefore = record.Time != time ? record.Time < time : CompareTies(address, entry) < 0;
                entry = isBefore ? _entries[entry].Lower : _entries[entry].Higher;
            }

            if (entry != EntryTable.None)
                return entry;
        }

        if (_ids.Count == 0 || !Remembers(record))
            return EntryTable.None;
        var idHash = IndexHash.OfId(hash, record.Id);
        for (var slot = _ids.First(idHash); slot >= 0; slot = _ids.Next(idHash, slot))
        {
            if (IsAt(_ids.EntryAt(idHash, slot), slab, address.Position))
                return _ids.EntryAt(idHash, slot);
        }

        return EntryTable.None;
    }

    /// <summary>All entries, bucket by bucket; for checks.</summary>
    internal IEnumerable<int> Entries()
    {
        var entries = new List<int>(Count);
        foreach (ref var bucket in Buckets.All())
        {
            for (var entry = bucket.Last; entry != EntryTable.None; entry = Previous(entry))
                entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Checks the invariants, and those of what the store is made of.</summary>
    [Conditional("CHECKED")]
    internal void Check()
    {
        var chains = new List<int>();
        foreach (ref var bucket in Buckets.All())
            chains.Add(bucket.Last);
        _entries.Check(chains);
        Buckets.Check(_entries);
        Log.Check();
        _keys.Check();
        _ids.Check();
        Invariant.Holds(Log.Live == Count, "the log has one live record for each entry");
        CheckIndexes();
    }

    /// <summary>The hash by which a key is found.</summary>
    internal static uint HashOf(ReadOnlySpan<byte> key, bool isNull) => isNull ? 0 : IndexHash.Of(key);

    bool IsAt(int entry, int slab, int position) => _entries[entry].Slab == slab && _entries[entry].Position == position;

    void Remove(int entry)
    {
        ref var content = ref _entries[entry];
        Log.ReadAheadOfRemoval(content.Slab);
        if ((content.Flags & EntryFlags.Indexed) != 0)
            Unindex(entry);
        if ((content.Flags & EntryFlags.IdIndexed) != 0)
            Forget(entry);
        if ((content.Flags & EntryFlags.RowKept) != 0)
            Rows.Drop(entry);
        Log.Remove(content.Slab);
    }

    void Index(int entry, in RecordView record, uint hash)
    {
        var slot = SlotOf(hash, record.Key);
        if (slot < 0)
        {
            _keys.Add(hash, entry);
            return;
        }

        var root = _treap.Insert(_keys.EntryAt(hash, slot), entry);
        _keys.SetEntry(hash, slot, root);
        if (!_remembersIds || IsFew(root))
            return;
        if (_few.Count > FewEntries + 1)
        {
            RememberIfItHasId(entry);
            return;
        }

        for (var i = 0; i < _few.Count; i++)
            RememberIfItHasId(_few[i]);
    }

    // Whether a tree has few entries: these are in _few then, and if there is but one more, that one too.
    bool IsFew(int root)
    {
        _treap.Collect(root, FewEntries + 2, _few);
        return _few.Count <= FewEntries;
    }

    void RememberIfItHasId(int entry)
    {
        if ((_entries[entry].Flags & EntryFlags.IdIndexed) != 0)
            return;
        var bytes = Log.BytesOf(_entries[entry].Slab);
        RecordView.ReadKeyAndId(bytes, _entries[entry].Position, out var key, out var keyIsNull, out var id, out var hasId);
        if (hasId)
            Remember(entry, IndexHash.OfId(HashOf(key, keyIsNull), id));
    }

    void Remember(int entry, uint hash)
    {
        _entries[entry].Flags |= EntryFlags.IdIndexed;
        _ids.Add(hash, entry);
    }

    void Unindex(int entry)
    {
        var bytes = Log.BytesOf(_entries[entry].Slab);
        RecordView.ReadKeyAndId(bytes, _entries[entry].Position, out var key, out _, out _, out _);
        var hash = IndexHash.Of(key);

        // Most keys have one entry: the root itself is found without a look at its key.
        for (var slot = _keys.First(hash); slot >= 0; slot = _keys.Next(hash, slot))
        {
            if (_keys.EntryAt(hash, slot) == entry && _entries[entry].Lower == EntryTable.None && _entries[entry].Higher == EntryTable.None)
            {
                _keys.RemoveAt(hash, slot);
                return;
            }
        }

        var at = SlotOf(hash, key);
        _keys.SetEntry(hash, at, _treap.Remove(_keys.EntryAt(hash, at), entry));
    }

    void Forget(int entry)
    {
        var bytes = Log.BytesOf(_entries[entry].Slab);
        RecordView.ReadKeyAndId(bytes, _entries[entry].Position, out var key, out var keyIsNull, out var id, out _);
        var hash = IndexHash.OfId(HashOf(key, keyIsNull), id);
        var slot = _ids.First(hash);
        while (_ids.EntryAt(hash, slot) != entry)
            slot = _ids.Next(hash, slot);
        _ids.RemoveAt(hash, slot);
    }

    bool HasId(int entry, ReadOnlySpan<byte> key, bool keyIsNull, ReadOnlySpan<byte> id)
    {
        var bytes = Log.BytesOf(_entries[entry].Slab);
        RecordView.ReadKeyAndId(bytes, _entries[entry].Position, out var ownKey, out var ownIsNull, out var ownId, out var hasId);
        return hasId && ownIsNull == keyIsNull && ownId.SequenceEqual(id) && ownKey.SequenceEqual(key);
    }

    [Conditional("CHECKED")]
    void CheckIndexes()
    {
        var (inKeys, inIds, inRows) = (0, 0, 0);
        foreach (var entry in Entries())
        {
            var flags = _entries[entry].Flags;
            Invariant.Holds(
                (flags & (EntryFlags.Indexed | EntryFlags.IdIndexed)) != 0,
                "an entry that is not in the key index is in the id index");
            inKeys += (flags & EntryFlags.Indexed) != 0 ? 1 : 0;
            inIds += (flags & EntryFlags.IdIndexed) != 0 ? 1 : 0;
            inRows += (flags & EntryFlags.RowKept) != 0 ? 1 : 0;
        }

        Invariant.Holds(Rows.Count == inRows, "as many rows are kept as entries say so");
        Invariant.Holds(_ids.Count == inIds, "the id index has the entries that say so");
        var keys = new HashSet<string>();
        foreach (var root in _keys.Entries())
        {
            var ofKey = new List<int>();
            _treap.Check(root, ofKey);
            inKeys -= ofKey.Count;
            Invariant.Holds(keys.Add(Convert.ToHexString(View(root).Key)), "the key index names each key once");
            Invariant.Holds(
                ofKey.Count <= FewEntries || ofKey.TrueForAll(e => !Remembers(View(e)) || (_entries[e].Flags & EntryFlags.IdIndexed) != 0),
                "a key with more than a few entries has all that have an id in the id index");
        }

        Invariant.Holds(inKeys == 0, "the key index has the entries that say so");
    }

    int SlotOf(uint hash, ReadOnlySpan<byte> key)
    {
        for (var slot = _keys.First(hash); slot >= 0; slot = _keys.Next(hash, slot))
        {
            ref var root = ref _entries[_keys.EntryAt(hash, slot)];
            RecordView.ReadKeyAndId(Log.BytesOf(root.Slab), root.Position, out var other, out _, out _, out _);
            if (other.SequenceEqual(key))
                return slot;
        }

        return -1;
    }

    int CompareTies(in RecordAddress a, int y)
    {
        var b = Address(y);
        var viewA = a.View();
        var viewB = b.View();
        var id = viewA.Id.SequenceCompareTo(viewB.Id);
        if (id != 0)
            return id;
        var partitions = a.Header().PartitionId.CompareTo(b.Header().PartitionId);
        return partitions != 0 ? partitions : viewA.Offset.CompareTo(viewB.Offset);
    }
}
