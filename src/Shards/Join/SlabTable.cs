using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Join;

/// <summary>The slabs of both sides. A slab whose last entry goes is dropped as a whole.</summary>
sealed class SlabTable
{
    readonly Stack<int> _free = new();
    Slab[] _slabs = new Slab[16];
    int _used;
    long _order;

    /// <summary>Slabs with live entries.</summary>
    internal int Count => _used - _free.Count;

    /// <summary>Bytes of the slabs, dead records included.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Takes the bytes in. The caller ends with <see cref="DropIfEmpty"/>, since it may keep none of the records.</summary>
    internal int Add(byte[] bytes, int[] starts)
    {
        if (!_free.TryPop(out var slab))
        {
            if (_used == _slabs.Length)
                Array.Resize(ref _slabs, _slabs.Length * 2);
            slab = _used++;
        }

        _slabs[slab] = new Slab { Bytes = bytes, Starts = starts, Order = _order++ };
        Bytes += bytes.Length;
        return slab;
    }

    internal void DropIfEmpty(int slab)
    {
        if (_slabs[slab].Bytes is not null && _slabs[slab].Live == 0)
            Drop(slab);
    }

    internal void Retain(int slab) => _slabs[slab].Live++;

    internal void Release(int slab)
    {
        if (--_slabs[slab].Live == 0)
            Drop(slab);
    }

    internal ReadOnlySpan<byte> BytesOf(int slab) => _slabs[slab].Bytes;

    internal RecordPlace Place(int slab, int position) => new(_slabs[slab].Bytes!, position, HeaderOf(slab, position));

    internal RecordView View(int slab, int position) => Place(slab, position).View();

    /// <summary>The slabs in the order in which they came.</summary>
    internal int[] InOrder()
    {
        var live = new List<int>(Count);
        for (var i = 0; i < _used; i++)
        {
            if (_slabs[i].Bytes is not null)
                live.Add(i);
        }

        live.Sort((a, b) => _slabs[a].Order.CompareTo(_slabs[b].Order));
        return [.. live];
    }

    int HeaderOf(int slab, int position)
    {
        var starts = _slabs[slab].Starts;
        var index = Array.BinarySearch(starts, position);
        return starts[index >= 0 ? index : ~index - 1];
    }

    void Drop(int slab)
    {
        Bytes -= _slabs[slab].Bytes!.Length;
        _slabs[slab] = default;
        _free.Push(slab);
    }
}
