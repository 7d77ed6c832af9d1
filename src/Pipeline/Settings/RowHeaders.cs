namespace AkkaJoin.Pipeline.Settings;

/// <summary>Which headers a row has beside its id.</summary>
[Flags]
public enum RowHeaders
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The join's name.</summary>
    Join = 1,

    /// <summary>"matched", "unmatched" or "late-joined".</summary>
    Row = 2,

    /// <summary>All of them.</summary>
    All = Join | Row,
}
