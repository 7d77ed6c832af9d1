using AkkaJoin.Pipeline.Embedded;

namespace AkkaJoin.Host.Chaos;

/// <summary>The broker and the database of a run, as far as they are its own.</summary>
sealed class ChaosServices : IAsyncDisposable
{
    const string PostgresqlVariable = "AKKAJOIN_POSTGRESQL";
    readonly StartedKafka? _kafka;
    readonly StartedPostgresql? _postgresql;

    internal ChaosServices(ChaosOptions options, ChaosDirectory directory)
    {
        _kafka = options.StartKafka is { } kafka ? new StartedKafka(kafka, directory) : null;
        _postgresql = options.StartPostgresql is { } postgresql ? new StartedPostgresql(postgresql, directory) : null;
        Embedded = options.Embedded ? new EmbeddedKafka() : null;
    }

    /// <summary>The broker that the run may kill, or null.</summary>
    internal StartedService? Kafka => _kafka;

    /// <summary>The database that the run may kill, or null.</summary>
    internal StartedService? Postgresql => _postgresql;

    /// <summary>The broker of this process, which is never killed; or null.</summary>
    internal EmbeddedKafka? Embedded { get; }

    /// <summary>The brokers, where they are not those of the user's file.</summary>
    internal string? BootstrapServers => _kafka?.BootstrapServers ?? Embedded?.BootstrapServers;

    /// <summary>Whether one of them is away, or was until a moment ago.</summary>
    internal bool IsAway => _kafka is { IsAway: true } || _postgresql is { IsAway: true };

    /// <summary>Starts what is to be started, and waits until it answers.</summary>
    internal async Task StartAsync(Timeline timeline)
    {
        foreach (var service in new StartedService?[] { _kafka, _postgresql }.OfType<StartedService>())
        {
            await service.StartAsync();
            timeline.Say(new TimelineEntry(TimelineEvents.Started)
            {
                Process = service.Process!.Id,
                Mark = service.Process.Mark,
                Text = $"{service.Name}  answers (process {service.Process.Id})",
            });
        }

        // The nodes, and the validator in this process, find the database as a user's would.
        if (_postgresql is not null)
            Environment.SetEnvironmentVariable(PostgresqlVariable, _postgresql.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_kafka is not null)
            await _kafka.DisposeAsync();
        if (_postgresql is not null)
            await _postgresql.DisposeAsync();
        Embedded?.Dispose();
    }
}
