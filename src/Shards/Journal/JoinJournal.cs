using System.Data.Common;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaJoin.Shards.Journal.Leases;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// An open and checked database with journal, snapshots and catalog. Gives the settings with which Akka.Persistence.Sql
/// writes to it. Do not use them after it is disposed of.
/// </summary>
/// <param name="limits">How many reads and writes it gets at once.</param>
abstract class JoinJournal(JournalLimits limits) : IJoinCatalog, IDisposable
{
    /// <summary>Where it is, for "the journal in ..."; never with a password.</summary>
    public abstract string Location { get; }

    /// <summary>The configuration key that says where it is.</summary>
    public abstract string LocationKey { get; }

    /// <summary>The lease that keeps a second cluster out.</summary>
    public abstract IBootstrapLease Lease { get; }

    /// <summary>Stores the segments of snapshots.</summary>
    internal abstract ISnapshotSegments Segments { get; }

    /// <summary>
    /// About how many bytes a recovery of each persistence id reads: its events and the segments of its snapshots.
    /// Thread safe. Blocks.
    /// </summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    internal abstract IReadOnlyDictionary<string, long> RecoveryBytes();

    /// <summary>
    /// The secret by which the nodes of this journal know each other. The first node that asks makes it; from then on
    /// all nodes get the same.
    /// </summary>
    /// <exception cref="JournalException">It cannot be read or written.</exception>
    internal abstract byte[] NodeSecret(Func<byte[]> make);

    /// <summary>Each key group holds one permit while it writes a snapshot.</summary>
    internal SemaphoreSlim SnapshotPermits { get; } = new(limits.SnapshotsMax);

    /// <summary>The clock of its joins: see <see cref="ReadClockAsync"/>.</summary>
    internal JoinClock Clock { get; } = new();

    /// <summary>How many reads and writes it gets at once.</summary>
    protected JournalLimits Limits => limits;

    /// <summary>The named values of each join.</summary>
    protected abstract IJoinCatalog Catalog { get; }

    /// <summary>Sets <see cref="Clock"/> by the database's clock. Thread safe.</summary>
    /// <exception cref="JournalException">
    /// The database cannot be read. <see cref="Clock"/> goes on as before.
    /// </exception>
    internal async Task ReadClockAsync(CancellationToken stopping)
    {
        await AskClockAsync(Clock, stopping);
        ShardsMetrics.Add(Clock, () => Clock.DifferenceMs);
    }

    /// <summary>Asks the database for its clock, and tells it to <paramref name="clock"/>.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    private protected abstract Task AskClockAsync(JoinClock clock, CancellationToken stopping);

    /// <summary>The settings of both <see cref="JournalPlugins"/>.</summary>
    public abstract Config Config();

    /// <summary>The connections of both plugins, for the setup of the actor system.</summary>
    public abstract Setup Setup();

    /// <inheritdoc/>
    public byte[]? Get(string join, string name) => Catalog.Get(join, name);

    /// <inheritdoc/>
    public byte[]? GetAtOnce(string join, string name) => Catalog.GetAtOnce(join, name);

    /// <inheritdoc/>
    public void Set(string join, IReadOnlyDictionary<string, byte[]> values) => Catalog.Set(join, values);

    /// <inheritdoc/>
    public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values) => Catalog.TryAdd(join, values);

    /// <inheritdoc/>
    public bool TryReplace(string join, string name, byte[]? expected, byte[] value) => Catalog.TryReplace(join, name, expected, value);

    /// <inheritdoc/>
    public long NextGeneration(string join) => Catalog.NextGeneration(join);

    /// <summary>Closes it, so that another process can open it.</summary>
    public void Dispose()
    {
        ShardsMetrics.Remove(Clock);
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes it, so that another process can open it.</summary>
    protected abstract void Dispose(bool disposing);

    private protected static Dictionary<string, long> SizesOf(DbDataReader reader)
    {
        var sizes = new Dictionary<string, long>();
        while (reader.Read())
            sizes.Add(reader.GetString(0), reader.GetInt64(1));
        return sizes;
    }
}

/// <summary>How many key groups of a node read and write the journal at once.</summary>
/// <param name="RecoveriesMax">The most key groups that read snapshot and journal at once.</param>
/// <param name="SnapshotsMax">The most key groups that write a snapshot at once.</param>
sealed record JournalLimits(int RecoveriesMax, int SnapshotsMax = JournalLimits.SnapshotsMaxDefault)
{
    internal const int SnapshotsMaxDefault = 2;

    /// <summary>The limits where nothing is configured.</summary>
    public static JournalLimits Default { get; } = new(Math.Max(2, Environment.ProcessorCount));
}

/// <summary>The ids of the Akka.Persistence plugins that key groups write with, whatever the database.</summary>
static class JournalPlugins
{
    /// <summary>The id of the journal plugin.</summary>
    public const string JournalId = "akka.persistence.journal.akkajoin";

    /// <summary>The id of the snapshot plugin.</summary>
    public const string SnapshotId = "akka.persistence.snapshot-store.akkajoin";
}

/// <summary>The journal that a start would open.</summary>
/// <param name="Journal">The journal, open for reading; null = there is none yet, and a start can make it.</param>
/// <param name="Location">Where it is.</param>
/// <param name="LocationKey">The configuration key that says where it is.</param>
sealed record JournalProbe(JoinJournal? Journal, string Location, string LocationKey) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Journal?.Dispose();
}
