using Confluent.Kafka;

namespace AspNetApp;

/// <summary>Puts what was posted into a topic, as it is.</summary>
sealed class Sender(string servers) : IDisposable
{
    readonly IProducer<Null, byte[]> _producer =
        new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers }).Build();

    public async Task<IResult> SendAsync(string topic, Stream body)
    {
        using var value = new MemoryStream();
        await body.CopyToAsync(value);
        var sent = await _producer.ProduceAsync(topic, new Message<Null, byte[]> { Value = value.ToArray() });
        return Results.Accepted(value: sent.TopicPartitionOffset.ToString());
    }

    public void Dispose() => _producer.Dispose();
}
