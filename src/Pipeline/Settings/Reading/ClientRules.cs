using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// Finds keys that librdkafka refuses together, such as acks beside idempotence, and files that it cannot read.
/// librdkafka reports these only when a client is created. So one client of each kind is created as a join would, but
/// without brokers, and disposed.
/// </summary>
static class ClientRules
{
    // librdkafka's default of max.poll.interval.ms, which the session time-out must not exceed.
    const int SessionMsUnquestioned = 300_000;

    /// <summary>Notes the problems that would stop a join at its start.</summary>
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
        Try(section, "consumer", kafka.Consumer, consumer.ClientProperties(), Consumer);
        Try(section, "producer", kafka.Producer, producer.ClientProperties(), keys => new NativeProducer(keys, _ => { }, (_, _) => { }));
        if (!section.IsAnyRefused)
            Try(section, "client", kafka.Client, new Dictionary<string, string>(kafka.Client), Admin);
    }

    static IDisposable Consumer(Dictionary<string, string> keys) =>
        new ConsumerBuilder<Ignore, Ignore>(keys).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    static IDisposable Admin(Dictionary<string, string> keys) =>
        new AdminClientBuilder(keys).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    static void Try(
        Section section,
        string block,
        IReadOnlyDictionary<string, string> own,
        Dictionary<string, string> properties,
        Func<Dictionary<string, string>, IDisposable> make)
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

    // librdkafka names the keys. The one that the user has set is at fault; with none, it is the session's time-out,
    // which has a key of its own.
    static void Refuse(Section section, string block, IReadOnlyDictionary<string, string> own, string message)
    {
        var isNamed = new Func<string, bool>(key => message.Contains(key, StringComparison.Ordinal));
        var target = own.Keys.Any(isNamed) || block == "client" ? block : "client";
        var child = section.Child(target);
        var predicate = $"is refused by librdkafka: {message}";
        var keys = ClientKeys.Origins(section, target).Where(key => isNamed(key.Name));
        if (keys.OrderByDescending(key => key.Name.Length).FirstOrDefault() is { Name: not null } named)
            child.RefuseAt(named.Name, named.Origin, predicate);
        else if (isNamed("session.timeout.ms"))
            section.Refuse("session-timeout", predicate);
        else
            section.Refuse(section.Sets(block) ? block : target, predicate);
    }
}
