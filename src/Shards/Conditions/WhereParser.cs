using System.Globalization;
using System.Text;

namespace AkkaJoin.Shards.Conditions;

/// <summary>
/// Reads the text of a condition, such as <c>left.a.b &lt; right.c and (left.c = 'x' or right.d >= 3)</c>, and writes
/// its canonical form. Operators: = (==), != (&lt;&gt;), &lt;, &lt;=, &gt;, &gt;=, <c>in (...)</c>,
/// <c>not in (...)</c>, <c>is null</c>, <c>is not null</c>; <c>not</c> binds tighter than <c>and</c>, and that tighter
/// than <c>or</c>. Constants: 'text' with '' for a quote in it, numbers (taken exactly), true, false, null. Fields:
/// <c>left.</c> or <c>right.</c> and a <see cref="FieldPath"/>; a filter, which reads one record, names them by the
/// path alone.
/// </summary>
sealed class WhereParser
{
    /// <summary>The most comparisons of one text.</summary>
    public const int ConditionsMax = 64;

    /// <summary>The most parentheses and <c>not</c> within each other.</summary>
    public const int DepthMax = 32;

    /// <summary>The most characters of a text.</summary>
    public const int LengthMax = 4096;

    // Words that cannot begin a field of a filter; in quotes they can.
    static readonly HashSet<string> Reserved =
        new(["and", "or", "not", "in", "is", "null", "true", "false", "left", "right"], StringComparer.OrdinalIgnoreCase);

    readonly List<WhereToken> _tokens;
    readonly List<string> _leftFields;
    readonly List<string> _rightFields;
    readonly bool _isFilter;
    readonly bool _takesDoubles;
    readonly bool _isCanonical;
    readonly int _depthMax;
    int _next;
    int _comparisons;
    int _depth;

    WhereParser(
        string text,
        IEnumerable<string> leftFields,
        IEnumerable<string> rightFields,
        bool isFilter,
        bool isCanonical = false,
        bool takesDoubles = false)
    {
        ArgumentNullException.ThrowIfNull(text);

        // The canonical text is longer, and has parentheses where the one that was configured could do without.
        var lengthMax = LengthMax * (isCanonical ? 16 : 1);
        if (text.Length > lengthMax)
            throw new WhereSyntaxException($"{text.Length} characters; at most {lengthMax} are allowed", lengthMax);
        _depthMax = DepthMax * (isCanonical ? 4 : 1);
        _takesDoubles = takesDoubles;
        _isCanonical = isCanonical;
        _tokens = WhereLexer.Split(text);
        _leftFields = [.. leftFields];
        _rightFields = [.. rightFields];
        _isFilter = isFilter;
    }

    WhereToken Current => _tokens[_next];

    /// <summary>Reads a condition; the fields stand in the order in which it names them.</summary>
    /// <exception cref="WhereSyntaxException">The text is no condition, or exceeds a limit.</exception>
    public static ParsedWhere Parse(string text) => Parse(text, [], []);

    /// <summary>
    /// Reads a condition whose indexes mean these fields; fields that it names beyond them follow behind.
    /// </summary>
    /// <exception cref="WhereSyntaxException">The text is no condition, or exceeds a limit.</exception>
    public static ParsedWhere Parse(string text, IEnumerable<string> leftFields, IEnumerable<string> rightFields)
    {
        var parser = new WhereParser(text, leftFields, rightFields, isFilter: false);
        return new ParsedWhere(parser.Whole(), parser._leftFields, parser._rightFields);
    }

    /// <summary>Reads what <see cref="Format"/> wrote into a definition.</summary>
    /// <param name="text">The canonical text.</param>
    /// <param name="leftFields">The paths of the left fields.</param>
    /// <param name="rightFields">The paths of the right fields.</param>
    /// <param name="takesDoubles">Whether numbers that are not whole are doubles, as before format 2.</param>
    /// <exception cref="WhereSyntaxException">The text is no condition, or exceeds a limit.</exception>
    internal static ParsedWhere ParseCanonical(
        string text, IReadOnlyList<string> leftFields, IReadOnlyList<string> rightFields, bool takesDoubles)
    {
        var parser = new WhereParser(text, leftFields, rightFields, isFilter: false, isCanonical: true, takesDoubles);
        return new ParsedWhere(parser.Whole(), parser._leftFields, parser._rightFields);
    }

    /// <summary>Reads the canonical text of a filter.</summary>
    /// <exception cref="WhereSyntaxException">The text is no condition, or exceeds a limit.</exception>
    internal static ParsedFilter ParseCanonicalFilter(string text)
    {
        var parser = new WhereParser(text, [], [], isFilter: true, isCanonical: true);
        return new ParsedFilter(parser.Whole(), parser._leftFields);
    }

    /// <summary>
    /// Reads a condition on the records of one side, such as <c>tier = 'gold' and device.kind != 'tv'</c>.
    /// </summary>
    /// <exception cref="WhereSyntaxException">The text is no condition, or exceeds a limit.</exception>
    public static ParsedFilter ParseFilter(string text) => ParseFilter(text, []);

