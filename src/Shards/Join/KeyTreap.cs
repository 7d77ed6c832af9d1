using System.Diagnostics;
using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The entries of one key in (time, id, partition, offset) order: a treap (Seidel and Aragon, 1996) whose priorities
/// are hashes of the entries' numbers. A key with one entry costs nothing, one with 100,000 costs log n, and nothing is
/// allocated. The shape depends on the numbers, the order never does.
/// <para>
/// Invariants. What is lower stands left of an entry, what is higher right of it. No entry has a child of higher
/// priority.
/// </para>
/// </summary>
sealed class KeyTreap(EntryTable entries, IComparer<int> order)
{
    int[] _stack = new int[64];

    internal int Insert(int root, int entry)
    {
        ref var link = ref root;
        var priority = Priority(entry);
        while (link != EntryTable.None && Priority(link) > priority)
        {
            ref var node = ref entries[link];
            link = ref order.Compare(entry, link) < 0 ? ref node.Lower : ref node.Higher;
        }

        var rest = link;
        link = entry;
        Split(rest, entry);
        return root;
    }

    internal int Remove(int root, int entry)
    {
        ref var link = ref root;
        while (link != entry)
        {
            ref var node = ref entries[link];
            link = ref order.Compare(entry, link) < 0 ? ref node.Lower : ref node.Higher;
        }

        var lower = entries[entry].Lower;
        var higher = entries[entry].Higher;
        while (lower != EntryTable.None && higher != EntryTable.None)
        {
            if (Priority(lower) > Priority(higher))
            {
                link = lower;
                link = ref entries[lower].Higher;
                lower = link;
            }
            else
            {
                link = higher;
                link = ref entries[higher].Lower;
                higher = link;
            }
        }

        link = lower != EntryTable.None ? lower : higher;
        return root;
    }

    /// <summary>
    /// Appends to <paramref name="found"/> the entries with times in [<paramref name="low"/>, <paramref name="high"/>],
    /// in order, until it has <paramref name="max"/>.
    /// </summary>
    internal void Range(int root, long low, long high, EntryList found, int max = int.MaxValue)
    {
        var depth = 0;
        var node = root;
        while (true)
        {
            // Down to the lowest that may be in range; what lies below low is skipped with all that is lower.
            while (node != EntryTable.None)
            {
                ref var entry = ref entries[node];
                if (entry.Time < low)
                {
                    node = entry.Higher;
                    continue;
                }

                if (depth == _stack.Length)
                    Array.Resize(ref _stack, depth * 2);
                _stack[depth++] = node;
                node = entry.Lower;
            }

            if (depth == 0)
                return;
            node = _stack[--depth];
            if (entries[node].Time > high)
                return;
            found.Add(node);
            if (found.Count == max)
                return;
            node = entries[node].Higher;
        }
    }

    /// <summary>
    /// Fills <paramref name="found"/> with the entries, in any order, but with no more than <paramref name="max"/>.
    /// </summary>
    internal void Collect(int root, int max, EntryList found)
    {
        found.Clear();
        found.Add(root);
        for (var i = 0; i < found.Count && found.Count < max; i++)
        {
            ref var entry = ref entries[found[i]];
            if (entry.Lower != EntryTable.None)
                found.Add(entry.Lower);
            if (entry.Higher != EntryTable.None && found.Count < max)
                found.Add(entry.Higher);
        }
    }

    /// <summary>Checks the invariants and appends all entries to <paramref name="all"/>, in order.</summary>
    [Conditional("CHECKED")]
    internal void Check(int root, List<int> all)
    {
        if (root == EntryTable.None)
            return;
        var (lower, higher) = (entries[root].Lower, entries[root].Higher);
        Invariant.Holds(lower == EntryTable.None || Priority(lower) <= Priority(root), "no entry has a child of higher priority");
        Invariant.Holds(higher == EntryTable.None || Priority(higher) <= Priority(root), "no entry has a child of higher priority");
        Check(lower, all);
        Invariant.Holds(
            all.Count == 0 || order.Compare(all[^1], root) < 0,
            "what is lower stands left of an entry, what is higher right of it");
        all.Add(root);
        Check(higher, all);
    }

    // Parts the subtree at node into what stands before entry and what stands after; they become its children.
    void Split(int node, int entry)
    {
        ref var lower = ref entries[entry].Lower;
        ref var higher = ref entries[entry].Higher;
        while (node != EntryTable.None)
        {
            ref var content = ref entries[node];
            if (order.Compare(node, entry) < 0)
            {
                lower = node;
                lower = ref content.Higher;
                node = lower;
            }
            else
            {
                higher = node;
                higher = ref content.Lower;
                node = higher;
            }
        }

        lower = EntryTable.None;
        higher = EntryTable.None;
    }

    // Murmur3's finalizer: numbers are handed out in sequence, priorities must not be. With a number that nobody knows,
    // or a sender could choose times that make a tree a list.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Priority(int entry)
    {
        var h = (uint)entry + (uint)IndexHash.Seed;
        h = (h ^ (h >> 16)) * 0x85EBCA6B;
        h = (h ^ (h >> 13)) * 0xC2B2AE35;
        return h ^ (h >> 16);
    }
}
