using System.Runtime.InteropServices;
using static AkkaJoin.Pipeline.Kafka.Native.RdKafka;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>librdkafka's own knowledge of its keys, without a client being made. The names are librdkafka's.</summary>
static unsafe partial class RdKafkaConf
{
    const int ErrorLength = 512;
    const int Unknown = -2;
    const int Good = 0;

    /// <summary>What a dump leaves out: keys without a default, and second names.</summary>
    static readonly string[] NotDumped =
    [
        "acks", "bootstrap.servers", "client.rack", "compression.type", "debug", "group.instance.id", "sasl.mechanism",
        "sasl.oauthbearer.client.id", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config", "sasl.oauthbearer.scope",
        "sasl.oauthbearer.token.endpoint.url", "sasl.password", "sasl.username", "ssl.ca.location", "ssl.ca.pem",
        "ssl.certificate.location", "ssl.certificate.pem", "ssl.cipher.suites", "ssl.crl.location", "ssl.key.location",
        "ssl.key.password", "ssl.key.pem", "ssl.keystore.location", "ssl.keystore.password",
    ];

    static RdKafkaConf()
    {
        NativeLibraries.Ensure();
        Names = ReadNames();
    }

    /// <summary>The keys of clients and topics, good enough to guess what a mistyped one was meant to be.</summary>
    internal static IReadOnlyList<string> Names { get; }

    /// <summary>Whether librdkafka takes this value for this key.</summary>
    /// <param name="name">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="error">librdkafka's own words where it does not; they may repeat the value.</param>
    internal static RdKafkaConfResult Check(string name, string value, out string error)
    {
        var conf = rd_kafka_conf_new();
        try
        {
            var text = stackalloc byte[ErrorLength];
            text[0] = 0;
            var result = rd_kafka_conf_set(conf, name, value, text, ErrorLength);
            error = Marshal.PtrToStringUTF8((nint)text)!;
            return result switch
            {
                Good => RdKafkaConfResult.Good,
                Unknown => RdKafkaConfResult.UnknownKey,
                _ => RdKafkaConfResult.BadValue,
            };
        }
        finally
        {
            rd_kafka_conf_destroy(conf);
        }
    }

    static List<string> ReadNames()
    {
        var conf = rd_kafka_conf_new();
        var topic = rd_kafka_topic_conf_new();
        var names = new List<string>(NotDumped);
        nuint count;
        var dump = rd_kafka_conf_dump(conf, &count);
        AddNames(names, dump, count);
        dump = rd_kafka_topic_conf_dump(topic, &count);
        AddNames(names, dump, count);
        rd_kafka_topic_conf_destroy(topic);
        rd_kafka_conf_destroy(conf);
        return names;
    }

    /// <summary>A dump is key, value, key, value ...</summary>
    static void AddNames(List<string> names, byte** dump, nuint count)
    {
        for (nuint i = 0; i < count; i += 2) names.Add(Marshal.PtrToStringUTF8((nint)dump[i])!);
        rd_kafka_conf_dump_free(dump, count);
    }

    [LibraryImport(NativeLibraries.RdKafka)]
    private static partial byte** rd_kafka_conf_dump(nint conf, nuint* count);

    [LibraryImport(NativeLibraries.RdKafka)]
    private static partial void rd_kafka_conf_dump_free(byte** dump, nuint count);

    [LibraryImport(NativeLibraries.RdKafka)]
    private static partial nint rd_kafka_topic_conf_new();

    [LibraryImport(NativeLibraries.RdKafka)]
    private static partial void rd_kafka_topic_conf_destroy(nint conf);

    [LibraryImport(NativeLibraries.RdKafka)]
    private static partial byte** rd_kafka_topic_conf_dump(nint conf, nuint* count);
}

/// <summary>What librdkafka says of a key and its value.</summary>
enum RdKafkaConfResult
{
    /// <summary>It takes them.</summary>
    Good,

    /// <summary>There is no such key.</summary>
    UnknownKey,

    /// <summary>The key does not take this value.</summary>
    BadValue,
}
