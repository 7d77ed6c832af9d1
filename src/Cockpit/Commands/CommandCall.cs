using System.Globalization;

namespace AkkaJoin.Cockpit.Commands;

/// <summary>A command as it was called.</summary>
/// <param name="Arguments">The values that were given, by the parameters' names.</param>
/// <param name="Caller">Who called: the name of the token, or <c>loopback</c>.</param>
/// <param name="Stopping">The caller went away, or the node stops.</param>
sealed record CommandCall(IReadOnlyDictionary<string, string> Arguments, string Caller, CancellationToken Stopping)
{
    /// <summary>Whether the caller may see keys and values; commands of less right leave them out.</summary>
    public bool MaySeeData { get; init; }

    /// <summary>The value of a parameter; null = it was not given.</summary>
    public string? Find(string name) => Arguments.GetValueOrDefault(name);

    /// <summary>Whether a flag was given.</summary>
    public bool Has(string flag) => Find(flag) is not null and not "false";

    /// <summary>The value of a parameter.</summary>
    /// <exception cref="CommandException">It was not given.</exception>
    public string Get(string name) => Find(name) ?? throw new CommandException($"the argument '{name}' is missing");

    /// <summary>A whole number.</summary>
    /// <exception cref="CommandException">It is none, or out of its range.</exception>
    public int Number(string name, int standard, int min, int max)
    {
        if (Find(name) is not { } text)
            return standard;
        var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        return isNumber && number >= min && number <= max
            ? number
            : throw new CommandException($"'{name}' is a whole number from {min} to {max}; it is '{text}'");
    }
}
