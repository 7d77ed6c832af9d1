using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>
/// How a question to the brokers is asked again, and what is said where no retry mends it. Any thread.
/// </summary>
/// <param name="errors">What the client's own threads hear.</param>
/// <param name="servers">The brokers.</param>
/// <param name="block">The part of the configuration that says who may connect: client, consumer or producer.</param>
/// <param name="timeout">The longest that one question may take, with its retries.</param>
sealed class BrokerRetry(ClientErrors errors, string servers, string block, TimeSpan timeout)
{
    /// <summary>Retries of one question come this far apart, ms.</summary>
    internal const int RetryMs = 200;

    /// <summary>
    /// A client that is refused gives up after this time already: the brokers may not have read who may connect yet.
    /// </summary>
    internal static readonly TimeSpan RefusedMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether a broker was asked with a leader that the client remembers and that is another by now. Refused by a
    /// broker that was restarted, the client would ask with the same again: it has to ask for the leaders first.
    /// </summary>
    internal static bool IsOfOldLeader(Error error) =>
        error.Code is ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or ErrorCode.NotLeaderForPartition;

    /// <summary>
    /// What to throw where the offsets of a partition are refused. The partitions were described before: one that is
    /// not known was made a moment ago, and not every broker has heard of it.
    /// </summary>
    internal static KafkaException OffsetsFailed(Error error) =>
        new(error.Code == ErrorCode.UnknownTopicOrPart ? new Error(ErrorCode.LeaderNotAvailable, error.Reason) : error);

    /// <summary>
    /// Asks until there is an answer or the time is over: a broker that is just being started refuses connections.
    /// </summary>
    /// <exception cref="UserException">There was none in time, or a refusal.</exception>
    internal async Task<T> AskAsync<T>(Func<TimeSpan, Task<T>> ask)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = timeout - Stopwatch.GetElapsedTime(since);
            try
            {
                return await ask(left > TimeSpan.FromMilliseconds(RetryMs) ? left : TimeSpan.FromMilliseconds(RetryMs));
            }
            catch (KafkaException e) when (IsTransient(e.Error) || ClientErrors.IsRefusal(e.Error))
            {
                if (ClientErrors.IsRefusal(e.Error))
                    errors.Tell(e.Error);
                var elapsed = Stopwatch.GetElapsedTime(since) + TimeSpan.FromMilliseconds(RetryMs);
                if (errors.IsRefused && (elapsed >= timeout || (elapsed >= RefusedMax && errors.IsRefusedForGood)))
                    throw errors.Refused(servers, block);
                if (elapsed >= timeout)
                {
                    throw new UserException(
                        $"no broker answered at {servers} within {Seconds()} s ({errors.Reason ?? Silent(e.Error)})", 1);
                }

                await Task.Delay(RetryMs);
            }
            catch (KafkaException e)
            {
                throw new UserException($"the broker at {servers} refused: {e.Error.Reason}", 1);
            }
        }
    }

    // A listener for SASL or TLS closes a connection that speaks neither without a word, and the client has nothing to
    // tell.
    static string Silent(Error error) =>
        $"{error.Reason}; where a broker does run there, its listener may want SASL or TLS: see security.protocol in akkajoin.kafka.client";

    string Seconds() => (timeout.TotalMilliseconds / 1_000).ToString("0.###", CultureInfo.InvariantCulture);

    static bool IsTransient(Error error) => error.Code switch
    {
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve or
            ErrorCode.Local_WaitCoord or ErrorCode.Local_TimedOutQueue or ErrorCode.RequestTimedOut or ErrorCode.LeaderNotAvailable or
            ErrorCode.NotLeaderForPartition or ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or
            ErrorCode.NotCoordinatorForGroup or ErrorCode.BrokerNotAvailable or ErrorCode.NetworkException or
            ErrorCode.UnstableOffsetCommit or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or
            ErrorCode.OffsetNotAvailable => true,
        _ => false,
    };
}
