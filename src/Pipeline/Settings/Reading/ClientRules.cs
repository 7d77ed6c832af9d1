using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// What librdkafka says of keys together, such as acks beside idempotence, and of the files that they name: it says that only when a client is made. So one
/// of each kind is made as a join makes it, but without brokers, and thrown away.
/// </summary>
static class ClientRules
{
    // librdkafka's own default of max.poll.interval.ms, which the session time-out must not exceed.
    const int SessionMsUnquestioned = 300_000;

    /// <summary>Notes what would stop a join at its start.</summary>
    /// <param name="section">The section kafka, in which nothing was found wrong yet.</param>
    /// <param name="kafka">What was read of it.</param>
    internal static void Check(Section section, KafkaSettings kafka)
    {
        if (kafka.Client.Count + kafka.Consumer.Count + kafka.Producer.Count == 0 && kafka.SessionTimeoutMs <= SessionMsUnquestioned)
            return;
        var consumer = new ConsumerSettings
        {
            BootstrapServers = "",
            GroupId = "check",
            Properties = ConsumerSettings.Merge(kafka.Client, kafka.Consumer),
            SessionTimeoutMs = kafka.SessionTimeoutMs,
        };
        var producer = new ProducerSettings { BootstrapServers = "", Properties = ConsumerSettings.Merge(kafka.Client, kafka.Producer) };
        Try(section, "consumer", kafka.Consumer, consumer.ClientProperties(), properties => new ConsumerBuilder<Ignore, Ignore>(properties).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build());
        Try(section, "producer", kafka.Producer, producer.ClientProperties(), properties => new NativeProducer(properties, _ => { }, (_, _) => { }));
        if (!section.IsAnyRefused)
            Try(section, "client", kafka.Client, new Dictionary<string, string>(kafka.Client), properties => new AdminClientBuilder(properties).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build());
    }

    static void Try(Section section, string block, IReadOnlyDictionary<string, string> own, Dictionary<string, string> properties, Func<Dictionary<string, string>, IDisposable> make)
    {
        properties.Remove("bootstrap.servers");
        try
        {
            make(properties).Dispose();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            Refuse(section, block, own, e.Message);
        }
    }

    // librdkafka names the keys. The one that the user has set is at fault; with none, it is the session's time-out, which has a key of its own.
    static void Refuse(Section section, string block, IReadOnlyDictionary<string, string> own, string message)
    {
        var isNamed = new Func<string, bool>(key => message.Contains(key, StringComparison.Ordinal));
        var place = own.Keys.Any(isNamed) || block == "client" ? block : "client";
        var child = section.Child(place);
        var predicate = $"is refused by librdkafka: {message}";
        if (ClientKeys.Places(section, place).Where(key => isNamed(key.Name)).OrderByDescending(key => key.Name.Length).FirstOrDefault() is { Name: not null } named)
            child.RefuseAt(named.Name, named.Origin, predicate);
        else if (isNamed("session.timeout.ms"))
            section.Refuse("session-timeout", predicate);
        else
            section.Refuse(section.Sets(block) ? block : place, predicate);
    }
}
