using System.Diagnostics;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The buffered records of one side, in the order of their arrival, as they were encoded. A slab is a sequence of runs;
/// a run is the header of a batch and its records. The header's length and count mean nothing here. A slab whose last
/// record goes is given back as a whole. Slabs that are mostly dead are written anew by
/// <see cref="Compaction"/>, so that few long-lived records do not keep many slabs; the order stays as it is, so nobody
/// can tell from a snapshot when that was.
/// <para>
/// Invariants. Each slab has live records, and not more than records. No two slabs have the same place in the order.
/// The bytes and records of the log are those of its slabs. A number is either a slab's or free.
/// </para>
/// </summary>
sealed class RecordLog(SlabPool pool)
{
    internal const int SlabLengthMax = 256 * 1024;

    // A small state has small slabs: the open one is half empty on average.
    const int SlabShare = 8;
    const int None = -1;

    // Of most records; and what is read at one go.
    const int RecordLength = 512, NearLength = 8192;

    readonly Stack<int> _free = new();
    LogSlab[] _slabs = new LogSlab[4];
    int _used;
    int _open = None;
    long _order;

    /// <summary>Slabs with live records.</summary>
    internal int Count => _used - _free.Count;

    /// <summary>Bytes of the slabs, dead records and what is not written included.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Bytes written, dead records included.</summary>
    internal long Written { get; private set; }

    /// <summary>About how many of <see cref="Written"/> are of live records.</summary>
    internal long LiveBytes => Records == 0 ? 0 : (long)(Written * ((double)Live / Records));

    /// <summary>Records written, dead ones included, and live ones.</summary>
    internal long Records { get; private set; }

    internal long Live { get; private set; }

    internal long Dead => Records - Live;

    /// <summary>Whether so much is dead that looking for sparse slabs pays.</summary>
    internal bool IsWasteful => Dead * 4 > Records && Count > 2;

    internal ref LogSlab this[int slab] => ref _slabs[slab];

    internal ReadOnlySpan<byte> BytesOf(int slab) => _slabs[slab].Memory!.Bytes;

    internal RecordAddress Address(int slab, int position) => new(_slabs[slab].Memory!, position, _slabs[slab].HeaderOf(position));

    /// <summary>Writes a record at the end. It lives until it is removed.</summary>
    /// <param name="header">The head of its batch.</param>
    /// <param name="record">The record's bytes.</param>
    /// <param name="position">Where it begins in the slab whose number is returned.</param>
    internal int Append(ReadOnlySpan<byte> header, ReadOnlySpan<byte> record, out int position)
    {
        if (_open == None || !TryWrite(ref _slabs[_open], header, record, out position))
        {
            _open = AddSlab(Math.Max(NextLength(), BatchHeader.Size + record.Length), _order++);
            TryWrite(ref _slabs[_open], header, record, out position);
        }

        return _open;
    }

    /// <summary>Writes a record that is live elsewhere in the log.</summary>
    internal void Move(int to, ReadOnlySpan<byte> header, ReadOnlySpan<byte> record, out int position)
    {
        if (!TryWrite(ref _slabs[to], header, record, out position))
            throw new InvalidOperationException("a slab for what is moved is too small");
    }

    /// <summary>A record will be removed: it is read once more before, and soon its neighbours are.</summary>
    internal void ReadAheadOfRemoval(int slab)
    {
        ref var content = ref _slabs[slab];
        if (content.IsReadForRemoval)
            return;
        content.IsReadForRemoval = true;
        pool.ReadAhead(content.Memory!, 0, content.Used);
    }

    /// <summary>A record will be read soon, and the head of its batch.</summary>
    internal void ReadAhead(int slab, int position)
    {
        var memory = _slabs[slab].Memory!;
        var header = _slabs[slab].HeaderOf(position);
        var areNear = position - header < NearLength;
        pool.ReadAhead(memory, areNear ? header : position, areNear ? position + RecordLength - header : RecordLength);
        if (!areNear)
            pool.ReadAhead(memory, header, BatchHeader.Size);
    }

    /// <summary>Removes a record of a slab: it is dead from now on.</summary>
    internal void Remove(int slab)
    {
        Invariant.Holds(_slabs[slab].Live > 0, "a record is removed once");
        Live--;
        if (--_slabs[slab].Live == 0)
            Drop(slab);
    }

    /// <summary>A new slab with a place of its own in the order.</summary>
    internal int AddSlab(int length, long order)
    {
        if (!_free.TryPop(out var slab))
        {
            if (_used == _slabs.Length)
                Array.Resize(ref _slabs, _slabs.Length * 2);
            slab = _used++;
        }

        var memory = pool.Rent(length);
        _slabs[slab] = new LogSlab { Memory = memory, Order = order, Starts = new int[4] };
        Bytes += memory.Length;
        return slab;
    }

