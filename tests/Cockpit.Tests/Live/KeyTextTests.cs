using System.Text;
using AkkaJoin.Cockpit.Live;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Live;

public sealed class KeyTextTests
{
    [Theory]
    [InlineData("[id]", "42", "42")]
    [InlineData("[id]", "[42]", "[42]")]
    [InlineData("[id]", "0x6162", "ab")]
    [InlineData("[id, tenant]", " [ \"a\" , 1.50 ] ", "[\"a\",1.50]")]
    [InlineData("[id, tenant]", "[\"\\u0061\\n\",true]", "[\"a\\n\",true]")]
    public void A_key_is_read_as_the_decoder_makes_it(string paths, string text, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(KeyText.Parse(SampleJoin.Settings(paths), text)));

    [Theory]
    [InlineData("[id]", "0x616")]
    [InlineData("[id, tenant]", "a")]
    [InlineData("[id, tenant]", "[1]")]
    [InlineData("[id, tenant]", "{\"a\":1}")]
    public void What_is_no_key_of_the_join_says_what_to_write(string paths, string text) =>
        Assert.Throws<CommandException>(() => KeyText.Parse(SampleJoin.Settings(paths), text));
}
