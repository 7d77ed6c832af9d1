using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

public class QuantitiesTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("250", 250)]
    [InlineData("-250", -250)]
    [InlineData("500 ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("0.5s", 500)]
    [InlineData("5 minutes", 300_000)]
    [InlineData("-1m", -60_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData(" 2 days ", 172_800_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("3000us", 3)]
    [InlineData("5000000 ns", 5)]
    [InlineData("9007199254740991", 9_007_199_254_740_991)]
    public void A_duration_is_read_in_ms(string text, long expected)
    {
        Assert.True(Durations.TryParse(text, out var ms));
        Assert.Equal(expected, ms);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("ten seconds")]
    [InlineData("10 parsecs")]
    [InlineData("1us")]
    [InlineData("0.1")]
    [InlineData("1.2.3s")]
    [InlineData("--1s")]
    [InlineData("10s 5")]
    [InlineData("99999999999999999999")]
    [InlineData("99999999999999999999999999999999999999s")]
    [InlineData("9223372036854775807d")]
    [InlineData("1e3")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("100", 100)]
    [InlineData("64 KiB", 65_536)]
    [InlineData("64k", 65_536)]
    [InlineData("4 MiB", 4_194_304)]
    [InlineData("1.5M", 1_572_864)]
    [InlineData("1 MB", 1_000_000)]
    [InlineData("2 kB", 2_000)]
    [InlineData("1g", 1_073_741_824)]
    [InlineData("7 bytes", 7)]
    public void A_size_is_read_in_bytes(string text, long expected)
    {
        Assert.True(Sizes.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("0.5")]
    [InlineData("1 MiBs")]
    [InlineData("9223372036854775807 GiB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(Sizes.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(1, "1 ms")]
    [InlineData(90_000, "90 s")]
    [InlineData(600_000, "10 min")]
    [InlineData(-600_000, "-10 min")]
    [InlineData(172_800_000, "2 d")]
    public void A_duration_is_shown_in_its_largest_whole_unit(long ms, string expected) => Assert.Equal(expected, Durations.Show(ms));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1_025, "1025 bytes")]
    [InlineData(65_536, "64 KiB")]
    [InlineData(1_073_741_824, "1 GiB")]
    public void A_size_is_shown_in_its_largest_whole_unit(long bytes, string expected) => Assert.Equal(expected, Sizes.Show(bytes));

    [Theory]
    [InlineData("befor", "before")]
    [InlineData("ouptut", "output")]
    [InlineData("out-of-orderness", "max-out-of-orderness")]
    [InlineData("Type", "type")]
    [InlineData("colour", null)]
    [InlineData("x", null)]
    public void The_nearest_word_is_found_only_where_it_is_near(string word, string? expected) =>
        Assert.Equal(expected, NearestWord.Find(word, ["type", "before", "after", "output", "max-out-of-orderness", "start"]));
}
