using System.Text;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class OutputIdTests
{
    [Theory]
    [InlineData("a2bff402e3b34ba4-7-2-0", "a2bff402e3b34ba4", 7, 2L, 0)]
    [InlineData("a-b-7-9223372036854775807-2147483647", "a-b", 7, long.MaxValue, int.MaxValue)]
    public void An_id_has_four_parts(string text, string journalId, int group, long sequence, int index)
    {
        Assert.True(OutputId.TryParse(Encoding.UTF8.GetBytes(text), out var id));
        Assert.Equal((journalId, group, sequence, index), (Encoding.UTF8.GetString(id.Incarnation), id.Group, id.Sequence, id.Index));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1-2-3")]
    [InlineData("j-1-2-x")]
    [InlineData("j-1-2-3x")]
    [InlineData("j-1--3")]
    [InlineData("j-4294967296-2-3")]
    [InlineData("j-1-2-4294967296")]
    public void What_others_write_is_none(string text) => Assert.False(OutputId.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
