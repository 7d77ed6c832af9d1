using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Rewrites slabs that are mostly dead: neighbours become one fresh slab, which stands in the order where they stood.
/// It
/// begins when a quarter of the log's records is dead, and takes a few slabs a step, so that no event waits long; a log
/// that is dropped from its old end as time passes never comes to it. Nothing outside the log changes but the addresses
/// in the entries.
/// </summary>
sealed class Compaction(SideStore store)
{
    // About a millisecond of look-ups.
    const int RecordsOfStep = 4096;

    // What is dead may lie spread over slabs none of which is sparse: a look for one pays again when a sixteenth more
    // is dead.
    const int FruitlessShare = 16;

    readonly List<int> _sources = [];
    readonly List<(int Slab, int Entry, int Header, int Position, int Next)> _live = [];

    long _fruitlessUntil;

    /// <summary>One step, where there is a reason for one.</summary>
    internal void Step()
    {
        var log = store.Log;
        if (!log.IsWasteful || log.Dead < _fruitlessUntil)
            return;
        if (!Choose(log.InOrder()))
        {
            _fruitlessUntil = log.Dead + (log.Records / FruitlessShare);
            return;
        }

        _fruitlessUntil = 0;
        _live.Clear();
        foreach (var source in _sources)
            FindLive(source);
        var target = log.AddSlab(LiveBytes(), log[_sources[0]].Order);
        foreach (var (slab, entry, header, position, next) in _live)
        {
            var bytes = log.BytesOf(slab);
            log.Move(target, bytes[header..], bytes[position..next], out var moved);
            store[entry].Slab = target;
            store[entry].Position = moved;
            log.Remove(slab);
        }
    }

    // The oldest run of sparse slabs.
    bool Choose(int[] order)
    {
        _sources.Clear();
        var records = 0;
        var live = 0L;
        foreach (var slab in order)
        {
            ref var content = ref store.Log[slab];
            if (!content.IsSparse || store.Log.IsOpen(slab))
            {
                if (_sources.Count > 0)
                    break;
                continue;
            }

            live += (long)content.Used * content.Live / content.Records;
            if (_sources.Count > 0 && (records + content.Records > RecordsOfStep || live > RecordLog.SlabLengthMax / 2))
                break;
            records += content.Records;
            _sources.Add(slab);
        }

        return _sources.Count > 0;
    }

    int LiveBytes()
    {
        var bytes = 0;
        var run = (Slab: -1, Header: -1);
        foreach (var (slab, _, header, position, next) in _live)
        {
            bytes += next - position + (run == (slab, header) ? 0 : BatchHeader.Size);
            run = (slab, header);
        }

        return bytes;
    }

    // Into _live, in order of position.
    void FindLive(int slab)
    {
        ref var content = ref store.Log[slab];
        for (var run = 0; run < content.StartCount; run++)
        {
            var start = content.Starts[run];
            var end = run + 1 < content.StartCount ? content.Starts[run + 1] : content.Used;
            var header = BatchHeader.Read(content.Memory!.Bytes[start..]);
            for (var position = start + BatchHeader.Size; position < end;)
            {
                var record = RecordView.Read(content.Memory.Bytes, position, header);
                var entry = store.FindAt(new RecordAddress(content.Memory, position, start), record, slab);
                if (entry != EntryTable.None)
                    _live.Add((slab, entry, start, position, record.Next));
                position = record.Next;
            }
        }
    }
}
