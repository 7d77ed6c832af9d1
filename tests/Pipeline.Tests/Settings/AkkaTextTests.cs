using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

public class AkkaTextTests
{
    [Fact]
    public void Akka_gets_the_values_as_it_expects_them()
    {
        var config = AkkaText.Parse(HoconDocument.Parse("""
            akka {
              loglevel = DEBUG,
              actor { provider = cluster },
              actor.serialization-bindings { "System.Byte[], System.Private.CoreLib" = bytes }
              cluster { seed-nodes = ["akka.tcp://a@127.0.0.1:1"], roles = [], wait = 5 s, on = on, empty {} }
              size = 4 MiB, text = "a \\ \n \"b\"", none = null
            }
            """));

        Assert.Equal("DEBUG", config.GetString("akka.loglevel"));
        Assert.Equal("cluster", config.GetString("akka.actor.provider"));
        Assert.Equal(["akka.tcp://a@127.0.0.1:1"], config.GetStringList("akka.cluster.seed-nodes"));
        Assert.Empty(config.GetStringList("akka.cluster.roles"));
        Assert.Equal(TimeSpan.FromSeconds(5), config.GetTimeSpan("akka.cluster.wait"));
        Assert.True(config.GetBoolean("akka.cluster.on"));
        Assert.Equal("a \\ \n \"b\"", config.GetString("akka.text"));
        Assert.False(config.HasPath("akka.none"));
        Assert.True(config.HasPath("akka.cluster.empty"));
        var bindings = config.GetConfig("akka.actor.serialization-bindings").AsEnumerable().ToList();
        Assert.Equal("System.Byte[], System.Private.CoreLib", Assert.Single(bindings).Key);
    }
}
