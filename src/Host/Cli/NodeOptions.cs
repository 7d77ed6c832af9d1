using System.CommandLine;
using System.CommandLine.Parsing;
using AkkaJoin.Cockpit.Client;

namespace AkkaJoin.Host.Cli;

/// <summary>The node that a verb asks, and how: its address, the time-out, the token, and TLS.</summary>
sealed class NodeOptions
{
    const int TimeoutSeconds = 15;
    readonly Argument<NodeAddress>? _argument;
    readonly Option<NodeAddress>? _option;
    readonly Option<int> _timeout;
    readonly Option<string?> _token = File("--token-file", "The file of the token to show; also AKKAJOIN_TOKEN_FILE");
    readonly Option<string?> _authority = File("--ca-file", "The authority of the node's certificate, PEM; also AKKAJOIN_CA_FILE");
    readonly Option<string?> _certificate = File("--certificate-file", "A client certificate to show, PEM");
    readonly Option<string?> _key = File("--key-file", "Its private key, PEM");

    /// <summary>The options of a verb.</summary>
    /// <param name="isOption">Whether <c>--node</c> names the node: the verb has arguments of its own.</param>
    /// <param name="timeoutSeconds">How long it waits where nothing else is said, seconds.</param>
    internal NodeOptions(bool isOption = false, int timeoutSeconds = TimeoutSeconds)
    {
        const string Description = "The HTTP port of a node; https unless it is this machine";
        if (isOption)
        {
            _option = new Option<NodeAddress>("--node")
            {
                Description = Description,
                HelpName = "HOST:PORT",
                DefaultValueFactory = _ => NodeAddress.Standard,
                CustomParser = ParseAddress,
            };
        }
        else
        {
            _argument = new Argument<NodeAddress>("HOST:PORT")
            {
                Description = Description,
                DefaultValueFactory = _ => NodeAddress.Standard,
                CustomParser = ParseAddress,
            };
        }

        _timeout = CommonOptions.Number("--timeout", "SECONDS", "How long to wait for the answer", timeoutSeconds);
        _timeout.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && int.TryParse(token.Value, out var seconds) && seconds is < 1 or > 3_600)
                given.AddError($"--timeout must be 1 to 3600 seconds; it is '{token.Value}'");
        });
    }

    /// <summary>Adds them to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="withAddress">Whether the node's address is added too.</param>
    internal void AddTo(Verb verb, bool withAddress = true)
    {
        if (withAddress && _argument is not null)
            verb.Add(_argument);
        if (withAddress && _option is not null)
            verb.Add(_option);
        verb.Add(_timeout);
        foreach (var file in new[] { _token, _authority, _certificate, _key })
            verb.Add(file);
    }

    /// <summary>The node's address.</summary>
    internal NodeAddress Address(ParseResult parsed) =>
        _option is not null ? parsed.GetValue(_option)! : parsed.GetValue(_argument!)!;

    /// <summary>A client of the node.</summary>
    /// <exception cref="Pipeline.UserException">A file cannot be read.</exception>
    internal CockpitClient Client(ParseResult parsed) => Client(parsed, Address(parsed));

    /// <inheritdoc cref="Client(ParseResult)"/>
    /// <param name="parsed">The command line.</param>
    /// <param name="address">The node's address.</param>
    internal CockpitClient Client(ParseResult parsed, NodeAddress address) => new(
        address,
        new ClientOptions(
            parsed.GetValue(_token) ?? Variable(ClientOptions.TokenVariable),
            parsed.GetValue(_authority) ?? Variable(ClientOptions.AuthorityVariable),
            parsed.GetValue(_certificate),
            parsed.GetValue(_key)),
        TimeSpan.FromSeconds(parsed.GetValue(_timeout)));

    static NodeAddress ParseAddress(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (NodeAddress.Parse(text) is { } parsed)
            return parsed;
        argument.AddError($"HOST:PORT is an address such as {NodeAddress.Standard}; it is '{text}'");
        return NodeAddress.Standard;
    }

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
