using Akka;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.RowReading;

namespace AkkaJoin.Cockpit.Hosting;

/// <summary>
/// The joins of an application, as objects. Each answer is over all nodes of the cluster and takes a few seconds at
/// most. Thread safe.
/// </summary>
public interface IAkkaJoin
{
    /// <summary>The names of the joins, in the order of the configuration.</summary>
    IReadOnlyList<string> Joins { get; }

    /// <summary>Whether a join runs, and how fast.</summary>
    /// <param name="join">Its name.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <exception cref="ArgumentException">There is no such join.</exception>
    Task<JoinState> StateAsync(string join, CancellationToken cancellation = default);

    /// <summary>What became of every record of a join.</summary>
    /// <param name="join">Its name.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <exception cref="ArgumentException">There is no such join.</exception>
    /// <exception cref="UserException">The joins have not started.</exception>
    Task<JoinLedger> LedgerAsync(string join, CancellationToken cancellation = default);

    /// <summary>How far behind a join is with each of its source partitions, left before right.</summary>
    /// <param name="join">Its name.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <exception cref="ArgumentException">There is no such join.</exception>
    /// <exception cref="UserException">The joins have not started.</exception>
    Task<IReadOnlyList<PartitionLag>> LagAsync(string join, CancellationToken cancellation = default);

    /// <summary>
    /// The rows of a join with <c>output.to = source</c>, as a stream of the application. It may be run before the
    /// joins start. A row that is not <see cref="JoinedRow.Confirm">confirmed</see> comes again, with the same id: to
    /// the next stream that is run here, and after a restart. While a row is not confirmed, its key group takes at most
    /// <c>flow.group-in-flight-max</c> more messages of records from each node, and begins no event above
    /// <c>flow.unconfirmed-bytes-max</c> of rows; then the join reads its topics no further. So rows that are gathered
    /// are gathered for a time, and not by a count alone. The stream ends when the joins of this node have ended.
    /// <para>
    /// It gives the rows of the key groups of this node: each node of the cluster runs one. There is one at a time; a
    /// second one fails with an <see cref="InvalidOperationException"/>.
    /// </para>
    /// </summary>
    /// <param name="join">Its name.</param>
    /// <exception cref="ArgumentException">There is no such join, or its rows go to a topic.</exception>
    Source<JoinedRow, NotUsed> Rows(string join);
}
