using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>
/// A compiled projection ("Project Fields to Return from Query" in the manual): find's, <c>$project</c>, <c>$unset</c> and
/// <c>$addFields</c>. Fields that stay are copied as bytes.
/// </summary>
internal sealed partial class Projection
{
    private readonly ProjectionNode _root;
    private readonly ProjectionKind _kind;
    private readonly Matcher? _query;
    private readonly bool _includeId;

    private Projection(ProjectionNode root, ProjectionKind kind, bool includeId, Matcher? query)
    {
        _root = root;
        _kind = kind;
        _includeId = includeId;
        _query = query;
    }

    /// <summary>Find's projection; null when the specification is empty and documents pass unchanged.</summary>
    /// <param name="specification">The projection document.</param>
    /// <param name="query">The filter of the same find, which positional paths refer to.</param>
    /// <param name="context">Variables and time.</param>
    /// <exception cref="MongoError">The projection is malformed or contradicts itself.</exception>
    public static Projection? Parse(BsonDoc specification, Matcher? query, QueryContext context)
    {
        if (specification.IsEmpty)
        {
            return null;
        }
        var parser = new ProjectionParser(context, find: true);
        parser.Parse(specification.Detach());
        return FromParser(parser, parser.HasPositional ? query ?? Matcher.All : null);
    }

    /// <summary>The projection of <c>$project</c>.</summary>
    /// <exception cref="MongoError">The projection is malformed or contradicts itself.</exception>
    public static Projection ParseStage(BsonDoc specification, QueryContext context)
    {
        if (specification.IsEmpty)
        {
            throw new MongoError(51272, "projection specification must have at least one field");
        }
        var parser = new ProjectionParser(context, find: false);
        parser.Parse(specification.Detach());
        return FromParser(parser, query: null);
    }

    /// <summary><c>$addFields</c>: every value is an expression, a document without <c>$</c> adds below its name.</summary>
    /// <exception cref="MongoError">A name or an expression is malformed, or two names collide.</exception>
    public static Projection ParseAddFields(BsonDoc specification, QueryContext context)
    {
        var root = ProjectionNode.Root();
        AddFields(root, specification.Detach(), "", context);
        return new Projection(root, ProjectionKind.Addition, includeId: true, query: null);
    }

    /// <summary><c>$unset</c>: the fields to leave out.</summary>
    /// <exception cref="MongoError">A name is malformed or two names collide.</exception>
    public static Projection ParseUnset(IEnumerable<string> paths)
    {
        var root = ProjectionNode.Root();
        foreach (string path in paths)
        {
            root.Add(ExpressionParser.CheckedPath(path), new ExcludeLeaf());
        }
        return new Projection(root, ProjectionKind.Exclusion, includeId: true, query: null);
    }

    /// <summary>The projected document.</summary>
    /// <exception cref="MongoError">An expression failed, or the query matched no array element for a positional path.</exception>
    public BsonDoc Apply(BsonDoc document)
    {
        var position = default(MatchDetails);
        _query?.IsMatch(document, out position);
        using var writer = new BsonWriter(document.Length + 64);
        var run = new ProjectionRun(document, writer, _kind, position);
        run.WriteFields(document, _root, _includeId);
        return writer.ToDocument();
    }

    private static Projection FromParser(ProjectionParser parser, Matcher? query)
    {
        bool mentioned = parser.Root.IndexOf("_id"u8) >= 0;
        bool implied = parser.Kind == ProjectionKind.Inclusion && !mentioned;
        return new Projection(parser.Root, parser.Kind, implied, query);
    }

    private static void AddFields(ProjectionNode root, BsonDoc specification, string prefix, QueryContext context)
    {
        foreach (BsonElement element in specification)
        {
            ExpressionParser.CheckedPath(element.Name);
            string path = prefix + element.Name;
            BsonValue value = element.Value;
            if (value.IsDocument && !value.AsDocument.IsEmpty && !value.AsDocument.First.NameUtf8.StartsWith("$"u8))
            {
                AddFields(root, value.AsDocument, path + ".", context);
            }
            else
            {
                root.Add(new FieldPath(path), new ComputedLeaf(Expression.Parse(value, context)));
            }
        }
    }
}
