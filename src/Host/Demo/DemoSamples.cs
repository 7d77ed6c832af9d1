using System.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;
using Spectre.Console;

namespace AkkaJoin.Host.Demo;

/// <summary>Shows a few rows as they lie in the output topic, one of each kind if they are among the first.</summary>
static class DemoSamples
{
    const int Wanted = 3, Looked = 400;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static void Show(IAnsiConsole console, KafkaSettings kafka, JoinSettings join)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = "akkajoin-demo-samples",
            FetchWaitMaxMs = 10,
        };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { })
            .Build();
        consumer.Assign(Enumerable.Range(0, 32).Select(p => new TopicPartitionOffset(join.Output.Topic, p, Offset.Beginning)));
        console.WriteLine();
        console.WriteLine($"Some rows of the topic {join.Output.Topic}:");
        var shown = 0;
        var kinds = new HashSet<string>();
        for (var read = 0; read < Looked && shown < Wanted; read++)
        {
            if (consumer.Consume(Patience) is not { Message: { } message })
                break;
            var kind = message.Headers.TryGetLastBytes(OutputHeaders.Row, out var bytes) ? Encoding.UTF8.GetString(bytes) : "?";
            if (!kinds.Add(kind) && read < Looked - Wanted)
                continue;
            shown++;
            console.WriteLine($"  {kind,-12} {Encoding.UTF8.GetString(message.Value)}");
        }

        consumer.Close();
    }
}
