namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>A record as an oracle holds it, and its fate. Nothing is ever removed.</summary>
sealed class OracleRecord(TestRecord record)
{
    internal TestRecord Record { get; } = record;

    internal long Time => Record.Time;

    internal bool Late { get; set; }

    internal bool Matched { get; set; }

    /// <summary>Its row came out, or it is over; it joins nothing any more.</summary>
    internal bool Over { get; set; }

    /// <summary>Its own row came out.</summary>
    internal bool Alone { get; set; }
}
