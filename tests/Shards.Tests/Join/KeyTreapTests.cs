using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

public sealed class KeyTreapTests
{
    [Fact]
    public void The_treap_holds_what_a_sorted_set_holds() => Seeds.Check(300, (random, _) =>
    {
        var entries = new EntryTable();
        var order = Comparer<int>.Create((a, b) => entries[a].Time != entries[b].Time ? entries[a].Time.CompareTo(entries[b].Time) : a.CompareTo(b));
        var treap = new KeyTreap(entries, order);
        var model = new SortedSet<int>(order);
        var root = EntryTable.None;
        var last = EntryTable.None;
        for (var i = random.Next(1, 300); i > 0; i--)
        {
            if (random.Next(3) > 0 || model.Count == 0)
            {
                var entry = last = entries.Allocate(last);
                entries[entry] = new JoinEntry(random.Next(50), EntryFlags.None, 0, 0);
                root = treap.Insert(root, entry);
                model.Add(entry);
            }
            else
            {
                var entry = model.ElementAt(random.Next(model.Count));
                root = treap.Remove(root, entry);
                model.Remove(entry);
            }

            var low = random.Next(-5, 55);
            var high = low + random.Next(-3, 40);
            var found = new EntryList();
            treap.Range(root, low, high, found);
            Assert.Equal(
                model.Where(e => entries[e].Time >= low && entries[e].Time <= high),
                Enumerable.Range(0, found.Count).Select(n => found[n]));
        }
    });
}
