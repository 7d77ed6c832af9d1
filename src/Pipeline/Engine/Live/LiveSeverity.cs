namespace AkkaJoin.Pipeline.Engine.Live;

/// <summary>How bad a finding is.</summary>
enum LiveSeverity
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>A run starts, and may come to grief.</summary>
    Warning,

    /// <summary>A run would be refused, or would stop.</summary>
    Error,
}
