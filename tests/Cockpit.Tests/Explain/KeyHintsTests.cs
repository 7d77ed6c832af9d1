using System.Text;
using AkkaJoin.Cockpit.Explain.Reasons;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Explain;

public sealed class KeyHintsTests
{
    [Theory]
    [InlineData("42", "042", "both are one number")]
    [InlineData("1", "1.0", "both are one number")]
    [InlineData("\"a\"", "a", "has quotes around it")]
    [InlineData("de", "DE", "they differ in case")]
    [InlineData("de", " de", "they differ in white space")]
    [InlineData("caf\u00e9", "cafe\u0301", "they differ in Unicode form")]
    [InlineData("Vi\u1ec7t", "Vie\u0323\u0302t", "they differ in Unicode form")]
    [InlineData("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af", "they differ in Unicode form")]
    [InlineData("caf\u00e9 ", "CAFE\u0301", "they differ in case, white space or Unicode form")]
    [InlineData("[\"1\",\"a\"]", "[1,\"a\"]", "part 1: is the text \"1\" on the left and the number 1 on the right")]
    [InlineData("[1,\"a\"]", "[1,\"A\"]", "part 2: they differ in case")]
    [InlineData("[1,\"a\"]", "[1]", "the left key has 2 parts, the right key 1")]
    [InlineData("[1,\"a\"]", "1", "the left key is a list of parts, the other is one value")]
    public void Keys_that_were_meant_to_be_equal_tell_why_they_are_not(string left, string right, string words)
    {
        Assert.Contains(words, KeyHints.Of(Utf8(left), Utf8(right)), StringComparison.Ordinal);
        Assert.NotNull(KeyHints.Of(Utf8(right), Utf8(left)));
    }

    [Theory]
    [InlineData("42", "43")]
    [InlineData("a", "b")]
    [InlineData("[1,\"a\"]", "[1,\"b\"]")]
    [InlineData("[\"\\ud800\"]", "[\"x\"]")]
    public void Keys_that_have_nothing_in_common_tell_nothing(string left, string right)
    {
        Assert.Null(KeyHints.Of(Utf8(left), Utf8(right)));
        Assert.NotEqual(KeyHints.Folded(Utf8(left)), KeyHints.Folded(Utf8(right)));
    }

    [Theory]
    [InlineData("\"DE\"", "de ")]
    [InlineData("[\"1\",\"a\"]", "[1.0,\"A\"]")]
    public void Near_misses_have_one_folded_form(string left, string right) =>
        Assert.Equal(KeyHints.Folded(Utf8(left)), KeyHints.Folded(Utf8(right)));

    [Fact]
    public void Bytes_that_are_no_text_are_shown_as_such()
    {
        Assert.Equal("0xff00", Names.Key([0xFF, 0]));
        Assert.Equal("0x1b5b", Names.Key([0x1B, 0x5B]));
        Assert.Equal("2 bytes 3432", Names.Hex(Utf8("42")));
        Assert.Equal("<b>", Names.Key(Utf8("<b>")));
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
