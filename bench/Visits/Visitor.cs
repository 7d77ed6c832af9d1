using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Visits;

/// <summary>
/// Asks a node for what its page asks for while it is in front, as often as it does (app.js), and for /metrics as often
/// as docker's Prometheus.
/// </summary>
sealed class Visitor : IAsyncDisposable
{
    static readonly (string Path, int Seconds)[] Asked =
    [
        ("/api/v1/cluster/show", 2), ("/api/v1/join/show", 2), ("/api/v1/time/show", 2), ("/health", 6), ("/api/v1/join/ledger", 6),
        ("/api/v1/join/series", 10), ("/api/v1/time/advise", 20), ("/metrics", 5),
    ];

    readonly HttpClient _http;
    readonly CancellationTokenSource _stop = new();
    readonly Task _asking;
    long _answers;
    long _bytes;

    /// <summary>Begins.</summary>
    /// <param name="node">The HTTP port of the node.</param>
    /// <param name="oftener">How many times as often as a page it asks.</param>
    internal Visitor(Uri node, int oftener = 1)
    {
        _http = new HttpClient { BaseAddress = node };
        _asking = Task.WhenAll(Asked.Select(asked => AskAsync(asked.Path, TimeSpan.FromSeconds(asked.Seconds) / oftener)));
    }

    /// <summary>Answers so far.</summary>
    internal long Answers => Interlocked.Read(ref _answers);

    /// <summary>Their bytes.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _http.Dispose();
        _stop.Dispose();
    }

    // As the page: what is asked as often is asked at the same moment.
    async Task AskAsync(string path, TimeSpan interval)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await _http.GetAsync(path, _stop.Token);
                var bytes = await answer.Content.ReadAsByteArrayAsync(_stop.Token);
                if (!answer.IsSuccessStatusCode)
                    throw new UserException($"the node answers {(int)answer.StatusCode} to {path}", 1);
                Interlocked.Increment(ref _answers);
                Interlocked.Add(ref _bytes, bytes.Length);
                await Task.Delay(UntilBeat(interval), _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    static TimeSpan UntilBeat(TimeSpan interval) => new(interval.Ticks - (DateTime.UtcNow.Ticks % interval.Ticks));
}
