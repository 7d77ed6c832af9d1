using System.Text;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Postgresql;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// Reads <c>akkajoin.journal</c>, <c>akkajoin.sqlite</c>, <c>akkajoin.postgresql</c>, <c>akkajoin.clock</c>, and of
/// <c>akkajoin.state</c> what limits them.
/// </summary>
static class JournalSettingsReader
{
    const string Text = "connection-string", File = "connection-string-file";

    /// <summary>Reads the settings.</summary>
    /// <param name="section">The section akkajoin.</param>
    public static JournalSettings Read(Section section)
    {
        var isPostgresql = section.Choice("journal", ("sqlite", false), ("postgresql", true));
        var directory = section.Child("sqlite").RequiredText("directory");
        var postgresql = ReadPostgresql(section.Child("postgresql"), isPostgresql);
        return new JournalSettings
        {
            SqliteDirectory = directory,
            Postgresql = isPostgresql ? postgresql : null,
            Limits = ReadLimits(section.Child("state")),
            ClockIntervalMs = section.Child("clock").Duration("read-interval", 1_000, 3_600_000),
        };
    }

    static JournalLimits ReadLimits(Section section) => new(
        section.Value("recoveries-max") is null ? JournalLimits.Default.RecoveriesMax : section.Number("recoveries-max", 1, 1_000),
        section.Number("snapshots-max", 1, 1_000));

    static PostgresOptions ReadPostgresql(Section section, bool isUsed)
    {
        var timeout = section.Duration("connect-timeout", 100, 3_600_000);
        return new PostgresOptions(
            isUsed ? ReadConnectionString(section) : "",
            ReadSchema(section),
            section.Flag("create-schema"),
            TimeSpan.FromMilliseconds(timeout));
    }

    // Never quotes the text, nor Npgsql's message about it: any part of it may be the password.
    static string ReadConnectionString(Section section)
    {
        var key = section.Value(File) is null ? Text : File;
        if (section.Value(Text) is not null && key == File)
        {
            section.Refuse(File, $"and {Text} are both set; one of them is to be null");
            return "";
        }

        var text = key == File ? ReadFile(section) : section.Text(Text);
        if (string.IsNullOrWhiteSpace(text))
        {
            if (!section.IsRefused(key))
            {
                section.Refuse(
                    key,
                    key == File
                        ? "names an empty file"
                        : $"is missing: set it, or {File}, or the environment variable {PostgresOptions.Variable}");
            }

            return "";
        }

        if (PostgresJournal.Refusal(text) is { } refusal)
            section.Refuse(key, refusal);
        return text;
    }

    static string ReadFile(Section section)
    {
        var path = section.RequiredText(File);
        try
        {
            if (section.IsRefused(File)) return "";
            if (RegularFile.Read(path, ReadingLimits.ValueFileBytes) is { } bytes)
                return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF').Trim();
            section.Refuse(File, $"names a file of more than {ReadingLimits.ValueFileBytes} bytes, which is no connection string");
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            section.Refuse(File, $"cannot be read: {e.Message}");
            return "";
        }
    }

    // The schema is written into statements without quotes.
    static string ReadSchema(Section section)
    {
        const string key = "schema";
        var schema = section.RequiredText(key);
        if (schema.Length > 0 && !IsSchema(schema))
            section.RefuseValue(key, "must consist of lower-case letters, digits and _, and not begin with a digit", schema);
        return schema;
    }

    static bool IsSchema(string text) =>
        text.Length <= 63 && (IsLetter(text[0]) || text[0] == '_') && text.All(c => IsLetter(c) || c is '_' or (>= '0' and <= '9'));

    static bool IsLetter(char c) => c is >= 'a' and <= 'z';
}
