using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Join;

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

    /// <summary>Whether its records have begun to go, in about the order in which they came.</summary>
    internal bool IsGoing;

    /// <summary>Whether more than half of the records are dead.</summary>
    internal readonly bool IsSparse => Live * 2L < Records;

    /// <summary>The place of the header that the record at a place refers to.</summary>
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