    /// <summary>The slabs in order.</summary>
    internal int[] InOrder()
    {
        var live = new List<int>(Count);
        for (var i = 0; i < _used; i++)
        {
            if (_slabs[i].Memory is not null)
                live.Add(i);
        }

        live.Sort((a, b) => _slabs[a].Order.CompareTo(_slabs[b].Order));
        return [.. live];
    }

    /// <summary>What is written now, to be read on any thread.</summary>
    internal LogCapture Capture()
    {
        var order = InOrder();
        var slabs = new LogSlab[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            slabs[i] = _slabs[order[i]];
            pool.AddHolder(slabs[i].Memory!);
        }

        return new LogCapture(pool, slabs, order);
    }

    /// <summary>Whether the slab is the one that records are appended to.</summary>
    internal bool IsOpen(int slab) => slab == _open;

    /// <summary>Gives all slabs back. Nothing may be read any more.</summary>
    internal void ReturnSlabs()
    {
        for (var i = 0; i < _used; i++)
        {
            if (_slabs[i].Memory is { } memory)
                pool.Return(memory);
        }

        _slabs = new LogSlab[4];
        _free.Clear();
        _used = 0;
        _open = None;
        (Bytes, Written, Records, Live) = (0, 0, 0, 0);
    }

    /// <summary>Checks the invariants.</summary>
    [Conditional("CHECKED")]
    internal void Check()
    {
        var (bytes, written, records, live) = (0L, 0L, 0L, 0L);
        var orders = new HashSet<long>();
        for (var i = 0; i < _used; i++)
        {
            ref var slab = ref _slabs[i];
            if (slab.Memory is null)
                continue;
            Invariant.Holds(slab.Live > 0 && slab.Live <= slab.Records, "each slab has live records, and not more than records");
            Invariant.Holds(orders.Add(slab.Order), "no two slabs have the same place in the order");
            (bytes, written, records, live) = (bytes + slab.Memory.Length, written + slab.Used, records + slab.Records, live + slab.Live);
        }

        Invariant.Holds((bytes, written) == (Bytes, Written), "the bytes of the log are those of its slabs");
        Invariant.Holds((records, live) == (Records, Live), "the records of the log are those of its slabs");
        Invariant.Holds(orders.Count == Count, "a number is either a slab's or free");
    }

    int NextLength() => (int)Math.Min(SlabLengthMax, Bytes / SlabShare);

    bool TryWrite(ref LogSlab slab, ReadOnlySpan<byte> header, ReadOnlySpan<byte> record, out int position)
    {
        var target = slab.Memory!.Writable;
        position = slab.Used;
        if (slab.StartCount == 0 || !BatchHeader.AreOfOneBatch(target[slab.Starts[slab.StartCount - 1]..], header))
        {
            if (BatchHeader.Size + record.Length > target.Length - slab.Used)
                return false;
            if (slab.StartCount == slab.Starts.Length)
                Array.Resize(ref slab.Starts, slab.StartCount * 2);
            slab.Starts[slab.StartCount++] = slab.Used;
            BatchHeader.CopyEmpty(header, target[slab.Used..]);
            position += BatchHeader.Size;
        }
        else if (record.Length > target.Length - slab.Used)
        {
            return false;
        }

        record.CopyTo(target[position..]);
        Written += position + record.Length - slab.Used;
        slab.Used = position + record.Length;
        slab.Records++;
        slab.Live++;
        Records++;
        Live++;
        return true;
    }

    void Drop(int slab)
    {
        ref var dropped = ref _slabs[slab];
        Bytes -= dropped.Memory!.Length;
        Written -= dropped.Used;
        Records -= dropped.Records;
        pool.Return(dropped.Memory);
        dropped = default;
        _free.Push(slab);
        if (_open == slab)
            _open = None;
    }
}

/// <summary>One slab of a <see cref="RecordLog"/>.</summary>
struct LogSlab
{
    /// <summary>Its memory; null where the number is free.</summary>
    internal Slab? Memory;

    /// <summary>Bytes written.</summary>
    internal int Used;

    /// <summary>Records written, and those of them that entries point to. At 0 of these the slab is dropped.</summary>
    internal int Records, Live;

    /// <summary>The order of its records among all: ascending from slab to slab.</summary>
    internal long Order;

    /// <summary>Where headers stand, ascending, and how many.</summary>
    internal int[] Starts;

    internal int StartCount;

    /// <summary>
    /// Whether it was read ahead, since its records have begun to be removed, in about the order in which they came.
    /// </summary>
    internal bool IsReadForRemoval;

    /// <summary>Whether more than half of the records are dead.</summary>
    internal readonly bool IsSparse => Live * 2L < Records;

    /// <summary>Where the header begins that the record at a position refers to.</summary>
    internal readonly int HeaderOf(int position)
    {
        var low = 0;
        var high = StartCount - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (Starts[middle] <= position)
                low = middle;
            else
                high = middle - 1;
        }

        return Starts[low];
    }
}
