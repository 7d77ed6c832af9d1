using System.Globalization;

namespace AkkaJoin.Cockpit.Text;

/// <summary>A count with its noun, such as "1 dead letter" and "1,235 dead letters".</summary>
static class CountText
{
    /// <summary>The count with thousands separators, and <paramref name="one"/> with an s where it is not 1.</summary>
    internal static string Of(long count, string one) => Of(count, one, one + "s");

    /// <summary>The count with thousands separators, and the noun in the right number.</summary>
    internal static string Of(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
