namespace AkkaJoin.Shards.Profiling;

/// <summary>The stages between which a profile tells apart. What runs inside another stage counts for the inner one alone.</summary>
enum ProfileStage
{
    /// <summary>The consumer's own thread: records from librdkafka into chunks.</summary>
    Consume,

    /// <summary>The router: decoding, hashing, records into batches, answers.</summary>
    Route,

    /// <summary>Batches into messages to key groups.</summary>
    Batch,

    /// <summary>Handing messages to the shard region; between nodes, up to the remoting.</summary>
    Transport,

    /// <summary>Key groups: checks, answers, confirmations.</summary>
    Accept,

    /// <summary>Events and snapshots into bytes; with SQLite, writing them too.</summary>
    Journal,

    /// <summary>The join.</summary>
    Apply,

    /// <summary>Rows as text.</summary>
    Render,

    /// <summary>Rows to the producer.</summary>
    Produce,

    /// <summary>Offsets.</summary>
    Commit,
}
