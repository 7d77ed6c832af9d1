namespace AkkaJoin.Host.Administration.Reports;

/// <summary>What a key group does.</summary>
enum GroupState
{
    /// <summary>No node is known to have it.</summary>
    NotStarted,

    /// <summary>It has a node and does not answer: it reads its snapshot and journal, or waits to try that again.</summary>
    Recovering,

    /// <summary>It answers.</summary>
    Running,

    /// <summary>Its node is not reachable.</summary>
    Unreachable,
}
