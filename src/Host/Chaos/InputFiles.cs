using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// The user's own records, one JSON object a line, in two files: each is fed in its order, both abreast in event time.
/// They were read once before, so that a line that could not be decoded, or would be late, is refused with its number
/// and not found out at the end.
/// </summary>
sealed class InputFiles : IRecordSource
{
    // The feed is to last as long as the faults do.
    const double ShareOfTime = 0.9;

    readonly JoinSettings _join;
    readonly string[] _files;
    readonly PastRun? _past;

    /// <param name="join">The join, whose settings say where key, time and id are.</param>
    /// <param name="files">The lefts and the rights.</param>
    /// <param name="rateMax">The most events a second.</param>
    /// <param name="seconds">How long the run lasts.</param>
    /// <param name="past">The run that goes on, or null.</param>
    /// <exception cref="UserException">A line cannot be fed.</exception>
    internal InputFiles(JoinSettings join, string[] files, double rateMax, double seconds, PastRun? past)
    {
        (_join, _files, _past) = (join, files, past);
        var lines = Check(Side.Left) + Check(Side.Right) - (past?.NextEvent((int)rateMax) ?? 0);
        Rate = Math.Clamp(lines / (ShareOfTime * seconds), 1, rateMax);
    }

    public double Rate { get; }

    public IEnumerable<ChaosRecord> Records(long first)
    {
        using var left = Lines(Side.Left).GetEnumerator();
        using var right = Lines(Side.Right).GetEnumerator();
        var (hasLeft, hasRight) = (left.MoveNext(), right.MoveNext());
        for (var i = 0L; hasLeft || hasRight; i++)
        {
            var isLeft = hasLeft && (!hasRight || left.Current.Time <= right.Current.Time);
            var record = isLeft ? left.Current : right.Current;
            if (isLeft)
                hasLeft = left.MoveNext();
            else
                hasRight = right.MoveNext();

            // What an earlier part fed is left out; so is what would be late since it closed time.
            if (i >= first && record.Time >= ((isLeft ? _past?.LateBelowLeft : _past?.LateBelowRight) ?? long.MinValue))
                yield return record;
        }
    }

    string File(Side side) => _files[(int)side];

    /// <returns>How many lines there are.</returns>
    long Check(Side side)
    {
        var source = _join.Source(side);

        // A decoder of the user's finds what it finds in a value alone, or says so with the line.
        if (source.Format == "raw" || (source.Format == "json" && !IsOfValue(source)))
        {
            throw new UserException(
                $"--input: key, time and id of {source.Topic} must be fields of the value; a line of a file has no key, "
                + "timestamp or headers of its own",
                ExitCodes.Usage);
        }

        var (newest, newestLine, line) = (long.MinValue, 0L, 0L);
        foreach (var record in Lines(side))
        {
            line++;
            if (record.Time > newest)
                (newest, newestLine) = (record.Time, line);
            if (record.Time < newest - _join.MaxOutOfOrdernessMs)
            {
                throw new UserException(
                    $"{File(side)}, line {line}: its time lies {newest - record.Time} ms behind that of line {newestLine}, "
                    + $"max-out-of-orderness is {_join.MaxOutOfOrdernessMs} ms: it would be late, and chaos takes no late records. "
                    + "One of the two lines is wrong, or max-out-of-orderness too small",
                    ExitCodes.Usage);
            }
        }

        return line;
    }

    // Whether key, time and id are fields of the value.
    static bool IsOfValue(SourceSettings source) =>
        source.KeyPaths.Count > 0 && source.TimePath is not null && source.IdHeader is null
        && source.KeyPaths.Append(source.TimePath).Append(source.IdPath)
            .All(part => part is null || RecordPart.OriginOf(part) == RecordPartOrigin.Value);

    IEnumerable<ChaosRecord> Lines(Side side)
    {
        // What the join's filter leaves out is fed too: it has a time, and takes its part in the flow.
        var decoder = DecoderFactory.Create(
            _join.Source(side) with { Filter = null }, side == Side.Left ? _join.LeftFields : _join.RightFields);
        var decoded = new DecodedRecord();
        var number = 0L;
        foreach (var line in ReadLines(File(side)))
        {
            number++;
            if (line.Length == 0)
                continue;
            var bytes = System.Text.Encoding.UTF8.GetBytes(line);
            decoded.Clear();
            if (!decoder.Decode(new ConsumedRecord { Value = bytes, KeyIsNull = true, TimestampMs = -1 }, decoded))
                throw new UserException(
                    $"{File(side)}, line {number} cannot be decoded: {decoded.Reason}: {decoded.Detail}", ExitCodes.Usage);
            yield return new ChaosRecord(side, decoded.KeyIsNull ? null : decoded.Key.WrittenSpan.ToArray(), bytes, null, decoded.Time);
        }
    }

    static IEnumerable<string> ReadLines(string file)
    {
        try
        {
            return System.IO.File.ReadLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{file} cannot be read: {e.Message}", ExitCodes.Usage);
        }
    }
}
