namespace AkkaJoin.Cockpit.Tests;

/// <summary>A clock that a test moves.</summary>
sealed class TestTime : TimeProvider
{
    long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    internal void Advance(TimeSpan time) => _ticks += time.Ticks;
}
