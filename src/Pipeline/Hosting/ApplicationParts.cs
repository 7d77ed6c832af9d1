using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Pipeline.Sources;

namespace AkkaJoin.Pipeline.Hosting;

/// <summary>What an application takes from joins, and gives them, in place of topics.</summary>
/// <param name="Outlets">Where rows wait for readers, by join.</param>
/// <param name="Sources">Its sources.</param>
sealed record ApplicationParts(IReadOnlyDictionary<string, RowOutlet> Outlets, IReadOnlyList<IRecordSource> Sources)
{
    /// <summary>Nothing.</summary>
    internal static ApplicationParts None { get; } = new(new Dictionary<string, RowOutlet>(), []);
}
