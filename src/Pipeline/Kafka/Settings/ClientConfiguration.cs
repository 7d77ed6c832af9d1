namespace AkkaJoin.Pipeline.Kafka.Settings;

/// <summary>Says what is wrong with librdkafka's keys in the words of the configuration.</summary>
static class ClientConfiguration
{
    const int WrongConfiguration = 78;

    /// <summary>Makes a client.</summary>
    /// <param name="kind">
    /// "consumer", "producer" or "client": the block of the configuration beside the common one.
    /// </param>
    /// <exception cref="UserException">librdkafka does not know a key, or refuses its value.</exception>
    internal static T Build<T>(Func<T> build, string kind)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new UserException($"kafka.client or kafka.{kind}: {e.Message}", WrongConfiguration);
        }
    }
}
