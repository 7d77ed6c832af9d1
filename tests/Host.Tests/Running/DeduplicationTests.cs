using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AkkaJoin.Host.Demo;
using AkkaJoin.Pipeline.Tests.Kafka;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>What is in the output topics after a process was killed again and again under load, on a real Kafka.</summary>
[Trait("Needs", "Kafka")]
public sealed partial class DeduplicationTests(RealKafka kafka) : IClassFixture<RealKafka>
{
    const long Start = 1_573_552_530_000;
    const int Kills = 4;
    const int Each = 12_000;

    [RealKafkaFact(isLong: true)]
    public async Task With_tail_no_row_and_no_late_record_is_there_twice_however_often_the_process_was_killed()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full", more: "output.deduplicate = tail");
        await File.AppendAllTextAsync(join.ConfigFile, "\nakka.loglevel = INFO\n");
        var log = await RunWithKillsAsync(join);
        Assert.NotEqual(0, NotWrittenAgain().Matches(log).Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)));
        var outputs = join.ReadOutputs();
        Assert.Empty(outputs.GroupBy(o => o.Id).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.All(outputs, o => Assert.Matches("^[0-9a-f]{8}$", o.Writer));
        Assert.InRange(outputs.Select(o => o.Writer).Distinct().Count(), 2, Kills + 1);
    }

    [RealKafkaFact(isLong: true)]
    public async Task Without_it_rows_come_twice_and_each_has_the_id_and_the_value_of_its_twin()
    {
        using var join = await JoinOnKafka.CreateAsync(kafka.BootstrapServers, "full");
        await RunWithKillsAsync(join);
        var outputs = join.ReadOutputs();
        var twins = outputs.GroupBy(o => o.Id).Where(g => g.Count() > 1).ToList();
        Assert.NotEmpty(twins);
        Assert.All(twins, g => Assert.Single(g.Select(o => o.Value).Distinct()));
        Assert.All(outputs, o => Assert.Null(o.Writer));
    }

    [GeneratedRegex("([0-9]+) rows are there already")]
    private static partial Regex NotWrittenAgain();

    static async Task<string> RunWithKillsAsync(JoinOnKafka join)
    {
        var records = new Workload(Kills * Each, 7, Start).Records().ToList();
        var log = new StringBuilder();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var victim = EngineProcess.Start("run", "-c", join.ConfigFile);
            var before = join.RowCount();
            join.Feed(records.Skip(kill * Each).Take(Each));
            await JoinOnKafka.PollAsync(() => Task.FromResult(join.RowCount() > before + 100 + (kill * 300) || victim.HasExited));
            Assert.False(victim.HasExited, "it ended before it could be killed: " + victim.Errors);
            await victim.KillAsync();
            log.Append(victim.Errors);
        }

        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", join.ConfigFile);
        Assert.True(code == 0, output + errors);
        var validation = await join.ValidateAsync();
        Assert.True(validation.Exact, string.Join('\n', validation.Differences));
        return log.Append(errors).ToString();
    }
}
