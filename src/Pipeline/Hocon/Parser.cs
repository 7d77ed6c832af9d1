using System.Text;

namespace AkkaJoin.Pipeline.Hocon;

/// <summary>
/// Reads the text of one file into nodes. Strict: what the specification does not allow is an error with its line.
/// </summary>
/// <param name="scanner">The text.</param>
/// <param name="includes">Reads the files it includes.</param>
/// <param name="within">
/// The path of the object that the file is included into; empty for the configuration itself.
/// </param>
sealed class Parser(Scanner scanner, Includes includes, IReadOnlyList<string> within)
{
    readonly List<string> _path = [.. within];
    int _depth = within.Count;
    int _lists;

    /// <summary>The whole file, with or without braces around it.</summary>
    /// <exception cref="HoconException">It is no configuration.</exception>
    public ObjectNode ParseFile()
    {
        var root = new ObjectNode(new HoconOrigin(scanner.File, 0));
        scanner.SkipToContent();
        if (scanner.Peek() == '[') throw scanner.Error("a configuration is an object, not a list");
        if (scanner.Peek() != '{')
        {
            ParseMembers(root, null);
            return root;
        }

        root.Absorb(ParseObject());
        scanner.SkipToContent();
        return scanner.AtEnd ? root : throw scanner.Error($"'{scanner.Peek()}' stands after the last '}}'");
    }

    ObjectNode ParseObject()
    {
        var node = new ObjectNode(scanner.Origin);
        scanner.Next();
        Descend(1);
        ParseMembers(node, node.Origin);
        _depth--;
        return node;
    }

    /// <summary>
    /// Members up to the closing brace, or to the end of the text where <paramref name="opened"/> is null.
    /// </summary>
    void ParseMembers(ObjectNode target, HoconOrigin? opened)
    {
        while (true)
        {
            scanner.SkipToContent();
            if (scanner.AtEnd)
            {
                if (opened is { } begin) throw new HoconException("the '{' that stands here is never closed", begin);
                return;
            }

            if (scanner.Peek() == '}')
            {
                if (opened is null) throw scanner.Error("there is no '{' for this '}'");
                scanner.Next();
                return;
            }

            ParseMember(target);
            EndElement('}');
        }
    }

    /// <summary>Between two elements stands a comma, a line break, or both.</summary>
    void EndElement(char closing)
    {
        var newLine = scanner.SkipToContent();
        if (scanner.AtEnd || scanner.Peek() == closing) return;
        if (scanner.Peek() == ',') scanner.Next();
        else if (!newLine) throw Unexpected();
    }

    void ParseMember(ObjectNode target)
    {
        if (IncludeStatement.IsNext(scanner))
        {
            ParseInclude(target);
            return;
        }

        var key = scanner.Origin;
        var path = Paths.Read(scanner);
        scanner.SkipToContent();
        Descend(path.Count);
        _path.AddRange(path);
        var value = ParseAssigned(path, key);
        _path.RemoveRange(_path.Count - path.Count, path.Count);
        _depth -= path.Count;
        target.Assign(path, value);
    }

    void ParseInclude(ObjectNode target)
    {
        var origin = scanner.Origin;
        var (file, required) = IncludeStatement.Read(scanner);
        if (_lists > 0) throw new HoconException("include is not supported inside a list", origin);
        if (includes.Include(file, required, [.. _path], origin) is { } included) target.Absorb(included);
    }

    /// <summary>What follows a key: its sign and its value.</summary>
    Node ParseAssigned(List<string> path, HoconOrigin key)
    {
        if (scanner.Peek() == '{') return ParseValue(path, key);
        if (scanner.TryTake("+=")) return ParseAppended(path, key);
        if (!scanner.AtEnd && scanner.Peek() is '=' or ':')
        {
            scanner.Next();
            return ParseValue(path, key);
        }

        throw new HoconException($"'=', ':' or '{{' is missing after the key {Paths.Show(path)}", key);
    }

