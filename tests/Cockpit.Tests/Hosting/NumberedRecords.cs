using System.Globalization;
using System.Text.Json.Nodes;

namespace AkkaJoin.Cockpit.Tests.Hosting;

/// <summary>
/// Records with a number each, of an inner join whose rights come up to 10 s after their lefts. Times rise by up to
/// 100 ms.
/// </summary>
static class NumberedRecords
{
    const int Keys = 97;

    /// <summary>Makes the records of a side.</summary>
    internal static List<NumberedRecord> Make(Random random, int count)
    {
        var made = new List<NumberedRecord>();
        var time = 1_000_000L;
        for (var n = 0; n < count; n++)
        {
            time += random.Next(100);
            made.Add(new NumberedRecord(n, random.Next(Keys), time));
        }

        return made;
    }

    /// <summary>The rows that they make, as <see cref="RowOf"/> names them.</summary>
    internal static List<string> Pairs(IEnumerable<NumberedRecord> lefts, IEnumerable<NumberedRecord> rights) =>
    [
        .. from left in lefts
           join right in rights on left.Key equals right.Key
           where right.Time >= left.Time && right.Time <= left.Time + 10_000
           select $"{left.Number}-{right.Number}",
    ];

    /// <summary>Which records a row joins, by their numbers.</summary>
    /// <param name="row">Its JSON.</param>
    internal static string RowOf(ReadOnlySpan<byte> row)
    {
        var json = JsonNode.Parse(row)!;
        return $"{json["left"]!["n"]}-{json["right"]!["n"]}";
    }
}

/// <summary>A record with a number.</summary>
/// <param name="Number">Its number among those of its side.</param>
/// <param name="Key">Its key.</param>
/// <param name="Time">Its event time, ms.</param>
sealed record NumberedRecord(int Number, int Key, long Time)
{
    /// <summary>The record as its source gives it.</summary>
    internal string Json => string.Create(CultureInfo.InvariantCulture, $$"""{"k":"{{Key}}","t":{{Time}},"n":{{Number}}}""");
}
