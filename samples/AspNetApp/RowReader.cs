using System.Text;
using Confluent.Kafka;

namespace AspNetApp;

/// <summary>Reads the rows of a join as any consumer of its output topic does.</summary>
sealed class RowReader(string servers, string topic, RowList list) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => ReadAsync(stoppingToken), stoppingToken);

    async Task ReadAsync(CancellationToken stopping)
    {
        var config = new ConsumerConfig { BootstrapServers = servers, GroupId = "sample", AutoOffsetReset = AutoOffsetReset.Earliest };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
        consumer.Subscribe(topic);
        while (!stopping.IsCancellationRequested)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } row)
                await list.AddAsync(Encoding.UTF8.GetString(row.Message.Headers.GetLastBytes("akkajoin-id")), row.Message.Value);
        }

        consumer.Close();
    }
}
