using System.Globalization;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>How a search of a topic ended.</summary>
/// <param name="Topic">The topic.</param>
sealed record SearchEnd(string Topic)
{
    /// <summary>Records that were read.</summary>
    public long Records { get; init; }

    /// <summary>Why it ended.</summary>
    public SearchStop Stop { get; init; }

    /// <summary>Whether it began with the first record that the topic holds.</summary>
    public bool BeginsWithLog { get; init; } = true;

    /// <summary>Whether it is of an output topic, in which nobody says where to look.</summary>
    public bool IsOfOutput { get; init; }

    /// <summary>Whether no limit ended it.</summary>
    internal bool IsComplete => Stop is SearchStop.End or SearchStop.Found;

    /// <summary>Whether the topic was read from its first record to its end.</summary>
    internal bool IsWhole => BeginsWithLog && Stop == SearchStop.End;

    /// <summary>What was read, in a sentence.</summary>
    internal string Describe()
    {
        if (Stop == SearchStop.NoTopic)
            return "rows go to a reader in the application, and stand in no topic";
        var from = (IsOfOutput, BeginsWithLog) switch
        {
            (true, true) => "from the records' time on",
            (true, false) => "what lay before is deleted,",
            (false, true) => "from its first record",
            _ => "from a later record than its first",
        };
        var to = Stop switch
        {
            SearchStop.End => "to the end",
            SearchStop.Found => "until the record was found",
            SearchStop.Records => "until the limit of records stopped the search",
            SearchStop.Bytes => "until the limit of bytes stopped the search",
            _ => "until the limit of time stopped the search",
        };
        var advice = IsOfOutput || (IsComplete && BeginsWithLog) ? "" : "; --from and --to say where to look";
        return string.Create(CultureInfo.InvariantCulture, $"{CountText.Of(Records, "record")} of {Topic} read, {from} {to}{advice}");
    }
}
