namespace AkkaJoin.Shards.Conditions;

/// <summary>Splits the text of a condition into tokens.</summary>
static class WhereLexer
{
    static readonly string[] Symbols = ["!=", "<>", "<=", ">=", "==", "=", "<", ">", "(", ")", ".", ","];

    /// <exception cref="WhereSyntaxException">A character begins no token, or a quote is not closed.</exception>
    internal static List<WhereToken> Split(string text)
    {
        var tokens = new List<WhereToken>();
        var position = 0;
        while (true)
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
                position++;
            if (position == text.Length)
                break;
            tokens.Add(Next(text, ref position));
        }

        tokens.Add(new WhereToken(WhereTokenKind.End, "", text.Length));
        return tokens;
    }

    static WhereToken Next(string text, ref int position)
    {
        var start = position;
        if (text[start] is '\'' or '"')
            return new WhereToken(text[start] == '"' ? WhereTokenKind.QuotedName : WhereTokenKind.Text, Quoted(text, ref position), start);
        if (IsNumberStart(text, start))
            return new WhereToken(WhereTokenKind.Word, Number(text, ref position), start);
        if (FieldPath.IsPlain(text[start]))
        {
            while (position < text.Length && FieldPath.IsPlain(text[position]))
                position++;
            return new WhereToken(WhereTokenKind.Word, text[start..position], start);
        }

        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, start, symbol, 0, symbol.Length) != 0)
                continue;
            position += symbol.Length;
            return new WhereToken(WhereTokenKind.Symbol, symbol, start);
        }

        throw new WhereSyntaxException($"unexpected character '{text[start]}'", start);
    }

    static string Quoted(string text, ref int position)
    {
        try
        {
            return FieldPath.ReadQuoted(text, ref position);
        }
        catch (FormatException e)
        {
            throw new WhereSyntaxException(e.Message, position);
        }
    }

    /// <summary>A number is one only where no name can stand: after a dot, 1 is a name.</summary>
    static bool IsNumberStart(string text, int i)
    {
        if (i > 0 && text[i - 1] == '.')
            return false;
        if (text[i] is '-' or '+')
            i++;
        return i < text.Length && char.IsAsciiDigit(text[i]);
    }

    static string Number(string text, ref int position)
    {
        var start = position++;
        while (position < text.Length
            && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '.' || IsExponentSign(text, position)))
            position++;
        return text[start..position];
    }

    static bool IsExponentSign(string text, int i) => text[i] is '-' or '+' && text[i - 1] is 'e' or 'E';
}

/// <summary>A token of a condition's text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A word or number as written, an operator, a text or quoted name without its quotes.</param>
/// <param name="Position">Where it begins, 0-based.</param>
readonly record struct WhereToken(WhereTokenKind Kind, string Text, int Position)
{
    internal bool IsWord(string word) => Kind == WhereTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    internal bool IsSymbol(string symbol) => Kind == WhereTokenKind.Symbol && Text == symbol;

    public override string ToString() => Kind == WhereTokenKind.End ? "the end" : $"'{Text}'";
}

/// <summary>What a <see cref="WhereToken"/> is.</summary>
enum WhereTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name, a keyword, or a number.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>An operator, a dot or a parenthesis.</summary>
    Symbol,
}
