namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>Holds a key group where it first makes its row writer: its snapshot is loaded, its journal not yet read.</summary>
sealed class Freezer : IDisposable
{
    readonly ManualResetEventSlim _reached = new();
    readonly ManualResetEventSlim _thawed = new();

    internal void Freeze()
    {
        _reached.Set();
        _thawed.Wait(TimeSpan.FromMinutes(1));
    }

    internal void UntilReached(TimeSpan patience) => Xunit.Assert.True(_reached.Wait(patience));

    internal void Thaw() => _thawed.Set();

    public void Dispose()
    {
        _thawed.Set();
        _reached.Dispose();
    }
}
