using System.Text;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Simulation.Broker;
using AkkaJoin.Simulation.World;

namespace AkkaJoin.Simulation.Journal;

/// <summary>
/// The catalogue that all nodes share, in the journal's database. It knows where the join began with each partition that has a committed offset, unless
/// the database was rolled back to before that was written.
/// </summary>
sealed class CatalogModel : IJoinCatalog
{
    readonly HashSet<string> _written = [];
    Dictionary<string, byte[]> _values = [];

    internal CatalogModel(SimulatedWorld world)
    {
        if (!world.Scenario.HasOffsets)
            return;
        foreach (var partition in world.Scenario.SourcePartitions.Where(p => !world.Scenario.IsAdded(p)))
            _values[Name(BrokerModel.Topic(partition), partition.Partition)] = Encoding.UTF8.GetBytes($"{world.Broker.Base(partition)}");
    }

    /// <summary>Whether it lacks something that it held once.</summary>
    internal bool HasForgotten => _written.Any(name => !_values.ContainsKey(name));

    /// <summary>All that is there, to be put back by <see cref="Restore"/>.</summary>
    internal Dictionary<string, byte[]> Copy() => new(_values);

    /// <summary>Rolls it back, to what a copy holds.</summary>
    internal void Restore(Dictionary<string, byte[]> copy)
    {
        _written.UnionWith(_values.Keys);
        _values = new(copy);
    }

    /// <summary>Whether a rollback took from it where the join began with a partition.</summary>
    internal bool HasForgottenOrigin(string topic, int partition) => _written.Contains(Name(topic, partition)) && !_values.ContainsKey(Name(topic, partition));

    /// <summary>Where the join began with a partition; null where it is not written.</summary>
    internal long? Origin(string topic, int partition) =>
        _values.TryGetValue(Name(topic, partition), out var value) ? long.Parse(Encoding.UTF8.GetString(value), System.Globalization.CultureInfo.InvariantCulture) : null;

    public byte[]? Get(string join, string name) => _values.GetValueOrDefault(name);

    public void Set(string join, IReadOnlyDictionary<string, byte[]> values) => throw new NotSupportedException();

    public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values)
    {
        if (values.Keys.Any(_values.ContainsKey))
            return false;
        foreach (var (name, value) in values)
            _values.Add(name, value);
        return true;
    }

    public bool TryReplace(string join, string name, byte[]? expected, byte[] value)
    {
        if (!_values.GetValueOrDefault(name).AsSpan().SequenceEqual(expected))
            return false;
        _values[name] = value;
        return true;
    }

    public long NextGeneration(string join) => throw new NotSupportedException();

    static string Name(string topic, int partition) => $"{CatalogNames.SourceOrigin}{topic}/{partition}";
}
