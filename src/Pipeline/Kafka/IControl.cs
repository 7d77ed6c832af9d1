namespace AkkaJoin.Pipeline.Kafka;

/// <summary>Ends a consumer; the shape of Akka.Streams.Kafka. Any thread, any order, any number of times.</summary>
public interface IControl
{
    /// <summary>Done when the consumer is closed, however that came about.</summary>
    Task IsShutdown { get; }

    /// <summary>Reads no more records and completes the stream; the consumer stays in its group, so that offsets can be committed.</summary>
    /// <returns>Done when the stream is completed.</returns>
    Task Stop();

    /// <summary>Commits what waits, closes the consumer and completes the stream. Chunks not yet emitted are dropped.</summary>
    /// <returns><see cref="IsShutdown"/>.</returns>
    Task Shutdown();

    /// <summary><see cref="Stop"/>, then waits for <paramref name="streamCompletion"/>, then <see cref="Shutdown"/>, also where the stream failed.</summary>
    async Task<T> DrainAndShutdown<T>(Task<T> streamCompletion)
    {
        try
        {
            await Stop();
            return await streamCompletion;
        }
        finally
        {
            await Shutdown();
        }
    }
}
