using AkkaJoin.Cockpit.Client;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Client;

public sealed class NodeAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:9110", "http://127.0.0.1:9110/")]
    [InlineData("localhost:1", "http://localhost:1/")]
    [InlineData("node-1.example:9110", "https://node-1.example:9110/")]
    [InlineData("http://node-1:80", "http://node-1/")]
    [InlineData("https://[::1]:9110/", "https://[::1]:9110/")]
    [InlineData("http://127.0.0.1:5000/ops/join", "http://127.0.0.1:5000/ops/join/")]
    [InlineData("localhost:5000/ops/", "http://localhost:5000/ops/")]
    [InlineData("node-1:5000/ops", "https://node-1:5000/ops/")]
    public void Beyond_this_machine_an_address_means_tls(string text, string expected) =>
        Assert.Equal(expected, NodeAddress.Parse(text)!.Uri.ToString());

    [Theory]
    [InlineData("9110")]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("ftp://host:1")]
    [InlineData("host:1/ops?a=b")]
    [InlineData("host/ops:1")]
    public void What_is_no_address_is_none(string text) => Assert.Null(NodeAddress.Parse(text));

    [Fact]
    public void The_owner_of_a_listener_is_read_from_the_table_of_sockets()
    {
        string[] lines =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:2396 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123 1 0 100 0 0 10 0",
            "   1: 0100007F:2396 0100007F:9999 01 00000000:00000000 00:00000000 00000000  2000        0 124 1 0 100 0 0 10 0",
            "   2: 0100007F:2397 00000000:0000 0A 00000000:00000000 00:00000000 00000000  3000        0 125 1 0 100 0 0 10 0",
        ];
        Assert.Equal([1000], ListenerOwner.Owners(lines, 9110));
    }
}
