using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaJoin.Cockpit.Hosting;

/// <summary>Refuses an application in which the joins would not run, and nobody would be told.</summary>
/// <param name="services">The application's services.</param>
/// <param name="node">The joins.</param>
sealed class EmbeddedNodeCheck(IServiceProvider services, EmbeddedNode node) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<AkkaConfigurationBuilder>(); // made, where it is not yet
        return node.IsAdded
            ? Task.CompletedTask
            : throw new InvalidOperationException(
                "the joins of AddAkkaJoin are in no actor system: call WithAkkaJoin(provider) last in "
                    + "AddAkka(name, (akka, provider) => ...)");
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
