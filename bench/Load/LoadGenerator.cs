using System.Text;
using System.Text.Unicode;

namespace AkkaJoin.Bench.Load;

/// <summary>
/// The take-rate load, the same for a seed but for its beginning: impressions and plays 4 : 1, 200,000 members by 200 titles, JSON of
/// about 105 bytes, 5,000 events a second of event time, each up to 20 s behind the newest. Three plays of four follow an impression that was
/// shown within the last minute or so, which gives about 0.15 rows per record; the others match nothing.
/// </summary>
/// <param name="events">How many records.</param>
/// <param name="seed">The seed.</param>
/// <param name="startMs">The first event time, ms since the epoch.</param>
/// <param name="shape">How it lies in event time, where not as said above.</param>
sealed class LoadGenerator(int events, int seed, long startMs, LoadShape? shape = null)
{
    internal const int Members = 200_000, Titles = 200, EventsPerSecond = 5_000, DisorderMs = 20_000;
    const int ShownMax = 1 << 18;
    const int PlaysThatFollowPercent = 75;
    readonly LoadShape _shape = shape ?? LoadShape.TakeRate;
    readonly Random _random = new(seed);
    readonly (int Member, int Title, long Time)[] _shown = new (int, int, long)[ShownMax];
    readonly byte[] _text = new byte[256];
    int _impressions;

    /// <summary>The span of event time that so many records cover, ms.</summary>
    internal static long SpanMs(int events) => LoadShape.TakeRate.SpanMs(events);

    /// <summary>The records in the order in which they are produced.</summary>
    internal IEnumerable<LoadRecord> Records()
    {
        for (var i = 0; i < events; i++)
            yield return i % 5 == 4 ? Play(i) : Impression(i);
    }

    LoadRecord Impression(int i)
    {
        var (member, title) = (_random.Next(Members), _random.Next(Titles));
        var time = Newest(i) - _random.Next(_shape.DisorderMs);
        _shown[_impressions++ % ShownMax] = (member, title, time);
        Utf8.TryWrite(
            _text,
            $"{{\"profile\":\"m{member:D6}\",\"title\":\"t{title:D3}\",\"ts\":{time},\"id\":\"i{i:D8}\",\"row\":{_random.Next(40)},\"position\":{_random.Next(75)},\"art\":\"a{_random.Next(9)}\"}}",
            out var length);
        return Record(true, member, time, length);
    }

    LoadRecord Play(int i)
    {
        var (member, title) = (_random.Next(Members), _random.Next(Titles));
        var newest = Newest(i);
        var earliest = newest - _shape.DisorderMs;
        if (_random.Next(100) < PlaysThatFollowPercent)
        {
            (member, title, var shown) = _shown[_random.Next(Math.Min(_impressions, ShownMax))];
            earliest = Math.Max(earliest, shown);
        }

        var time = _random.NextInt64(earliest, newest + 1);
        Utf8.TryWrite(
            _text,
            $"{{\"profile\":\"m{member:D6}\",\"title\":\"t{title:D3}\",\"ts\":{time},\"id\":\"p{i:D8}\",\"seconds\":{_random.Next(7_200)},\"device\":\"d{_random.Next(9)}\"}}",
            out var length);
        return Record(false, member, time, length);
    }

    long Newest(int i) => _shape.IsNow ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() : startMs + _shape.SpanMs(i);

    LoadRecord Record(bool impression, int member, long time, int length) =>
        new(impression, Encoding.UTF8.GetBytes($"m{member:D6}"), _text[..length], time);
}
