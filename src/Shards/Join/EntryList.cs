namespace AkkaJoin.Shards.Join;

/// <summary>A list of entries that is used again and again.</summary>
sealed class EntryList
{
    int[] _items = new int[16];

    internal int Count { get; private set; }

    internal int this[int index] => _items[index];

    internal void Add(int entry)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = entry;
    }

    internal void Clear() => Count = 0;
}
