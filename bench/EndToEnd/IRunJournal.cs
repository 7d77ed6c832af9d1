namespace AkkaJoin.Bench.EndToEnd;

/// <summary>Where a run keeps its journal: a place of its own.</summary>
interface IRunJournal
{
    /// <summary>The keys of the configuration.</summary>
    string Config { get; }

    /// <summary>CPU of the server so far, s; null where there is none.</summary>
    double? ServerCpuSeconds { get; }

    /// <summary>Events that it ever took, those that are deleted too.</summary>
    Task<long> EventsAsync();

    /// <summary>Deletes it.</summary>
    Task DropAsync();
}
