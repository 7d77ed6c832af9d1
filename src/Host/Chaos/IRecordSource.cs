namespace AkkaJoin.Host.Chaos;

/// <summary>What is fed, in the order in which it is fed.</summary>
interface IRecordSource
{
    /// <summary>Events a second at which it is to be fed.</summary>
    double Rate { get; }

    /// <summary>The records from the event with this number on.</summary>
    IEnumerable<ChaosRecord> Records(long first);
}
