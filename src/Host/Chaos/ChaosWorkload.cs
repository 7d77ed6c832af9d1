using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// A workload for any join, made of a seed. Event time goes on by a step an event, so fast that the window passes
/// several times in a run; a record lies less than max-out-of-orderness behind the newest, so that none is late. About
/// every second right has a partner that was picked for it, further ones meet by chance. A few hot keys, records that
/// come twice under one id, records without a key.
/// </summary>
sealed class ChaosWorkload : IRecordSource
{
    const int RecentLefts = 4_096, HotKeys = 5;
    const int LeftPercent = 60, PartnerPercent = 40, HotPermille = 10, NullKeyPermille = 2, AgainPermille = 5;

    readonly JoinSettings _join;
    readonly RunIdentity _run;
    readonly RecordTemplate _left;
    readonly RecordTemplate _right;
    readonly bool _one;
    readonly long _disorder;
    readonly Random _random;
    readonly (long Key, long Time)[] _recent = new (long, long)[RecentLefts];
    long _lefts;
    ChaosRecord? _again;

    /// <param name="join">The join.</param>
    /// <param name="run">Seed, start and step.</param>
    /// <param name="part">How often the run was resumed.</param>
    /// <param name="rate">Events a second.</param>
    internal ChaosWorkload(JoinSettings join, RunIdentity run, int part, double rate)
    {
        _join = join;
        _run = run;
        _one = ChaosTopics.IsSelfJoin(join);
        _left = new RecordTemplate(join, Side.Left, _one);
        _right = _one ? _left : new RecordTemplate(join, Side.Right, both: false);
        _disorder = Disorder(join);
        _random = new Random(unchecked((run.Seed * 31) + part));
        Rate = rate;
    }

    public double Rate { get; }

    bool KeysAreIds => _left.IdIsKey || _right.IdIsKey;

    /// <summary>How far a record may lie behind the newest, ms.</summary>
    internal static long Disorder(JoinSettings join) => join.MaxOutOfOrdernessMs / 5 * 3;

    public IEnumerable<ChaosRecord> Records(long first)
    {
        for (var i = first; ; i++)
        {
            // Later than the bound it would be late, and lateness is to explain nothing.
            if (_again is not null && _random.Next(20) == 0)
            {
                var again = _again;
                _again = null;
                if (Newest(i) - again.Time <= _join.MaxOutOfOrdernessMs)
                {
                    yield return again;
                    continue;
                }
            }

            var record = IsLeft(i) ? Left(i) : Right(i);
            if (_again is null && _random.Next(1_000) < AgainPermille && Template(record.Side).HasId)
                _again = record;
            yield return record;
        }
    }

    long Newest(long i) => _run.StartMs + (long)(i * _run.StepMs);

    RecordTemplate Template(Side side) => side == Side.Left ? _left : _right;

    bool IsLeft(long i) => _one || (KeysAreIds ? i % 2 == 0 : _random.Next(100) < LeftPercent);

    ChaosRecord Left(long i)
    {
        var key = KeysAreIds ? i : Key();
        var time = Newest(i) - Random(_disorder);
        _recent[_lefts++ % RecentLefts] = (key, time);
        return _left.Make(IsNull() ? null : key, time, i, _random);
    }

    ChaosRecord Right(long i)
    {
        var (key, time) = (KeysAreIds ? i : Key(), Newest(i) - Random(_disorder));
        if (_lefts > 0 && (KeysAreIds || _random.Next(100) < PartnerPercent))
        {
            // Most partners are recent, so that a narrow window is met too.
            var back = KeysAreIds ? 0 : _random.Next(1 << _random.Next(1, 13)) % Math.Min(_lefts, RecentLefts);
            var partner = _recent[(_lefts - 1 - back) % RecentLefts];
            key = partner.Key;
            var (from, to) =
                (Math.Max(partner.Time - _join.BeforeMs, Newest(i) - _disorder), Math.Min(partner.Time + _join.AfterMs, Newest(i)));
            if (from <= to)
                time = from + Random(to - from);
        }

        return _right.Make(IsNull() ? null : key, time, i, _random);
    }

    bool IsNull() => !KeysAreIds && _random.Next(1_000) < NullKeyPermille;

    long Key() => _random.Next(1_000) < HotPermille ? _random.Next(HotKeys) : HotKeys + _random.NextInt64(_run.Keys);

    long Random(long upTo) => _random.NextInt64(upTo + 1);
}
