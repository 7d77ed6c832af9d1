using Mono.Cecil;

namespace AkkaJoin.House.Tests.Folders;

/// <summary>One folder names types of another.</summary>
/// <param name="From">The namespace that names them, without its assembly's.</param>
/// <param name="To">The namespace that has them.</param>
/// <param name="Examples">Pairs of types, as <c>User -> Used</c>, in order.</param>
sealed record FolderEdge(string From, string To, IReadOnlyList<string> Examples)
{
    public override string ToString() => $"{From} -> {To}";
}

/// <summary>
/// The folders of an assembly and which of them name types of which. A folder is a namespace; its subfolder is another one. A knot is
/// a set of folders each of which reaches each other: none of them can be read, or moved, without all of them.
/// </summary>
sealed class FolderGraph
{
    /// <summary>What stands for the namespace of the assembly itself.</summary>
    public const string TopFolder = "(top)";

    readonly Dictionary<string, List<FolderEdge>> _edges;

    FolderGraph(Dictionary<string, List<FolderEdge>> edges) => _edges = edges;

    /// <summary>Reads src/<paramref name="name"/> as it was compiled.</summary>
    public static FolderGraph Read(string name)
    {
        using var assembly = Product.Read(name);
        var root = $"AkkaJoin.{name}";
        var pairs = from type in assembly.MainModule.GetTypes()
                    let user = Outermost(type)
                    from used in TypeUses.Of(type).Select(Outermost)
                    where IsBelow(user, root) && IsBelow(used, root) && user.Namespace != used.Namespace
                    select (From: Folder(user, root), To: Folder(used, root), Example: $"{user.Name} -> {used.Name}");
        var edges = from pair in pairs.Distinct()
                    group pair.Example by (pair.From, pair.To) into edge
                    select new FolderEdge(edge.Key.From, edge.Key.To, [.. edge.Order(StringComparer.Ordinal)]);
        return new FolderGraph(edges.GroupBy(e => e.From).ToDictionary(e => e.Key, e => e.OrderBy(x => x.To, StringComparer.Ordinal).ToList()));
    }

    /// <summary>A graph of edges that are given, for tests of this class.</summary>
    public static FolderGraph Of(params (string From, string To)[] edges) =>
        new(edges.GroupBy(e => e.From).ToDictionary(e => e.Key, e => e.Select(x => new FolderEdge(x.From, x.To, [])).ToList()));

    /// <summary>The edges within each knot; none where folders form no cycle.</summary>
    public IEnumerable<IReadOnlyList<FolderEdge>> Knots()
    {
        var reached = _edges.Keys.ToDictionary(folder => folder, Reach);
        bool Together(FolderEdge edge) => reached.TryGetValue(edge.To, out var back) && back.Contains(edge.From);
        return from edge in _edges.Values.SelectMany(e => e)
               where Together(edge)
               group edge by reached[edge.From].Where(f => reached.TryGetValue(f, out var back) && back.Contains(edge.From)).Min() into knot
               orderby knot.Key
               select (IReadOnlyList<FolderEdge>)[.. knot.OrderBy(e => e.ToString(), StringComparer.Ordinal)];
    }

    HashSet<string> Reach(string start)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([start]);
        while (open.TryPop(out var folder))
        {
            foreach (var edge in _edges.GetValueOrDefault(folder, []))
            {
                if (reached.Add(edge.To))
                    open.Push(edge.To);
            }
        }
        return reached;
    }

    // What the compiler generates is nested in the type for which it does.
    static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType != null)
            type = type.DeclaringType;
        return type;
    }

    static bool IsBelow(TypeReference type, string root) =>
        type.Namespace == root || type.Namespace.StartsWith(root + ".", StringComparison.Ordinal);

    static string Folder(TypeReference type, string root) => type.Namespace == root ? TopFolder : type.Namespace[(root.Length + 1)..];
}
