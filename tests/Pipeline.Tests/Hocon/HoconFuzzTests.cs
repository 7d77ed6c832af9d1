using System.Text;
using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Shards.Tests.Encodings;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hocon;

/// <summary>Whatever a configuration file holds, it is read or refused with a place.</summary>
public sealed class HoconFuzzTests
{
    static readonly byte[][] Samples =
    [
        .. ((string[])
        [
            """
            akkajoin {
              kafka.bootstrap-servers = "nowhere:1" # why
              joins.take-rate { type = inner, before = 0s, after = 10m, left { topic = impressions, key = [profile, title], time = ts } }
            }
            """,
            "a = 1\na += 2\nb = ${a} ${?c} [ ${a}, 3 ]\nd { e : ${b} }\nd.e.f = ${?HOME}\n\"q\\u0041\".x = \"\"\"raw\"\"\"\n",
            "x { y = 1, z = ${x.y} }\nx = ${x} { w = null }\n// end\n",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    static readonly string[] Words =
    [
        "{", "}", "[", "]", "=", ":", "+=", ",", "\n", "${", "${?", "}", "\"", "\"\"\"", "#", "//", "\\u", "null", ".", "..", "a", "include ", "include file(\"", "required(", "$", "\uFEFF",
        "a = ${a}\n", "a = ${a}${a}\n", "a += 1\n", "{{{{{{{{{{", "[[[[[[[[[[", "a.b.c.d.e.f.g.h=1\n",
    ];

    [Fact]
    public void Texts() => Fuzzer.Run(Samples, Read, Words);

    static void Read(byte[] bytes)
    {
        try
        {
            var tree = HoconDocument.Parse(Encoding.UTF8.GetString(bytes), environment: _ => null);
            Assert.Equal(tree, HoconDocument.Parse(HoconPrinter.Print(tree)));
        }
        catch (HoconException)
        {
            // That is the one.
        }
    }
}
