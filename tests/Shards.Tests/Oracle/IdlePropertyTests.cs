using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>Idle partitions: what a key group makes of its events, against brute force that knows the rules.</summary>
public sealed class IdlePropertyTests
{
    [Fact]
    public void Claims_of_idleness_do_what_brute_force_does() => Seeds.Check(6_000, (random, _) =>
    {
        var play = new Play(random);
        for (var i = random.Next(1, 40); i > 0; i--)
            play.Step();
    });

    [Fact]
    public void A_row_that_a_claim_makes_due_brings_an_event_about() => Seeds.Check(2_000, (random, _) =>
    {
        var play = new Play(random);
        for (var i = random.Next(1, 40); i > 0; i--)
            play.Step();
        for (var i = 0; i < 20; i++)
            play.ClaimAlone();
    });

    [Fact]
    public void A_journal_with_claims_replayed_from_a_snapshot_gives_the_same_snapshot() => Seeds.Check(800, (random, _) =>
    {
        var play = new Play(random);
        for (var i = random.Next(1, 30); i > 0; i--)
            play.Step();
        if (play.Group.Journal.Count == 0)
            return;
        var restartAfter = random.Next(play.Group.Journal.Count);
        var group = new TestKeyGroup(play.Definition).Group;
        for (var i = 0; i < play.Group.Journal.Count; i++)
        {
            group.Apply(i + 1, play.Group.Journal[i]);
            group.Confirm(i + 1);
            if (i == restartAfter)
                group = new TestKeyGroup(play.Definition, group.TakeSnapshot()).Group;
        }

        Assert.Equal(play.Group.Group.TakeSnapshot(), group.TakeSnapshot());
    });

    sealed class Play
    {
        readonly Random _random;
        readonly RandomCase _case;
        readonly TimeOracle _time;
        readonly JoinOracle _oracle;
        readonly Dictionary<(PartitionId, long), TestRecord> _records = [];
        readonly List<Tick> _pending = [];
        int _compared;

        internal Play(Random random)
        {
            _random = random;
            _case = new RandomCase(random, random.Next(2) == 0);
            Definition = _case.Definition with
            {
                Idle = random.Next(5) switch { 0 => IdlePolicy.Wait, 1 => IdlePolicy.Exclude, _ => IdlePolicy.WallClock },
                IdleTimeoutMs = random.Next(1, 300),
                MaxOutOfOrdernessMs = random.Next(0, 50),
            };
            Group = new TestKeyGroup(Definition);
            _time = new TimeOracle(Definition);
            _oracle = JoinOracle.Of(Definition);
        }

        internal JoinDefinition Definition { get; }

        internal TestKeyGroup Group { get; }

        internal void Step()
        {
            var batches = _case.Batches();
            foreach (var record in batches.SelectMany(batch => batch.Records))
                _records[(new PartitionId(record.Side, 0, record.Partition), record.Offset)] = record;
            var claims = _case.Claims();
            _pending.AddRange(claims);
            Compare(Group.Event(batches, [.. _case.Ticks(), .. claims]));
        }

        // Whether it makes a row due is asked of a copy that takes the claims with an event in any case.
        internal void ClaimAlone()
        {
            if (Group.Group.Definition is null)
                return;
            var claims = _case.Claims();
            var copy = new TestKeyGroup(Definition, Group.Group.TakeSnapshot(), standing: Group.Standing);
            _pending.AddRange(claims);
            copy.Group.Offer(new DeliverTicks(0, [.. _pending], Flush: false), this);
            var expected = copy.Raise(null, null);
            var rows = Group.Event([], claims);
            Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
            Compare(rows);
        }

        void Compare(List<string> rows)
        {
            if (Group.Journal.Count == _compared)
            {
                Assert.Empty(rows);
                return;
            }

            _compared++;
            _pending.Clear();
            var expected = Apply(Group.Journal[^1]);
            Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
            var times = Group.Group.Clocks.Times;
            Assert.Equal((Clamp(_time.Left), Clamp(_time.Right)), (times.Left, times.Right));
        }

        static long Clamp(long time) => Math.Max(time, SideWatermarks.None);

        List<string> Apply(byte[] bytes)
        {
            var content = EventCodec.Read(bytes);
            var headers = content.BatchStarts.Select(start => (start, BatchHeader.Read(bytes.AsSpan(start)))).ToList();
            foreach (var (_, header) in headers)
                _time.HearOf(header.Side, header.PartitionCount);
            foreach (var tick in content.Ticks.Where(tick => !tick.IsClaim))
                _time.HearOf(tick.Partition.Side, tick.PartitionCount);
            var records = new List<TestRecord>();
            foreach (var (start, header) in headers)
            {
                var position = start + BatchHeader.Size;
                for (var i = 0; i < header.Count; i++)
                {
                    var record = RecordView.Read(bytes, position, header);
                    records.Add(_records[(header.PartitionId, record.Offset)]);
                    position = record.Next;
                }

                _time.Raise(header.PartitionId, header.To, header.Watermark);
            }

            foreach (var tick in content.Ticks.Where(tick => !tick.IsClaim))
                _time.Raise(tick.Partition, tick.To, tick.Watermark, tick.ClockMs);
            foreach (var claim in content.Ticks.Where(tick => tick.IsClaim))
                _time.Claim(claim);
            return _oracle.Event(records, () => _time.End(_oracle.Cap));
        }
    }
}
