using Akka.Configuration;
using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Hands a resolved configuration to Akka.</summary>
static class AkkaText
{
    /// <summary>The same values as Akka has them. A key that is null is left out: Akka takes null for a text.</summary>
    /// <exception cref="HoconException">It is more than Akka's own reader takes in a moment.</exception>
    public static Config Parse(HoconObject values)
    {
        var text = HoconPrinter.Print(WithoutNulls(values));
        return text.Length <= ReadingLimits.AkkaCharacters
            ? ConfigurationFactory.ParseString(text)
            : throw new HoconException(
                $"what stands beside akkajoin has more than {ReadingLimits.AkkaCharacters} characters", values.Origin);
    }

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
