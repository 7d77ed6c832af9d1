namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>What the settings may not exceed, so that no configuration takes more than a moment to be read or refused.</summary>
static class ReadingLimits
{
    /// <summary>The most errors that are looked for; the rest waits for the next try.</summary>
    public const int Problems = 100;

    /// <summary>The most joins of one process.</summary>
    public const int Joins = 256;

    /// <summary>The most elements of a list of texts.</summary>
    public const int ListItems = 1_000;

    /// <summary>The most characters of a text, or of an element of a list of texts.</summary>
    public const int TextCharacters = 4_096;

    /// <summary>The most characters that a value has in a message; the rest is left out.</summary>
    public const int ShownCharacters = 200;

    /// <summary>The most characters of one part of a message.</summary>
    public const int MessageCharacters = 2_000;

    /// <summary>The longest word for which one is looked for that was meant.</summary>
    public const int WordCharacters = 100;

    /// <summary>The most bytes of a file that holds one value.</summary>
    public const int ValueFileBytes = 64 * 1024;

    /// <summary>The most characters of what stands beside akkajoin and is handed to Akka, written out.</summary>
    public const int AkkaCharacters = 256 * 1024;
}
