using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Engine.Live;

/// <summary>
/// Finds before the first start everything that would stop it or trouble it later. It makes the checks that a start
/// makes, writes nothing, and goes on after a problem, so that it finds all of them.
/// </summary>
static class LiveCheck
{
    /// <summary>Asks the brokers and the journal's database.</summary>
    /// <param name="settings">The configuration.</param>
    internal static async Task<IReadOnlyList<LiveFinding>> RunAsync(AkkaJoinSettings settings)
    {
        var findings = new LiveFindings();
        using var journal = await findings.TryAsync("", () => Task.Run(() => JournalOpener.Probe(settings.Journal)));
        if (journal is not null)
            findings.Good("", $"journal: {journal.Location} can be {(journal.Journal is null ? "made" : "used")}");
        using var admin = await findings.TryAsync("", () => Task.FromResult(TopicAdmin.Create(settings.Kafka)));
        if (admin is null || !await findings.TryAsync("", () => ConnectAsync(admin, settings.Kafka)))
            return findings.All;
        findings.Good("", $"brokers: {settings.Kafka.BootstrapServers} answers");
        foreach (var join in settings.Joins)
            await new JoinLiveCheck(findings, admin, join, journal).RunAsync();
        return findings.All;
    }

    static async Task ConnectAsync(TopicAdmin admin, KafkaSettings kafka)
    {
        await admin.ConnectAsync();
        await TopicAdmin.CheckAccessAsync(kafka);
    }
}
