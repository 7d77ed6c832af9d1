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

    static TopicReadReport Read(SearchStop stop, string text) => new(text, 2, stop, [new PartitionRead(0, 0, 6, 8)]);
}
