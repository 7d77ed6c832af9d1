namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>The limits of settings. With them, any configuration is read or refused within a moment.</summary>
static class ReadingLimits
{
    /// <summary>The most errors that one reading reports.</summary>
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

    /// <summary>The most bytes of a file with one value.</summary>
    public const int ValueFileBytes = 64 * 1024;

    /// <summary>The most characters of the sections outside akkajoin, which go to Akka, written out.</summary>
    public const int AkkaCharacters = 256 * 1024;
}
