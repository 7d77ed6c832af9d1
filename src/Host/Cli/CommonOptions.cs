using System.CommandLine;
using System.Globalization;

namespace AkkaJoin.Host.Cli;

/// <summary>Options that several verbs have.</summary>
static class CommonOptions
{
    /// <summary>A whole number; what is none is refused in words of the command line.</summary>
    public static Option<int> Number(string name, string helpName, string description, int standard) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                argument.AddError($"{name} must be a whole number; it is '{text}'");
            return number;
        },
    };

    /// <summary>A number, whole or not.</summary>
    public static Option<double> Decimal(string name, string helpName, string description, double standard) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
            if (!double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var number))
                argument.AddError($"{name} must be a number; it is '{text}'");
            return number;
        },
    };

    /// <summary>One of several words.</summary>
    public static Option<string> Word(string name, string helpName, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => words[0] };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && !words.Contains(token.Value, StringComparer.OrdinalIgnoreCase))
                given.AddError($"{name} must be {string.Join(", ", words[..^1])} or {words[^1]}; it is '{token.Value}'");
        });
        return option;
    }

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };
}
