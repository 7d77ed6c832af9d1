using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Cockpit.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaJoin.Cockpit.Health;

/// <summary>
/// The health checks of a node. Live: the actor system answers; where it does not, start the process again. Ready: the
/// node can do its part; where it is not, look at the check that says why.
/// </summary>
static class NodeHealth
{
    /// <summary>The tag of the check that <c>/health/live</c> asks.</summary>
    internal const string Live = "akkajoin-live";

    /// <summary>The tag of the checks that <c>/health/ready</c> asks.</summary>
    internal const string Ready = "akkajoin-ready";

    /// <summary>What the names of the checks begin with among those of an application.</summary>
    internal const string EmbeddedPrefix = "akkajoin ";

    /// <summary>How long each check may take.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The tags that an application's own paths ask for, beside <see cref="Live"/> and <see cref="Ready"/>.
    /// </summary>
    const string AnyLive = "live", AnyReady = "ready";

    /// <summary>Adds the checks.</summary>
    /// <param name="builder">Takes them.</param>
    /// <param name="node">The node; null = it has not started.</param>
    /// <param name="prefix">What their names begin with, beside others of the same process.</param>
    /// <param name="whyNot">Why the node cannot start; null = nothing is known.</param>
    internal static void Add(
        IHealthChecksBuilder builder,
        Func<IServiceProvider, CockpitNode?> node,
        string prefix = "",
        Func<IServiceProvider, string?>? whyNot = null)
    {
        Add("actor system", [Live, AnyLive], ActorSystemAsync);
        Add("member", [Ready, AnyReady], asked => Task.FromResult(Member(asked)));
        Add("journal", [Ready, AnyReady], JournalAsync);
        Add("broker", [Ready, AnyReady], BrokerAsync);
        Add("joins", [Ready, AnyReady], asked => Task.FromResult(Joins(asked)));
        Add("key groups", [Ready, AnyReady], KeyGroupsAsync);

        void Add(string name, string[] tags, Func<CockpitNode, Task<HealthCheckResult>> check) => builder.Add(
            new HealthCheckRegistration(
                prefix + name,
                services => new NodeCheck(node(services), whyNot?.Invoke(services), check),
                HealthStatus.Unhealthy,
                tags,
                Timeout));
    }

    /// <summary>The name of a check without the prefix.</summary>
    internal static string NameOf(string name) =>
        name.StartsWith(EmbeddedPrefix, StringComparison.Ordinal) ? name[EmbeddedPrefix.Length..] : name;

    // The guardian of the user's actors answers this itself.
    static async Task<HealthCheckResult> ActorSystemAsync(CockpitNode node)
    {
        try
        {
            var guardian = node.System.ActorSelection("/user");
            await guardian.Ask<ActorIdentity>(new Identify(1), Timeout);
            return HealthCheckResult.Healthy("it answers");
        }
        catch (AskTimeoutException)
        {
            return HealthCheckResult.Unhealthy($"it did not answer for {Timeout.TotalSeconds} s");
        }
    }

    static HealthCheckResult Member(CockpitNode node)
    {
        var status = Cluster.Get(node.System).SelfMember.Status;
        return status == MemberStatus.Up
            ? HealthCheckResult.Healthy("up")
            : HealthCheckResult.Unhealthy($"this node is {status.ToString().ToLowerInvariant()} in its cluster, not up");
    }

    static async Task<HealthCheckResult> JournalAsync(CockpitNode node)
    {
        try
        {
            await node.AskJournalAsync().WaitAsync(Timeout);
            return HealthCheckResult.Healthy("it answers");
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"it did not answer within {Timeout.TotalSeconds} s");
        }
        catch (Shards.Journal.JournalException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }

    static async Task<HealthCheckResult> BrokerAsync(CockpitNode node) => await node.BrokerAnswersAsync()
        ? HealthCheckResult.Healthy("it answers")
        : HealthCheckResult.Unhealthy($"Kafka does not answer at {node.Settings.Kafka.BootstrapServers}");

    static HealthCheckResult Joins(CockpitNode node)
    {
        foreach (var join in node.Joins)
        {
            if (node.FailureOf(join.Name) is { } failure)
                return HealthCheckResult.Unhealthy($"join {join.Name} cannot go on: {failure.Message}");
            if (node.Running(join.Name) is not { } running)
                return HealthCheckResult.Unhealthy($"join {join.Name} does not run yet");
            if (running.Completion.IsFaulted)
            {
                var reason = running.Completion.Exception.GetBaseException().Message;
                return HealthCheckResult.Unhealthy($"join {join.Name} cannot go on: {reason}");
            }
        }

        return HealthCheckResult.Healthy($"{node.Joins.Count} run");
    }

    static async Task<HealthCheckResult> KeyGroupsAsync(CockpitNode node)
    {
        foreach (var join in node.Joins)
        {
            // A node that has none yet is not ready. Whoever rolls nodes stops the next one when this one is ready.
            if (await node.UnplacedKeyGroupsAsync(join.Name) is var unplaced and > 0)
                return HealthCheckResult.Unhealthy($"join {join.Name}: {unplaced} of {join.KeyGroups} key groups are on no node yet");
            var silent = await node.SilentKeyGroupsAsync(join.Name);
            if (silent.Count > 0)
            {
                return HealthCheckResult.Unhealthy(
                    $"join {join.Name}: key groups of this node recover or do not answer: {string.Join(", ", silent)}");
            }
        }

        return HealthCheckResult.Healthy("those of this node run");
    }
}

/// <summary>A check of a node.</summary>
/// <param name="node">The node; null = it has not started.</param>
/// <param name="whyNot">Why it cannot start; null = nothing is known.</param>
/// <param name="check">The check.</param>
sealed class NodeCheck(CockpitNode? node, string? whyNot, Func<CockpitNode, Task<HealthCheckResult>> check) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        node is null ? Task.FromResult(HealthCheckResult.Unhealthy(whyNot ?? "the joins have not started")) : check(node);
}
