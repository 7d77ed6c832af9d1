using System.Data.Common;
using Akka.Actor.Setup;
using Akka.Configuration;
using AkkaJoin.Shards.Journal.Leases;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// A database that holds journal, snapshots and catalog, opened and checked. Gives the settings with which Akka.Persistence.Sql writes
/// to it; they are not to be used after it is disposed of.
/// </summary>
/// <param name="limits">How much at once is asked of it.</param>
public abstract class JoinJournal(JournalLimits limits) : IJoinCatalog, IDisposable
{
    /// <summary>Where it is, for "the journal in ..."; never with a password.</summary>
    public abstract string Place { get; }

    /// <summary>The configuration key that says where it is.</summary>
    public abstract string PlaceKey { get; }

    /// <summary>What keeps a second cluster from it.</summary>
    public abstract IBootstrapLease Lease { get; }

    /// <summary>Where the chunks of snapshots go.</summary>
    internal abstract ISnapshotChunks Chunks { get; }

    /// <summary>What a recovery of each persistence id would read, about: its events and the chunks of its snapshots, bytes. Any thread; blocks.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    internal abstract IReadOnlyDictionary<string, long> RecoveryBytes();

    /// <summary>
    /// The secret by which the nodes of this journal know each other; made by the first of them that asks for it, and the same for all from then on.
    /// </summary>
    /// <exception cref="JournalException">It cannot be read or written.</exception>
    internal abstract byte[] NodeSecret(Func<byte[]> make);

    /// <summary>Taken by each key group while it writes a snapshot.</summary>
    internal SemaphoreSlim SnapshotPermits { get; } = new(limits.SnapshotsMax);

    /// <summary>How much at once is asked of it.</summary>
    protected JournalLimits Limits => limits;

    /// <summary>What it says of each join.</summary>
    protected abstract IJoinCatalog Catalog { get; }

    /// <summary>The settings of both <see cref="JournalPlugins"/>.</summary>
    public abstract Config Config();

    /// <summary>The connections of both plugins; the actor system is made with it.</summary>
    public abstract Setup Setup();

    /// <inheritdoc/>
    public byte[]? Get(string join, string name) => Catalog.Get(join, name);

    /// <inheritdoc/>
    public void Set(string join, IReadOnlyDictionary<string, byte[]> values) => Catalog.Set(join, values);

    /// <inheritdoc/>
    public bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values) => Catalog.TryAdd(join, values);

    /// <inheritdoc/>
    public long NextGeneration(string join) => Catalog.NextGeneration(join);

    /// <summary>Gives it free for another process.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives it free for another process.</summary>
    protected abstract void Dispose(bool disposing);

    private protected static Dictionary<string, long> SizesOf(DbDataReader reader)
    {
        var sizes = new Dictionary<string, long>();
        while (reader.Read())
            sizes.Add(reader.GetString(0), reader.GetInt64(1));
        return sizes;
    }
}
