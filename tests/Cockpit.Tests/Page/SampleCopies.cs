using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Tests.Page;

/// <summary>Late records and dead letters with a text of a test wherever a record has one.</summary>
static class SampleCopies
{
    internal static CopiesReport Late(string text) => new(
        "plays",
        text,
        [
            new CopyReport(0, 7, 1_573_552_801_000, "late")
            {
                Source = new CopiedRecord(Side.Right, "starts", 1, 18, "right:1:18"),
                Key = text,
                Id = text,
                TimeMs = 1_573_552_800_000,
                Lateness = new LatenessReport(75_000, 1_573_552_875_000, text, 2),
                Value = text,
                ValueLength = 40,
            },
        ],
        Read(SearchStop.End, "2 records of plays.late read: all that it holds."));

    /// <summary>Late records as a node tells of them.</summary>
    internal static CopiesReport Late() => new(
        "plays",
        "plays.late",
        [
            Late(7, 18, "[\"m000871\",\"t017\"]", 75_000),
            Late(6, 11, "[\"m002214\",\"t003\"]", 3_200),
            Late(4, 9, "[\"m009005\",\"t121\"]", 640),
        ],
        Read(SearchStop.End, "3 records of plays.late read: all that it holds."));

    internal static CopiesReport Dead(string text) => new(
        "plays",
        text,
        [
            new CopyReport(0, 7, 1_573_552_801_000, text)
            {
                Source = new CopiedRecord(Side.Left, text, 1, 17, Reference: null),
                Key = text,
                Detail = text,
                Cut = "value 2000000",
                ValueLength = 40,
                Value = text,
            },
        ],
        Read(SearchStop.Time, "2 records of plays.dead read, until the limit of time (timeout) stopped the search."));

    static CopyReport Late(long at, long offset, string key, long lateMs) => new(0, at, 1_573_552_801_000 + at, "late")
    {
        Source = new CopiedRecord(Side.Right, "starts", 42, offset, $"right:42:{offset}"),
        Key = key,
        Id = $"p{offset}",
        TimeMs = 1_573_552_800_000,
        Lateness = new LatenessReport(lateMs, 1_573_552_800_000 + lateMs, "starts/42", 0),
        ValueLength = 104,
    };

    static TopicReadReport Read(SearchStop stop, string text) => new(text, 2, stop, [new PartitionRead(0, 0, 6, 8)]);
}
