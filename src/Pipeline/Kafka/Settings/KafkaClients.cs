using Akka.Configuration;

namespace AkkaJoin.Pipeline.Kafka.Settings;

/// <summary>Reads the keys that the blocks <c>akka.kafka.consumer</c>, <c>producer</c> and <c>committer</c> have in common.</summary>
static class KafkaClients
{
    /// <summary><c>kafka-clients</c>: librdkafka's keys, whose dots HOCON reads as nesting.</summary>
    internal static Dictionary<string, string> Read(Config config)
    {
        var clients = config.GetConfig("kafka-clients");
        return clients is null || clients.IsEmpty
            ? []
            : clients.AsEnumerable().SelectMany(e => Flatten(e.Key, e.Value)).ToDictionary(e => e.Key, e => e.Value);
    }

    internal static int Ms(Config config, string path, int byDefault) =>
        config.HasPath(path) ? checked((int)config.GetTimeSpan(path).TotalMilliseconds) : byDefault;

    static IEnumerable<KeyValuePair<string, string>> Flatten(string path, Akka.Configuration.Hocon.HoconValue value) =>
        value.IsObject()
            ? value.GetObject().Items.SelectMany(e => Flatten(path + "." + e.Key, e.Value))
            : [new KeyValuePair<string, string>(path, value.GetString())];
}
