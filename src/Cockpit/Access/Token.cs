using System.Security.Cryptography;
using System.Text;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Access;

/// <summary>
/// A token of at least 128 bits, kept as its hash. Texts of 22 characters and more are taken: that many characters of
/// base64 are 132 bits.
/// </summary>
/// <param name="Caller">Whose it is.</param>
/// <param name="Hash">SHA-256 of its UTF-8 bytes.</param>
sealed record Token(Caller Caller, byte[] Hash)
{
    internal const int CharactersMin = 22, CharactersMax = 512;

    /// <summary>Draws a token of 256 bits.</summary>
    internal static string Draw() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash of a presented or stored text.</summary>
    internal static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a token from its file.</summary>
    /// <exception cref="UserException">
    /// The file is missing, or others can read it, or what it holds is no token; the exit code is 78.
    /// </exception>
    internal static Token Read(string file, Caller caller) => new(caller, HashOf(TextOf(file, caller.Name)));

    /// <summary>The text of a token's file.</summary>
    /// <inheritdoc cref="Read"/>
    internal static string TextOf(string file, string name)
    {
        const string form = "a token has 22 to 512 visible characters of ASCII. Make one: openssl rand -hex 32";
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersMode) != 0)
                throw Wrong(file, name, $"others can read it: chmod 600 {file}");
            if (new FileInfo(file).Length > 4 * CharactersMax)
                throw Wrong(file, name, $"it holds more than {CharactersMax} characters");
            var text = File.ReadAllText(file).Trim();
            if (text.Length is < CharactersMin or > CharactersMax || text.Any(c => c is <= ' ' or > '~'))
                throw Wrong(file, name, form);
            return text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(file, name, e.Message);
        }
    }

    const UnixFileMode OthersMode = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    static UserException Wrong(string file, string name, string why) =>
        new($"the token '{name}' cannot be read from {file}: {why}", ConfigException.Code);
}
