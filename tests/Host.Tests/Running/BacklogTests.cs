using System.Globalization;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Tests.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>An hour of records that waits in topics whose partitions are of very different sizes.</summary>
[Trait("Needs", "Kafka")]
public sealed class BacklogTests(RealKafka kafka, ITestOutputHelper output) : IClassFixture<RealKafka>
{
    const long Start = 1_573_552_530_000;
    const int Seconds = 3_600, WindowSeconds = 600, DisorderSeconds = 30;

    static readonly string More = new('x', 200);

    // Records a second of each partition. Of the larger ones more is read at a time, and they are the younger for it.
    static readonly int[] Lefts = [30, 5, 3, 2];
    static readonly int[] Rights = [9, 1];

    [RealKafkaFact(isLong: true)]
    public async Task A_join_that_catches_up_holds_at_most_one_and_a_half_times_its_steady_state_and_no_record_is_late()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers);
        for (var partition = 0; partition < Lefts.Length; partition++)
            join.Produce(join.Left, partition, Records('l', partition, Lefts[partition]));
        for (var partition = 0; partition < Rights.Length; partition++)
            join.Produce(join.Right, partition, Records('r', partition, Rights[partition]));

        // A left rests until the rights have passed its window, a right until the lefts have passed it.
        var steady = (Lefts.Sum() * (WindowSeconds + DisorderSeconds)) + (Rights.Sum() * DisorderSeconds);
        var (peak, status) = await RunAsync(join);
        output.WriteLine($"peak {peak} records held, steady {steady}: {(double)peak / steady:0.00}");
        Assert.Equal((Lefts.Sum() + Rights.Sum()) * Seconds, status.Consumed);
        Assert.Equal(0, status.LateCopies);
        Assert.InRange(peak, 1, steady * 3 / 2);
    }

    static async Task<(long Peak, JoinStatus Last)> RunAsync(JoinOnKafka join)
    {
        await using var node = await Node.StartAsync(ConfigLoader.Load(join.ConfigFile), new EngineOptions(Bounded: true), null, CancellationToken.None);
        var engine = node.Joins[0];
        var peak = 0L;
        while (!engine.Completion.IsCompleted)
        {
            try
            {
                peak = Math.Max(peak, (await engine.StatusAsync()).Buffered);
            }
            catch (InvalidOperationException)
            {
                break; // it has ended
            }

            await Task.WhenAny(engine.Completion, Task.Delay(10, CancellationToken.None));
        }

        return (peak, (await engine.Completion).Status!);
    }

    // Each up to 20 s behind the newest.
    static IEnumerable<string> Records(char side, int partition, int perSecond)
    {
        var random = new Random((side * 100) + partition);
        for (var i = 0; i < Seconds * perSecond; i++)
        {
            var time = Start + (i * 1_000L / perSecond) - random.Next(20_000);
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{{\"profile\":\"m{random.Next(2_000)}\",\"title\":\"t{random.Next(50)}\",\"ts\":{time},\"id\":\"{side}{partition}-{i}\",\"more\":\"{More}\"}}");
        }
    }
}
