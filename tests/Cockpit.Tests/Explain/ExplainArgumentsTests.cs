using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Palettes;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Explain;

public sealed class ExplainArgumentsTests
{
    [Theory]
    [InlineData("0:17", null, RecordReferenceKind.Position, "0:17")]
    [InlineData("right:3:5", "right", RecordReferenceKind.Position, "3:5")]
    [InlineData("id=a:1", null, RecordReferenceKind.Id, "a:1")]
    [InlineData("left:id=7", "left", RecordReferenceKind.Id, "7")]
    [InlineData("42", null, RecordReferenceKind.Key, "42")]
    [InlineData("key=0:17", null, RecordReferenceKind.Key, "0:17")]
    [InlineData("[\"a\",1]", null, RecordReferenceKind.Key, "[\"a\",1]")]
    [InlineData("a:b", null, RecordReferenceKind.Key, "a:b")]
    [InlineData("0:99999999999999999999", null, RecordReferenceKind.Key, "0:99999999999999999999")]
    public void A_record_is_named_by_position_id_or_key(string text, string? side, object kind, string rest)
    {
        var reference = RecordReference.Parse(text);
        Assert.Equal(
            (side, (RecordReferenceKind)kind, rest), (reference.Side?.ToString().ToLowerInvariant(), reference.Kind, reference.Text));
    }

    [Fact]
    public void A_right_that_is_named_first_goes_to_its_side()
    {
        var request = ExplainArguments.Read(Call(("left", "right:0:1"), ("right", "left:0:2")));
        Assert.Equal(("0:2", "0:1"), (request.First.Text, request.Second!.Text));
    }

    [Theory]
    [InlineData("both records are of one side", "left=left:0:1", "right=left:0:2")]
    [InlineData("the argument 'left' is missing", "right=0:2")]
    [InlineData("names no record", "left=right:")]
    [InlineData("'from' is a time such as", "left=0:1", "from=soon")]
    [InlineData("--from is later than --to", "left=0:1", "from=2000", "to=1000")]
    public void What_cannot_be_meant_is_refused(string words, params string[] arguments)
    {
        var call = Call([.. arguments.Select(a => a.Split('=', 2)).Select(a => (a[0], a[1]))]);
        Assert.Contains(words, Assert.Throws<CommandException>(() => ExplainArguments.Read(call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_ISO_or_milliseconds()
    {
        var request = ExplainArguments.Read(Call(("left", "k"), ("from", "2019-11-12T10:00:00Z"), ("to", "1573552800001")));
        Assert.Equal((Samples.Ten, Samples.Ten + 1), (request.FromMs, request.ToMs));
    }

    static CommandCall Call(params (string Name, string Value)[] arguments) =>
        new(arguments.ToDictionary(a => a.Name, a => a.Value), "test", CancellationToken.None);
}
