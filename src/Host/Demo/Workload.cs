using System.Globalization;
using System.Text;

namespace AkkaJoin.Host.Demo;

/// <summary>
/// A take-rate workload made of a seed: impressions and plays, 4 : 1, with what real streams have in them. Event times
/// advance by <see cref="StepMs"/> an event and lie up to <see cref="DisorderMs"/> behind; of a thousand records about
/// two are late beyond any tolerance, three come twice, two have no key and one is malformed. A play follows an
/// impression that was shown in about seven of ten cases, so that about one impression in six is played.
/// </summary>
sealed class Workload
{
    /// <summary>Event time between two events, ms.</summary>
    internal const int StepMs = 10;

    /// <summary>How far an event may lie behind the newest, ms. Below the demo's max-out-of-orderness.</summary>
    internal const int DisorderMs = 20_000;

    const int LateByMs = 900_000;
    const int RecentImpressions = 4_096;
    readonly Random _random;
    readonly int _events;
    readonly long _startMs;
    readonly (int Member, int Title, long Time)[] _recent = new (int, int, long)[RecentImpressions];
    int _shown;
    WorkloadRecord? _again;

    /// <param name="events">How many records, duplicates and malformed ones included.</param>
    /// <param name="seed">Two workloads with one seed are equal but for <paramref name="startMs"/>.</param>
    /// <param name="startMs">The first event time, ms since the epoch.</param>
    internal Workload(int events, int seed, long startMs)
    {
        _events = events;
        _startMs = startMs;
        _random = new Random(seed);
    }

    /// <summary>The records in the order in which they are produced.</summary>
    internal IEnumerable<WorkloadRecord> Records()
    {
        for (var i = 0; i < _events; i++)
        {
            if (_again is not null && _random.Next(50) == 0)
            {
                yield return _again;
                _again = null;
                continue;
            }

            var record = i % 5 == 4 ? Play(i) : Impression(i);
            if (_again is null && record.Key is not null && _random.Next(300) == 0)
                _again = record;
            yield return record;
        }
    }

    WorkloadRecord Impression(int i)
    {
        var member = _random.Next(2_000);
        var title = _random.Next(200);
        var time = Time(i);
        _recent[_shown++ % RecentImpressions] = (member, title, time);
        return Record(
            true,
            i,
            member,
            title,
            time,
            $",\"row\":{_random.Next(40)},\"position\":{_random.Next(75)},\"artwork\":\"a{_random.Next(9)}\"");
    }

    WorkloadRecord Play(int i)
    {
        var (member, title) = (_random.Next(2_000), _random.Next(200));
        var time = Time(i);
        if (_shown > 0 && _random.Next(10) < 7)
        {
            var shown = _recent[_random.Next(Math.Min(_shown, RecentImpressions))];
            (member, title) = (shown.Member, shown.Title);
            time = Math.Max(time, shown.Time + _random.Next(60_000));
            time = Math.Min(time, _startMs + ((long)i * StepMs));
        }

        return Record(false, i, member, title, time, $",\"seconds\":{_random.Next(7_200)}");
    }

    long Time(int i)
    {
        var time = _startMs + ((long)i * StepMs) - _random.Next(DisorderMs);
        return _random.Next(500) == 0 ? time - LateByMs : time;
    }

    WorkloadRecord Record(bool impression, int i, int member, int title, long time, string more)
    {
        var name = impression ? 'i' : 'p';
        var fault = _random.Next(1_000);
        if (fault == 0)
            return new WorkloadRecord(impression, null, Encoding.UTF8.GetBytes($"{{\"profile\":\"m{member}\",\"title\":"), time);
        var profile = fault <= 2 ? "null" : string.Create(CultureInfo.InvariantCulture, $"\"m{member}\"");
        var value = string.Create(
            CultureInfo.InvariantCulture, $"{{\"profile\":{profile},\"title\":\"t{title}\",\"ts\":{time},\"id\":\"{name}{i}\"{more}}}");
        return new WorkloadRecord(impression, Encoding.UTF8.GetBytes("m" + member), Encoding.UTF8.GetBytes(value), time);
    }
}

/// <summary>One record of a <see cref="Workload"/>.</summary>
/// <param name="IsImpression">An impression, or a play.</param>
/// <param name="Key">The Kafka key.</param>
/// <param name="Value">JSON, or what should have been.</param>
/// <param name="TimestampMs">The Kafka timestamp, ms since the epoch.</param>
sealed record WorkloadRecord(bool IsImpression, byte[]? Key, byte[] Value, long TimestampMs);
