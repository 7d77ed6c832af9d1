using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Decoding;

public sealed class EventTimeTests
{
    [Theory]
    [InlineData(TimeFormat.EpochMillis, "1573552530123", 1573552530123L)]
    [InlineData(TimeFormat.EpochMillis, "-1", -1L)]
    [InlineData(TimeFormat.EpochMillis, "9007199254740991", 9007199254740991L)]
    [InlineData(TimeFormat.EpochMillis, "9007199254740992", null)]
    [InlineData(TimeFormat.EpochMillis, "1.5", null)]
    [InlineData(TimeFormat.EpochMillis, "1e3", null)]
    [InlineData(TimeFormat.EpochMillis, "", null)]
    [InlineData(TimeFormat.EpochMillis, "12x", null)]
    [InlineData(TimeFormat.EpochSeconds, "1573552530.123", 1573552530123L)]
    [InlineData(TimeFormat.EpochSeconds, "1573552530.1239", 1573552530123L)]
    [InlineData(TimeFormat.EpochSeconds, "-0.0001", -1L)]
    [InlineData(TimeFormat.EpochSeconds, "1.5e3", 1500000L)]
    [InlineData(TimeFormat.EpochSeconds, "9007199254740.991", 9007199254740991L)]
    [InlineData(TimeFormat.EpochSeconds, "9007199254740.992", null)]
    [InlineData(TimeFormat.EpochSeconds, "1e400", null)]
    [InlineData(TimeFormat.EpochSeconds, "1 ", null)]
    [InlineData(TimeFormat.EpochMicros, "1573552530123999", 1573552530123L)]
    [InlineData(TimeFormat.EpochMicros, "-1", -1L)]
    [InlineData(TimeFormat.EpochMicros, "-1000", -1L)]
    [InlineData(TimeFormat.EpochMicros, "99999999999999999999", null)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T09:55:30.123Z", 1573552530123)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T09:55:30.1239999999999999Z", 1573552530123)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T09:55:30.123", 1573552530123L)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12 10:55:30,123+01:00", 1573552530123)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T10:55:30.123+01", 1573552530123)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T05:25:30.123-0430", 1573552530123L)]
    [InlineData(TimeFormat.Iso8601, "1970-01-01", 0L)]
    [InlineData(TimeFormat.Iso8601, "1970-01-01T00:01", 60000L)]
    [InlineData(TimeFormat.Iso8601, "0001-01-01T00:00:00Z", -62135596800000)]
    [InlineData(TimeFormat.Iso8601, "2020-02-29T00:00:00Z", 1582934400000)]
    [InlineData(TimeFormat.Iso8601, "2019-02-29T00:00:00Z", null)]
    [InlineData(TimeFormat.Iso8601, "2019-13-01", null)]
    [InlineData(TimeFormat.Iso8601, "0000-01-01", null)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T24:00:00Z", null)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T09:55:30.Z", null)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T09:55:30+1", null)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T09:55:30+01:", null)]
    [InlineData(TimeFormat.Iso8601, "2019-11-12T09:55:30Zx", null)]
    [InlineData(TimeFormat.Iso8601, "1573552530123", null)]
    public void Times_are_read_to_the_millisecond(TimeFormat format, string text, long? expected) =>
        Assert.Equal(expected, EventTime.TryParse(format, Encoding.UTF8.GetBytes(text), out var time) ? time : null);
}