    /// <summary><c>a += x</c> is <c>a = ${?a} [x]</c>.</summary>
    ConcatNode ParseAppended(List<string> path, HoconOrigin key)
    {
        if (_lists > 0) throw new HoconException("'+=' is not supported inside a list", key);
        var item = ParseValue(path, key);
        return new ConcatNode([new ReferenceNode([.. _path], [], optional: true, key), new ArrayNode([item], item.Origin)], key);
    }

    Node ParseValue(List<string> path, HoconOrigin key)
    {
        var onNextLine = scanner.SkipToContent();
        var value = ParseConcat();
        if (value is null || (onNextLine && !scanner.AtEnd && scanner.Peek() is '=' or ':'))
            throw new HoconException($"{Paths.Show(path)} has no value", key);
        return value;
    }

    /// <summary>
    /// The values side by side up to the end of the line, a comma or a closing bracket; null if there is none.
    /// </summary>
    Node? ParseConcat()
    {
        var origin = scanner.Origin;
        var parts = new List<Node>();
        while (true)
        {
            var here = scanner.Origin;
            var spaces = scanner.TakeSpaces();
            if (AtEndOfValue()) break;
            if (parts.Count > 0 && spaces.Length > 0) parts.Add(new TextNode(spaces, here, space: true));
            parts.Add(ParsePart());
        }

        return parts switch
        {
            [] => null,
            [TextNode { IsNullWord: true }] => new NullNode(origin),
            [var single] => single,
            _ when parts.All(part => part is TextNode) => new TextNode(string.Concat(parts.Select(part => ((TextNode)part).Text)), origin),
            _ => new ConcatNode(parts, origin),
        };
    }

    /// <summary>'=' and ':' end it too, so that the caller can say what is wrong.</summary>
    bool AtEndOfValue() =>
        scanner.AtEnd || scanner.AtComment || scanner.Peek() is '\n' or ',' or '}' or ']' or '=' or ':';

    Node ParsePart()
    {
        var origin = scanner.Origin;
        switch (scanner.Peek())
        {
            case '{': return ParseObject();
            case '[': return ParseArray();
            case '"': return new TextNode(Words.ReadQuoted(scanner), origin);
            case '$' when scanner.Peek(1) == '{': return ParseReference();
        }

        if (!Words.AtBare(scanner)) throw Unexpected();
        var text = new StringBuilder();
        while (Words.AtBare(scanner)) text.Append(scanner.Next());
        return new TextNode(text.ToString(), origin, bare: true);
    }

    ArrayNode ParseArray()
    {
        var origin = scanner.Origin;
        scanner.Next();
        Descend(1);
        _lists++;
        var items = new List<Node>();
        while (true)
        {
            scanner.SkipToContent();
            if (scanner.AtEnd) throw new HoconException("the '[' that stands here is never closed", origin);
            if (scanner.Peek() == ']') break;
            items.Add(ParseConcat() ?? throw Unexpected());
            EndElement(']');
        }

        scanner.Next();
        _lists--;
        _depth--;
        return new ArrayNode(items, origin);
    }

    ReferenceNode ParseReference()
    {
        var origin = scanner.Origin;
        scanner.TryTake("${");
        var optional = scanner.TryTake("?");
        var path = Paths.Read(scanner);
        if (scanner.AtEnd || scanner.Peek() != '}') throw new HoconException("the '${' that stands here is never closed", origin);
        scanner.Next();
        return new ReferenceNode(path, within, optional, origin);
    }

    void Descend(int levels)
    {
        _depth += levels;
        if (_depth > HoconLimits.Nesting) throw scanner.Error($"objects and lists nest more than {HoconLimits.Nesting} deep");
    }

    HoconException Unexpected() => scanner.AtEnd
        ? scanner.Error("the text ends too early")
        : scanner.Error(scanner.Peek() switch
        {
            '=' or ':' or '+' => $"unexpected '{scanner.Peek()}': a text that holds it needs double quotes, and two settings a comma or "
                + "a line break between them",
            '}' or ']' or ',' => $"unexpected '{scanner.Peek()}'",
            var c => $"unexpected '{c}': a text that holds it needs double quotes",
        });
}
