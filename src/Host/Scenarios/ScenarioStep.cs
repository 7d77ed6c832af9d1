using System.Text.Json;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Host.Scenarios;

/// <summary>One step of a case.</summary>
abstract record ScenarioStep;

/// <summary>A record that comes in.</summary>
/// <param name="Side">The side.</param>
/// <param name="Partition">The partition as the case numbers it.</param>
abstract record InputStep(Side Side, int Partition) : ScenarioStep;

/// <summary>A record of a case that has a join of its own: key, time and id are attributes of the step.</summary>
/// <param name="Side">The side.</param>
/// <param name="Partition">The partition as the case numbers it.</param>
/// <param name="Time">The event time, ms.</param>
/// <param name="Key">The canonical bytes of the key, or null.</param>
/// <param name="Id">The bytes of the id, or null.</param>
/// <param name="Content">The whole step: its attributes are what conditions read.</param>
sealed record RecordStep(Side Side, int Partition, long Time, byte[]? Key, byte[]? Id, JsonElement Content) : InputStep(Side, Partition)
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

/// <summary>A record as Kafka has it, for a configured join: its decoder finds key, time, id and fields.</summary>
/// <param name="Side">The side.</param>
/// <param name="Partition">The partition as the case numbers it.</param>
/// <param name="Key">The record key, or null.</param>
/// <param name="Value">The record value, or null.</param>
/// <param name="Headers">The headers, in their order.</param>
/// <param name="TimestampMs">The record's timestamp, ms since the epoch; -1 = none.</param>
sealed record RawRecordStep(
    Side Side, int Partition, byte[]? Key, byte[]? Value, IReadOnlyList<(string Name, byte[]? Value)> Headers, long TimestampMs)
    : InputStep(Side, Partition);

/// <summary>No more records below these times; null where the side's watermark stays.</summary>
sealed record WatermarkStep(long? Left, long? Right) : ScenarioStep;

/// <summary>The rows that must have come out since the last such step, in any order.</summary>
sealed record ExpectStep(IReadOnlyList<ScenarioRow> Rows) : ScenarioStep;

/// <summary>A step of no known form. It counts as a step and does nothing.</summary>
sealed record IgnoredStep : ScenarioStep;
