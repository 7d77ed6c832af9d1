using Microsoft.Extensions.Hosting;

namespace AkkaJoin.Host.Running;

/// <summary>Leaves signals and the console to the verbs.</summary>
sealed class QuietLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