    /// <summary>
    /// Reads a condition on the records of one side; fields that it names beyond these follow behind.
    /// </summary>
    /// <exception cref="WhereSyntaxException">The text is no condition, or exceeds a limit.</exception>
    public static ParsedFilter ParseFilter(string text, IEnumerable<string> fields)
    {
        var parser = new WhereParser(text, fields, [], isFilter: true);
        return new ParsedFilter(parser.Whole(), parser._leftFields);
    }

    /// <summary>
    /// The canonical text: <see cref="Parse(string, IEnumerable{string}, IEnumerable{string})"/> with the same fields
    /// gives an equal condition back. (A list of one condition becomes that condition, an empty one a comparison of
    /// constants.)
    /// </summary>
    public static string Format(Condition condition, IReadOnlyList<string> leftFields, IReadOnlyList<string> rightFields) =>
        new WhereFormatter(leftFields, rightFields, isFilter: false).Format(condition);

    /// <summary>
    /// The canonical text of a filter, which <see cref="ParseFilter(string, IEnumerable{string})"/> reads.
    /// </summary>
    internal static string FormatFilter(Condition condition, IReadOnlyList<string> fields) =>
        new WhereFormatter(fields, [], isFilter: true).Format(condition);

    /// <summary>
    /// Whether a name at the beginning of a filter's field must stand in quotes, since it would be read as something
    /// else.
    /// </summary>
    internal static bool IsReserved(string name) => Reserved.Contains(name) || !(char.IsLetter(name[0]) || name[0] is '_' or '$' or '@');

    Condition Whole()
    {
        var condition = Any();
        if (Current.Kind != WhereTokenKind.End)
            throw new WhereSyntaxException($"expected and, or or the end, found {Current}", Current.Position);
        return condition;
    }

    Condition Any()
    {
        var conditions = new List<Condition> { All() };
        while (Accept("or"))
            conditions.Add(All());
        return conditions.Count == 1 ? conditions[0] : new AnyOf(conditions);
    }

    Condition All()
    {
        var conditions = new List<Condition> { One() };
        while (Accept("and"))
            conditions.Add(One());
        return conditions.Count == 1 ? conditions[0] : new AllOf(conditions);
    }

    Condition One()
    {
        if (!Current.IsSymbol("(") && !Current.IsWord("not"))
            return Test();
        if (++_depth > _depthMax)
            throw new WhereSyntaxException($"more than {_depthMax} parentheses within each other", Current.Position);
        var condition = Accept("not") ? new Not(One()) : Parenthesized();
        _depth--;
        return condition;
    }

    Condition Parenthesized()
    {
        _next++;
        var condition = Any();
        Expect(")", "and, or or ')'");
        return condition;
    }

    Condition Test()
    {
        if (++_comparisons > ConditionsMax)
            throw new WhereSyntaxException($"more than {ConditionsMax} conditions", Current.Position);
        var a = Operand();
        if (Accept("is"))
            return IsNull(a);
        var isNegated = Accept("not");
        if (isNegated || Current.IsWord("in"))
        {
            if (!Accept("in"))
                throw new WhereSyntaxException($"expected in, found {Current}", Current.Position);
            var oneOf = new OneOf(a, List());
            return isNegated ? new Not(oneOf) : oneOf;
        }

        var symbol = Current;
        ComparisonOperator? op = symbol.Kind != WhereTokenKind.Symbol ? null : symbol.Text switch
        {
            "=" or "==" => ComparisonOperator.Equal,
            "!=" or "<>" => ComparisonOperator.NotEqual,
            "<" => ComparisonOperator.Less,
            "<=" => ComparisonOperator.LessOrEqual,
            ">" => ComparisonOperator.Greater,
            ">=" => ComparisonOperator.GreaterOrEqual,
            _ => null,
        };
        if (op is null)
            throw new WhereSyntaxException($"expected =, !=, <, <=, >, >=, in, not in or is, found {symbol}", symbol.Position);
        _next++;
        return new Comparison(op.Value, a, Operand());
    }

    Condition IsNull(Operand a)
    {
        var isNegated = Accept("not");
        if (!Accept("null"))
            throw new WhereSyntaxException($"expected null{(isNegated ? "" : " or not null")}, found {Current}", Current.Position);
        return isNegated ? new Not(new IsNull(a)) : new IsNull(a);
    }

    List<Operand> List()
    {
        Expect("(", "'('");
        var values = new List<Operand> { Operand() };
        while (Current.IsSymbol(","))
        {
            _next++;
            values.Add(Operand());
        }

        Expect(")", "',' or ')'");
        return values;
    }

    void Expect(string symbol, string what)
    {
        if (!Current.IsSymbol(symbol))
            throw new WhereSyntaxException($"expected {what}, found {Current}", Current.Position);
        _next++;
    }

