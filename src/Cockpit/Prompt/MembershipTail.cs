using System.Text.Json;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>
/// Follows the members: first what each is, then each change, a line each. What comes and goes between two questions is
/// not seen.
/// </summary>
/// <param name="ask">Asks a node for its members.</param>
/// <param name="isJson">Whether a line is a JSON object.</param>
/// <param name="output">Takes the lines.</param>
/// <param name="time">The clock.</param>
sealed class MembershipTail(Func<Task<IReadOnlyList<MemberReport>>> ask, bool isJson, TextWriter output, TimeProvider time)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    IReadOnlyList<MemberReport>? _before;
    bool _isAnswered;

    /// <summary>Follows them until it is told to stop.</summary>
    /// <exception cref="UserException">The node does not answer the first question.</exception>
    internal async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            do
                await LookAsync();
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The user has seen enough.
        }
    }

    /// <summary>Asks once and tells what has changed.</summary>
    internal async Task LookAsync()
    {
        try
        {
            var now = await ask();
            foreach (var change in Changes(_before ?? [], now, time.GetUtcNow()))
                await output.WriteLineAsync(isJson ? JsonSerializer.Serialize(change, CockpitJson.Options) : MemberText.Line(change));
            (_before, _isAnswered) = (now, true);
        }
        catch (UserException e) when (_before is not null)
        {
            // Said once; it may come back.
            if (_isAnswered && !isJson)
                await output.WriteLineAsync(e.Message);
            _isAnswered = false;
        }

        await output.FlushAsync();
    }

    /// <summary>What has changed from one answer to the next.</summary>
    internal static IEnumerable<MemberChange> Changes(
        IReadOnlyList<MemberReport> before, IReadOnlyList<MemberReport> now, DateTimeOffset at)
    {
        foreach (var member in now)
        {
            var earlier = before.FirstOrDefault(known => known.Address == member.Address);
            if (earlier?.Status != member.Status)
                yield return new MemberChange(at, member.Address, member.Status);
            if ((earlier?.Reachable ?? true) != member.Reachable)
                yield return new MemberChange(at, member.Address, member.Reachable ? "reachable" : "unreachable");
        }

        foreach (var gone in before.Where(known => now.All(member => member.Address != known.Address)))
            yield return new MemberChange(at, gone.Address, "removed");
    }
}
