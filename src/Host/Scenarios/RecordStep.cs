using System.Text.Json;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Scenarios;

/// <summary>A record that comes in.</summary>
/// <param name="Side">The side.</param>
/// <param name="Partition">The partition as the case numbers it.</param>
/// <param name="Time">The event time, ms.</param>
/// <param name="Key">The canonical bytes of the key, or null.</param>
/// <param name="Id">The bytes of the id, or null.</param>
/// <param name="Content">The whole step: its attributes are what conditions read.</param>
sealed record RecordStep(Side Side, int Partition, long Time, byte[]? Key, byte[]? Id, JsonElement Content) : ScenarioStep
{
    /// <summary>The id as written, or null.</summary>
    internal JsonElement? ShownId => Attribute("id");

    /// <summary>The value, or null.</summary>
    internal JsonElement? Value => Attribute("value");

    /// <summary>What stands for the record in rows: its value, or its id where the value is null.</summary>
    internal JsonElement? Shown => Value ?? ShownId;

    JsonElement? Attribute(string name) =>
        Content.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
