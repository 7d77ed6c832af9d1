using System.Buffers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Hosting;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Hosting;
using AkkaJoin.Pipeline.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>What an ASP.NET Core application gets by AddAkkaJoin and MapAkkaJoin.</summary>
public sealed class EmbeddingTests : IDisposable
{
    readonly EmbeddedKafka _kafka = JoiningApplication.Kafka();
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-embedding-");

    Dictionary<string, string?> Settings => JoiningApplication.Settings(_kafka, _directory.FullName);

    // For a topic that is not there: it is waited for that long.
    Dictionary<string, string?> ImpatientSettings => new(Settings) { ["akkajoin:kafka:connect-timeout"] = "10s" };

    public void Dispose()
    {
        _kafka.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Page_API_health_and_metrics_answer_below_a_path_of_the_application()
    {
        await using var app = await JoiningApplication.StartAsync(Settings, app => app.MapAkkaJoin("/ops/joins"));

        await app.UntilAsync("/ops/joins/health/ready", 200);
        Assert.Equal((200, "Healthy"), await app.GetAsync("/ops/joins/health/live"));
        Assert.Equal(404, (await app.GetAsync("/health/live")).Status);

        using var bare = await app.Http.GetAsync("/ops/joins");
        Assert.Equal((302, "/ops/joins/"), ((int)bare.StatusCode, bare.Headers.Location?.ToString()));
        using var page = await app.Http.GetAsync("/ops/joins/");
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("src=\"page/app.js\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (await app.GetAsync("/ops/joins/page/app.js")).Status);

        Assert.Equal(401, (await app.GetAsync("/ops/joins/api/v1/join/list")).Status);
        Assert.Equal(401, (await app.GetAsync("/ops/joins/api/v1/join/list", "wrong")).Status);
        Assert.Equal(401, (await app.GetAsync("/ops/joins/metrics")).Status);
        var (status, joins) = await app.GetAsync("/ops/joins/api/v1/join/list", TestNode.Token());
        Assert.Equal(200, status);
        Assert.Equal(JoiningApplication.Join, (string?)JsonNode.Parse(joins)!["joins"]![0]!["join"]);
        Assert.Contains("akkajoin", (await app.GetAsync("/ops/joins/metrics", TestNode.Token())).Body, StringComparison.Ordinal);
        Assert.Contains("\"isWell\":true", (await app.GetAsync("/ops/joins/health", TestNode.Token())).Body, StringComparison.Ordinal);
        var document = JsonNode.Parse((await app.GetAsync("/ops/joins/api/v1/openapi.json", TestNode.Token())).Body)!;
        Assert.Equal("/ops/joins", (string?)document["servers"]![0]!["url"]);
        var elsewhere = ("Origin", "https://elsewhere.example");
        Assert.Equal(403, (await app.GetAsync("/ops/joins/api/v1/join/list", TestNode.Token(), elsewhere)).Status);
    }

    [Fact]
    public async Task The_command_line_finds_a_node_below_its_path()
    {
        await using var app = await JoiningApplication.StartAsync(Settings, app => app.MapAkkaJoin("/ops/joins"));
        await app.UntilAsync("/ops/joins/health/ready", 200);
        var address = NodeAddress.Parse($"{app.Http.BaseAddress}ops/joins");
        using var client = new CockpitClient(address!, new ClientOptions(), TimeSpan.FromSeconds(20));
        Assert.Equal(["visits"], (await client.ListingAsync(default)).Joins);
        var health = await client.HealthAsync(isReady: true, default);
        Assert.True(health.IsWell, string.Join("; ", health.Checks));
        var elsewhere = NodeAddress.Parse($"{app.Http.BaseAddress}ops")!;
        using var lost = new CockpitClient(elsewhere, new ClientOptions(), TimeSpan.FromSeconds(20));
        var e = await Assert.ThrowsAsync<UserException>(() => lost.ListingAsync(default));
        Assert.StartsWith($"what listens at {elsewhere} is no akkajoin node.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_s_cookie_is_sent_to_its_own_path_alone()
    {
        await using var app = await JoiningApplication.StartAsync(Settings, app => app.MapAkkaJoin());
        using var content = new StringContent($"{{\"token\":\"{TestNode.Token()}\"}}");
        using var login = await app.Http.PostAsync("/akkajoin/login", content);
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("path=/akkajoin;", cookie, StringComparison.Ordinal);
        var session = ("Cookie", cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]);
        var (_, who) = await app.GetAsync("/akkajoin/api/v1/session", null, session);
        Assert.Contains("\"name\":\"local\"", who, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_application_s_own_users_are_let_in_by_its_own_rule_and_have_the_right_that_they_are_given()
    {
        await using var app = await JoiningApplication.StartAsync(
            Settings,
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapAkkaJoin().RequireAuthorization();
                app.MapAkkaJoin("/open");
            },
            services =>
            {
                services.AddAuthentication("header").AddScheme<AuthenticationSchemeOptions, HeaderUsers>("header", null);
                services.AddAuthorization();
            });

        Assert.Equal(401, (await app.GetAsync("/akkajoin/health/live")).Status);
        Assert.Equal(200, (await app.GetAsync("/akkajoin/api/v1/join/list", null, ("user", "ann"))).Status);
        Assert.Equal(403, (await app.GetAsync("/akkajoin/api/v1/join/key?key=a", null, ("user", "ann"))).Status);
        Assert.NotEqual(403, (await app.GetAsync("/akkajoin/api/v1/join/key?key=a", null, ("user", "ann"), ("right", "data"))).Status);
        var (_, who) = await app.GetAsync("/akkajoin/api/v1/session", TestNode.Token(), ("user", "ann"));
        Assert.Contains("\"right\":\"act\"", who, StringComparison.Ordinal);

        // Where the application asks for nothing, that it knows somebody gives no right.
        Assert.Equal(401, (await app.GetAsync("/open/api/v1/join/list", null, ("user", "ann"))).Status);
        Assert.Equal(200, (await app.GetAsync("/open/api/v1/join/list", null, ("user", "ann"), ("right", "state"))).Status);
    }

    [Fact]
    public async Task Health_goes_red_when_a_join_fails_and_its_state_says_why()
    {
        await using var app = await JoiningApplication.StartAsync(
            ImpatientSettings,
            app => app.MapHealthChecks("/ready", new() { Predicate = check => check.Tags.Contains("ready") }));
        await app.UntilAsync("/ready", 200);
        Assert.True((await app.Joins.StateAsync(JoiningApplication.Join)).IsRunning);

        _kafka.DeleteTopic("plays");
        await app.UntilAsync("/ready", 503);
        var state = await app.UntilAsync(() => app.Joins.StateAsync(JoiningApplication.Join), state => !state.IsRunning);
        Assert.Contains("the source topic 'plays' was deleted while the join ran", state.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_red_when_a_join_cannot_start()
    {
        var settings = ImpatientSettings;
        settings["akkajoin:joins:visits:left:topic"] = "nowhere";
        await using var app = await JoiningApplication.StartAsync(settings, app => app.MapAkkaJoin());
        await app.UntilAsync("/akkajoin/health/ready", 503);
        var state = await app.UntilAsync(() => app.Joins.StateAsync("visits"), state => state.Failure is not null);
        Assert.Contains("nowhere", state.Failure!, StringComparison.Ordinal);
        Assert.Contains("nowhere", (await app.GetAsync("/akkajoin/health", TestNode.Token())).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_and_state_say_why_the_journal_does_not_open()
    {
        var settings = Settings;
        settings["akkajoin:sqlite:directory"] = "/proc/nowhere";
        await using var app = await JoiningApplication.StartAsync(settings);
        var health = await app.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("/proc/nowhere", health.Entries["akkajoin journal"].Description, StringComparison.Ordinal);
        Assert.Contains("/proc/nowhere", (await app.Joins.StateAsync("visits")).Failure!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_and_lag_are_had_as_objects()
    {
        await using var app = await JoiningApplication.StartAsync(Settings);
        JoiningApplication.Send(_kafka, "impressions", """{"k":"a","t":1000}""", """{"k":"b","t":1000}""");
        JoiningApplication.Send(_kafka, "plays", """{"k":"a","t":2000}""");

        await app.UntilAsync(
            () => app.Joins.StateAsync("visits"), state => state is { IsRunning: true, KeyGroupsRunning: 4 });
        var ledger = await app.UntilAsync(
            () => app.Joins.LedgerAsync("visits"), ledger => ledger is { Left.Received: 2, Right.Received: 1 });
        Assert.Equal(new RecordFates(2, 1, 0, 0, 0, 0, 1), ledger.Left);
        Assert.Equal(new RecordFates(1, 1, 0, 0, 0, 0, 0), ledger.Right);
        Assert.Empty(ledger.SilentKeyGroups);
        var lag = await app.UntilAsync(
            () => app.Joins.LagAsync("visits"), lag => lag.All(p => p.Node is not null && p.Lag == 0));
        Assert.Equal([("impressions", true), ("plays", false)], lag.Select(p => (p.Topic, p.IsLeft)));
        await Assert.ThrowsAsync<ArgumentException>(() => app.Joins.LedgerAsync("other"));
    }

    [Fact]
    public async Task A_decoder_gets_from_the_services_what_its_constructor_takes()
    {
        var settings = Settings;
        settings["akkajoin:joins:visits:left:format"] = $"{typeof(PrefixDecoder).FullName}, AkkaJoin.Cockpit.Tests";
        settings["akkajoin:joins:visits:right:format"] = settings["akkajoin:joins:visits:left:format"];
        await using var app = await JoiningApplication.StartAsync(settings, add: services => services.AddSingleton(new KeyPrefix("key:")));
        JoiningApplication.Send(_kafka, "impressions", "key:a");
        JoiningApplication.Send(_kafka, "plays", "key:a");
        Assert.Contains("\"rightTime\":1000", JoiningApplication.RowIn(_kafka), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decoder_whose_service_is_missing_stops_the_start_and_is_named()
    {
        var settings = Settings;
        settings["akkajoin:joins:visits:left:format"] = $"{typeof(PrefixDecoder).FullName}, AkkaJoin.Cockpit.Tests";
        var e = await Assert.ThrowsAnyAsync<UserException>(() => JoiningApplication.StartAsync(settings));
        Assert.Contains(typeof(KeyPrefix).FullName!, e.Message, StringComparison.Ordinal);
        Assert.Contains("akkajoin.joins.visits.left.format", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_joins_run_in_the_application_s_own_actor_system_where_it_has_one()
    {
        await using var app = await JoiningApplication.StartAsync(
            Settings,
            add: services => services.AddAkka("shop", (akka, provider) => akka
                .WithRemoting("127.0.0.1", 0)
                .WithClustering(new ClusterOptions())
                .WithAkkaJoinGuard()
                .WithAkkaJoin(provider)
                .AddStartup((system, _) => Akka.Cluster.Cluster.Get(system).Join(Akka.Cluster.Cluster.Get(system).SelfAddress))));
        Assert.Equal("shop", app.App.Services.GetRequiredService<Akka.Actor.ActorSystem>().Name);
        JoiningApplication.Send(_kafka, "impressions", """{"k":"a","t":1000}""");
        JoiningApplication.Send(_kafka, "plays", """{"k":"a","t":2000}""");
        Assert.Contains("\"rightTime\":2000", JoiningApplication.RowIn(_kafka), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joins_that_are_in_no_actor_system_are_refused_when_the_application_starts()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => JoiningApplication.StartAsync(
            Settings,
            add: services => services.AddAkka(
                "shop", akka => akka.WithRemoting("127.0.0.1", 0).WithClustering(new ClusterOptions()))));
        Assert.Contains("call WithAkkaJoin(provider)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_stops_the_start_and_names_the_key()
    {
        var settings = Settings;
        settings["akkajoin:joins:visits:befor"] = "1s";
        var e = await Assert.ThrowsAnyAsync<UserException>(() => JoiningApplication.StartAsync(settings));
        Assert.Equal(
            "unknown key akkajoin.joins.visits.befor (IConfiguration, akkajoin:joins:visits:befor); did you mean before?", e.Message);
    }

    /// <summary>The user that a header names, with the right of another.</summary>
    sealed class HeaderUsers(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["user"] is not [{ } user])
                return Task.FromResult(AuthenticateResult.NoResult());
            var claims = Request.Headers["right"].Select(right => new Claim("akkajoin-right", right!))
                .Append(new Claim(ClaimTypes.Name, user));
            var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, "header"));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, "header")));
        }
    }
}

/// <summary>A service of the application.</summary>
public sealed record KeyPrefix(string Text);

/// <summary>Takes a service beside its settings: the key is what follows the prefix, the time is 1000.</summary>
public sealed class PrefixDecoder(SourceSettings source, IReadOnlyList<string> fields, KeyPrefix prefix) : IRecordDecoder
{
    /// <inheritdoc/>
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        Assert.True(source.Topic is "impressions" or "plays");
        Assert.Empty(fields);
        decoded.Key.Write(record.Value[prefix.Text.Length..]);
        decoded.Time = 1000;
        return true;
    }
}
