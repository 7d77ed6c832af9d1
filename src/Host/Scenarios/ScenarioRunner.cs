using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Runs a case through the real key group: each record a batch of the wire format, each step one journal event that is applied and
/// confirmed. There is one key group, without a journal or a broker.
/// </summary>
sealed class ScenarioRunner
{
    readonly ScenarioCase _case;
    readonly ScenarioInput _left;
    readonly ScenarioInput _right;
    readonly KeyGroup _group;
    readonly List<ScenarioRow> _rows = [];
    readonly List<JsonElement?> _late = [];
    readonly List<ScenarioDifference> _differences = [];
    int _judged;

    ScenarioRunner(ScenarioCase scenario)
    {
        _case = scenario;
        _left = new ScenarioInput(Side.Left, scenario);
        _right = new ScenarioInput(Side.Right, scenario);
        _group = new KeyGroup(0, scenario.Definition, static () => default, _ => new ScenarioRowWriter(), new KeyGroupLimits());
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
            return ScenarioResult.Refused(scenario.Name, scenario.Place, e.Message);
        }

        return new ScenarioResult(
            scenario.Name, scenario.Place, null, scenario.Notes, runner._rows, runner._late, runner._differences);
    }

    void Run()
    {
        Deliver([.. _left.Announcement(), .. _right.Announcement()], step: 0);
        for (var i = 0; i < _case.Steps.Count; i++)
        {
            switch (_case.Steps[i])
            {
                case RecordStep record:
                    Deliver(Input(record.Side).Batch(record), i);
                    break;
                case WatermarkStep watermark:
                    Close(Watermark(watermark.Left), Watermark(watermark.Right), i);
                    break;
                case ExpectStep expect:
                    Judge(expect, i);
                    break;
            }
        }

        Close(SideWatermarks.End, SideWatermarks.End, Math.Max(0, _case.Steps.Count - 1));
    }

    ScenarioInput Input(Side side) => side == Side.Left ? _left : _right;

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

    void Close(long left, long right, int step)
    {
        _group.Offer(new CloseTime(0, left, right), this);
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
                _late.Add(LateRecord(reader.Headers).ShownId);
            else if (reader.Kind != RowKind.IdConflict)
                _rows.Add(Row(reader.Value, step));
        }
    }

    RecordStep LateRecord(ReadOnlySpan<byte> headers)
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

        return Input(side).RecordAt(partition, offset);
    }

    ScenarioRow Row(ReadOnlySpan<byte> bytes, int step)
    {
        var reader = new ByteReader(bytes);
        var flags = reader.Byte();
        var left = (flags & ScenarioRowWriter.HasLeft) != 0 ? Shown(_left, ref reader) : null;
        var right = (flags & ScenarioRowWriter.HasRight) != 0 ? Shown(_right, ref reader) : null;
        if ((flags & ScenarioRowWriter.IsAttribution) == 0)
            return ScenarioRow.Pair(left, right, step);
        var count = reader.Long();
        var lefts = new JsonElement?[reader.Int()];
        for (var i = 0; i < lefts.Length; i++)
            lefts[i] = Shown(_left, ref reader);
        return ScenarioRow.Attribution(right, lefts, count, step);
    }

    static JsonElement? Shown(ScenarioInput input, ref ByteReader reader) => input.RecordAt(reader.Int(), reader.Long()).Shown;

    // As multisets: what is expected once and came twice is unexpected once.
    void Judge(ExpectStep expect, int step)
    {
        var missing = expect.Rows.ToList();
        var unexpected = new List<ScenarioRow>();
        foreach (var row in _rows.Skip(_judged))
        {
            var index = missing.FindIndex(expected => expected.Canonical == row.Canonical);
            if (index < 0)
                unexpected.Add(row);
            else
                missing.RemoveAt(index);
        }

        _judged = _rows.Count;
        if (missing.Count + unexpected.Count > 0)
            _differences.Add(new ScenarioDifference(step, missing, unexpected));
    }
}
