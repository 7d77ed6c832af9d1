using Akka.Configuration;
using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Hands a resolved configuration to Akka.</summary>
static class AkkaText
{
    /// <summary>The same values as Akka has them. A key that is null is left out: Akka takes null for a text.</summary>
    public static Config Parse(HoconObject values) => ConfigurationFactory.ParseString(HoconPrinter.Print(WithoutNulls(values)));

    static HoconObject WithoutNulls(HoconObject values)
    {
        var kept = new HoconObject(values.Origin);
        foreach (var (key, value) in values.Fields)
        {
            if (value is not HoconNull) kept.Set(key, value is HoconObject o ? WithoutNulls(o) : value);
        }

        return kept;
    }
}
