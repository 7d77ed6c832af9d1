using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The records of one side: an index from key to the key's entries in time order, and time buckets for expiry. The records themselves lie in
/// a log. Nothing is allocated per record.
/// <para>
/// Who has an id is found among the entries of its key. Only those of a key with more than <see cref="FewEntries"/>, and those that are not in the key index, are in an
/// index of ids too: most keys have one entry or two, and need none.
/// </para>
/// </summary>
sealed class SideStore : IComparer<int>
{
    const int FewEntries = 4;

    // Invariant: a key with more entries than FewEntries has all that have a remembered id in _ids; what is not in _keys is in _ids.
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
        Due = new DueHeap(this);
    }

    internal RecordLog Log { get; }

    internal TimeBuckets Buckets { get; }

    internal DueHeap Due { get; }

    /// <summary>Entries held, the ones of which only the id is remembered included.</summary>
    internal int Count => _entries.Count;

    /// <summary>Keys with entries that may join.</summary>
    internal int Keys => _keys.Count;

    /// <summary>Bytes beside the log.</summary>
    internal long TableBytes => _entries.Bytes + _keys.Bytes + _ids.Bytes;

    internal ref JoinEntry this[int entry] => ref _entries[entry];

    /// <summary>(time, id, topic, partition, offset): a total order that depends on the records alone.</summary>
    public int Compare(int x, int y)
    {
        var a = _entries[x].Time;
        var b = _entries[y].Time;
        if (a != b)
            return a < b ? -1 : 1;
        return x == y ? 0 : CompareTies(Place(x), y);
    }

    internal RecordPlace Place(int entry) => Log.Place(_entries[entry].Slab, _entries[entry].Position);

    internal RecordView View(int entry) => Place(entry).View();

    /// <summary>The entry that came before one of the same time bucket, or None.</summary>
    internal int Previous(int entry) => _entries.Previous(entry);

    /// <summary>The hash by which a record's key is found. A null key is found by nothing but its id.</summary>
    internal static uint HashOf(in RecordView record) => HashOf(record.Key, record.KeyIsNull);

    /// <summary>Whether the record's id is to be remembered.</summary>
    internal bool Remembers(in RecordView record) => _remembersIds && record.HasId;

    /// <summary>Takes a record in; its bytes are copied.</summary>
    /// <param name="hash">Of its key (<see cref="HashOf(in RecordView)"/>).</param>
    internal int Add(in RecordPlace place, in RecordView record, uint hash, EntryFlags flags)
    {
        var bytes = place.Slab.Bytes;
        var slab = Log.Append(bytes[place.HeaderPosition..], bytes[place.Position..record.Next], out var position);
        var entry = Buckets.Allocate(_entries, record.Time);
        _entries[entry] = new JoinEntry(record.Time, flags, slab, position);
        if ((flags & EntryFlags.Indexed) != 0)
            Index(entry, record, hash);
        else if (Remembers(record))
            Remember(entry, IndexHash.OfId(hash, record.Id));
        return entry;
    }

    /// <summary>The entry with the same key and id whose time is at least <paramref name="rememberedFrom"/>, or None.</summary>
    internal int FindId(in RecordView record, uint hash, long rememberedFrom)
    {
        var slot = record.KeyIsNull ? -1 : SlotOf(hash, record.Key);
        if (slot >= 0 && IsFew(_keys.EntryAt(hash, slot)))
        {
            for (var i = 0; i < _few.Count; i++)
            {
                if (_entries[_few[i]].Time >= rememberedFrom && HasId(_few[i], record))
                    return _few[i];
            }
        }

        if (_ids.Count == 0)
            return EntryTable.None;
        var idHash = IndexHash.OfId(hash, record.Id);
        for (slot = _ids.First(idHash); slot >= 0; slot = _ids.Next(idHash, slot))
        {
            var entry = _ids.EntryAt(idHash, slot);
            if (_entries[entry].Time >= rememberedFrom && HasId(entry, record))
                return entry;
        }

        return EntryTable.None;
    }

    /// <summary>Appends the entries of a key with times in [<paramref name="low"/>, <paramref name="high"/>], in order.</summary>
    internal void Find(uint hash, ReadOnlySpan<byte> key, long low, long high, EntryList found)
    {
        var slot = SlotOf(hash, key);
        if (slot >= 0)
            _treap.Range(_keys.EntryAt(hash, slot), low, high, found);
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
    internal int FindPlace(in RecordPlace place, in RecordView record, int slab)
    {
        var hash = HashOf(record);
        for (var slot = record.KeyIsNull ? -1 : _keys.First(hash); slot >= 0; slot = _keys.Next(hash, slot))
        {
            // Of another key with this hash, or of this one: the place decides.
            var entry = _keys.EntryAt(hash, slot);
            while (entry != EntryTable.None && !IsAt(entry, slab, place.Position))
            {
                var time = _entries[entry].Time;
                var isBefore = record.Time != time ? record.Time < time : CompareTies(place, entry) < 0;
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
            if (IsAt(_ids.EntryAt(idHash, slot), slab, place.Position))
                return _ids.EntryAt(idHash, slot);
        }

        return EntryTable.None;
    }

    static uint HashOf(ReadOnlySpan<byte> key, bool isNull) => isNull ? 0 : IndexHash.Of(key);

    bool IsAt(int entry, int slab, int position) => _entries[entry].Slab == slab && _entries[entry].Position == position;

    void Remove(int entry)
    {
        ref var content = ref _entries[entry];
        Log.BeforeRelease(content.Slab);
        if ((content.Flags & EntryFlags.Indexed) != 0)
            Unindex(entry);
        if ((content.Flags & EntryFlags.IdIndexed) != 0)
            Forget(entry);
        Log.Release(content.Slab);
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

    bool HasId(int entry, in RecordView record)
    {
        RecordView.ReadKeyAndId(Log.BytesOf(_entries[entry].Slab), _entries[entry].Position, out var key, out var keyIsNull, out var id, out var hasId);
        return hasId && keyIsNull == record.KeyIsNull && id.SequenceEqual(record.Id) && key.SequenceEqual(record.Key);
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

    int CompareTies(in RecordPlace a, int y)
    {
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
