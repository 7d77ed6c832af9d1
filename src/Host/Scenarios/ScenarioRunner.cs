using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Runs a case through the real key group: each record a batch of the wire format, each step one journal event that is
/// applied and confirmed. There is one key group, without a journal or a broker.
/// </summary>
sealed class ScenarioRunner
{
    readonly ScenarioCase _case;
    readonly IScenarioInput _left;
    readonly IScenarioInput _right;
    readonly ScenarioRowReader? _ownRows; // null where the configured join writes the rows
    readonly KeyGroup _group;
    readonly List<ScenarioRow> _rows = [];
    readonly Dictionary<string, ScenarioRow> _byId = [];
    readonly List<JsonElement?> _late = [];
    readonly List<ScenarioDifference> _differences = [];
    readonly List<string> _notes;
    int _compared;
    int _step;

    ScenarioRunner(ScenarioCase scenario)
    {
        _case = scenario;
        _notes = [.. scenario.Notes];
        IRowWriter rows;
        if (scenario.Configured is { } join)
        {
            _left = new ConfiguredInput(Side.Left, scenario, Note);
            _right = new ConfiguredInput(Side.Right, scenario, Note);
            rows = RowWriterFactory.Create(join);
        }
        else
        {
            var (left, right) = (new ScenarioInput(Side.Left, scenario), new ScenarioInput(Side.Right, scenario));
            _left = left;
            _right = right;
            _ownRows = new ScenarioRowReader(left, right);
            rows = new ScenarioRowWriter();
        }

        _group = new KeyGroup(0, scenario.Definition, static () => default, _ => rows, new KeyGroupLimits());
        _group.Recovered();
    }

    /// <summary>Runs a case. What it lets out after the last step counts as that step's.</summary>
    internal static ScenarioResult Run(ScenarioCase scenario)
    {
        var runner = new ScenarioRunner(scenario);
        try
        {
            runner.Run();
        }
        catch (MalformedBatchException e)
        {
            return ScenarioResult.Refused(scenario.Name, scenario.Origin, e.Message);
        }

        return new ScenarioResult(
            scenario.Name, scenario.Origin, null, runner._notes, runner._rows, runner._late, runner._differences)
        {
            OlderKeys = scenario.OlderKeys,
        };
    }

    void Run()
    {
        Deliver([.. _left.Announcement(), .. _right.Announcement()], step: 0);
        for (var i = 0; i < _case.Steps.Count; i++)
        {
            _step = i;
            switch (_case.Steps[i])
            {
                case InputStep record:
                    Deliver(Input(record.Side).Batch(record), i);
                    break;
                case WatermarkStep watermark:
                    Advance(Watermark(watermark.Left), Watermark(watermark.Right), i);
                    break;
                case ExpectStep expect:
                    Compare(expect, i);
                    break;
            }
        }

        Advance(SideWatermarks.End, SideWatermarks.End, Math.Max(0, _case.Steps.Count - 1));
    }

    void Note(string text) => _notes.Add(string.Create(CultureInfo.InvariantCulture, $"step {_step}: {text}"));

    IScenarioInput Input(Side side) => side == Side.Left ? _left : _right;

    // The end of the input lies beyond every time, the highest plus a window included.
    static long Watermark(long? time) => time switch
    {
        null => SideWatermarks.None,
        TimeLimits.Max => SideWatermarks.End,
        _ => time.Value,
    };

    void Deliver(byte[] batches, int step)
    {
        _group.Offer(new Deliver(0, batches), this);
        ApplyNext(step);
    }

    void Advance(long left, long right, int step)
    {
        _group.Offer(new EndInput(0, left, right), this);
        ApplyNext(step);
    }

    void ApplyNext(int step)
    {
        var bytes = _group.NextEvent() ?? throw new InvalidOperationException($"step {step} gives no event");
        var outputs = _group.Apply(_group.Sequence + 1, bytes);
        Read(outputs, step);
        _group.Confirm(_group.IncarnationText, _group.Sequence);
        _group.AnswerConfirmed();
        _group.Replies.Clear();
    }

    void Read(byte[] outputs, int step)
    {
        var reader = OutputEncoding.Read(outputs);
        while (reader.MoveNext())
        {
            if (reader.Kind == RowKind.LateRecord)
                _late.Add(LateId(reader.Headers));
            else if (reader.Kind != RowKind.IdConflict)
                Add(reader, step);
        }
    }

    void Add(in OutputReader reader, int step)
    {
        var row = _ownRows is { } own ? own.Read(reader.Value, step) : ScenarioRow.Written(reader.Value, reader.ValueIsNull, step);
        var superseded = TopicHeaders.Find(reader.Headers, OutputHeaders.Supersedes) is { } ids
            ? Encoding.UTF8.GetString(ids).Split(',').Select(id => _byId[id]).ToList()
            : [];
        _byId.Add(new RowId(_group.IncarnationText, _group.Sequence, reader.Index).Text(_group.Number), row);
        _rows.Add(row.Repaired(superseded));
    }

    JsonElement? LateId(ReadOnlySpan<byte> headers)
    {
        var (side, partition, offset) = (Side.Left, 0, 0L);
        var reader = HeaderEncoding.Read(headers);
        while (reader.MoveNext())
        {
            var value = Encoding.UTF8.GetString(reader.Value);
            switch (Encoding.UTF8.GetString(reader.Name))
            {
                case OutputHeaders.Side:
                    side = value == "left" ? Side.Left : Side.Right;
                    break;
                case OutputHeaders.SourcePartition:
                    partition = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case OutputHeaders.SourceOffset:
                    offset = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
            }
        }

        return Input(side).IdAt(partition, offset);
    }

    // As multisets: what is expected once and came twice is unexpected once.
    void Compare(ExpectStep expect, int step)
    {
        var missing = expect.Rows.ToList();
        var unexpected = new List<ScenarioRow>();
        foreach (var row in _rows.Skip(_compared))
        {
            var index = missing.FindIndex(expected => expected.Canonical == row.Canonical);
            if (index < 0)
                unexpected.Add(row);
            else
                missing.RemoveAt(index);
        }

        _compared = _rows.Count;
        if (missing.Count + unexpected.Count > 0)
            _differences.Add(new ScenarioDifference(step, missing, unexpected));
    }
}