    Operand Operand()
    {
        var token = Current;
        if (token.Kind == WhereTokenKind.Text)
        {
            _next++;
            return ConstantOperand.Of(token.Text);
        }

        if (_isFilter && (token.Kind == WhereTokenKind.QuotedName || (token.Kind == WhereTokenKind.Word && !IsReserved(token.Text))))
        {
            _next++;
            return Field(Side.Left, [Name(token)]);
        }

        if (token.Kind != WhereTokenKind.Word)
            throw new WhereSyntaxException($"expected a field or a constant, found {token}", token.Position);
        if (_isFilter && (token.IsWord("left") || token.IsWord("right")))
            throw new WhereSyntaxException(
                $"a filter names its fields without {token.Text}. before them (a field of this name stands in quotes)", token.Position);
        _next++;
        if (!token.IsWord("left") && !token.IsWord("right"))
            return Constant(token);
        if (!Current.IsSymbol("."))
            throw new WhereSyntaxException($"expected '.' and a field, found {Current}", Current.Position);
        return Field(token.IsWord("left") ? Side.Left : Side.Right, []);
    }

    // Paths of another language would find nothing, without a word.
    string Name(WhereToken token) => token.Kind == WhereTokenKind.Word && token.Text == "$" && !_isCanonical
        ? throw new WhereSyntaxException(
            "a path begins with the name of a field, not with $ (a field of this name stands in double quotes)", token.Position)
        : token.Text;

    FieldOperand Field(Side side, List<string> names)
    {
        while (Current.IsSymbol("."))
        {
            var name = _tokens[++_next];
            if (name.Kind is not (WhereTokenKind.Word or WhereTokenKind.QuotedName))
                throw new WhereSyntaxException($"expected the name of a field, found {name}", name.Position);
            names.Add(Name(name));
            _next++;
        }

        var path = FieldPath.Format(names);
        var fields = side == Side.Left ? _leftFields : _rightFields;
        var index = fields.FindIndex(f => f == path || FieldPath.Parse(f).SequenceEqual(names));
        if (index >= 0)
            return new FieldOperand(side, index);
        fields.Add(path);
        return new FieldOperand(side, fields.Count - 1);
    }

    ConstantOperand Constant(WhereToken token)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (token.IsWord("true") || token.IsWord("false"))
            return ConstantOperand.Of(token.IsWord("true"));
        if (token.IsWord("null"))
            return ConstantOperand.Null;
        if (long.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return ConstantOperand.Of(whole);
        if (_takesDoubles && double.TryParse(token.Text, styles, CultureInfo.InvariantCulture, out var binary) && !double.IsNaN(binary)
            && token.Text.Any(char.IsAsciiDigit))
            return ConstantOperand.Of(binary);
        var reading = ExactNumber.Read(Encoding.UTF8.GetBytes(token.Text), out var number);
        if (reading == NumberReading.Read)
            return ConstantOperand.Of(number);
        if (reading == NumberReading.OutOfRange)
        {
            throw new WhereSyntaxException(
                $"{token} has more than {ExactNumber.DigitsMax} digits, or an exponent beyond {ExactNumber.ExponentMax}", token.Position);
        }

        throw new WhereSyntaxException(
            $"expected {(_isFilter ? "a field" : "left.FIELD, right.FIELD")} or a constant, found {token}", token.Position);
    }

    bool Accept(string word)
    {
        if (!Current.IsWord(word))
            return false;
        _next++;
        return true;
    }
}

/// <summary>What <see cref="WhereParser"/> read.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="LeftFields">The paths of the left fields, in the order that the condition's indexes mean.</param>
/// <param name="RightFields">The paths of the right fields, in the order that the condition's indexes mean.</param>
sealed record ParsedWhere(Condition Condition, IReadOnlyList<string> LeftFields, IReadOnlyList<string> RightFields);

/// <summary>
/// What <see cref="WhereParser.ParseFilter(string)"/> read: a condition on the records of one side alone.
/// </summary>
/// <param name="Condition">
/// The condition; its fields are those of <see cref="Side.Left"/>, whichever side it filters.
/// </param>
/// <param name="Fields">The paths of the fields, in the order that the condition's indexes mean.</param>
sealed record ParsedFilter(Condition Condition, IReadOnlyList<string> Fields)
{
    /// <summary>The canonical text, as the journaled definition has it.</summary>
    public string Text => WhereParser.FormatFilter(Condition, Fields);

    /// <summary>
    /// Whether a record with these fields passes. The span is in the form of <see cref="TypedFields"/>.
    /// </summary>
    public bool Passes(ReadOnlySpan<byte> fields) => Condition.Holds(fields, default);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A condition that <see cref="WhereParser"/> cannot read.</summary>
sealed class WhereSyntaxException : Exception
{
    /// <summary>Says what is wrong, and where.</summary>
    public WhereSyntaxException(string message, int position)
        : base(message) => Position = position;

    /// <summary>Where in the text, 0-based, in characters.</summary>
    public int Position { get; }
}
