using System.Text;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Explain;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>Reads the arguments of <c>join explain</c>.</summary>
static class ExplainArguments
{
    internal const string Left = "left", Right = "right", From = "from", To = "to";

    /// <summary>What is asked.</summary>
    /// <exception cref="CommandException">An argument is wrong.</exception>
    internal static ExplainRequest Read(CommandCall call)
    {
        var first = RecordReference.Parse(call.Get(Left));
        var second = call.Find(Right) is { } text ? RecordReference.Parse(text) : null;
        if (second is not null && (first.Side == Side.Right || second.Side == Side.Left))
        {
            if (first.Side == Side.Left || second.Side == Side.Right)
                throw new CommandException("both records are of one side: an explanation is of a left and a right");
            (first, second) = (second, first);
        }

        var request = new ExplainRequest(first, second, Time(call, From), Time(call, To));
        return request.FromMs > request.ToMs ? throw new CommandException("--from is later than --to") : request;
    }

    static long? Time(CommandCall call, string name)
    {
        if (call.Find(name) is not { } text)
            return null;
        var utf8 = Encoding.UTF8.GetBytes(text);
        return EventTime.TryParse(TimeFormat.EpochMillis, utf8, out var ms) || EventTime.TryParse(TimeFormat.Iso8601, utf8, out ms)
            ? ms
            : throw new CommandException($"'{name}' is a time such as 2026-11-29T10:00:00Z, or ms since the epoch; it is '{text}'");
    }
}
