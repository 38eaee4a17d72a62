using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary>What an upsert takes from its query: the fields that the query says are equal to something.</summary>
internal static class UpsertSeed
{
    /// <exception cref="MongoError">NotSingleValueField (54): the query gives a path two values, or a path and one below it.</exception>
    public static BsonDoc From(Matcher query, bool idOnly)
    {
        var root = new UpdateBranch();
        var paths = new List<string>();
        foreach (PathPredicate predicate in query.Conjuncts)
        {
            BsonValue? value = predicate.Kind switch
            {
                PredicateKind.Eq => predicate.Operand,
                PredicateKind.In when predicate.Values.Count == 1 => predicate.Values[0],
                _ => null,
            };
            bool id = predicate.Path == "_id" || predicate.Path.StartsWith("_id.", StringComparison.Ordinal);
            if (value is null || (idOnly && !id))
            {
                continue;
            }
            CheckNew(predicate.Path, paths);
            paths.Add(predicate.Path);
            root.Add(UpdatePath.Parse(predicate.Path), new SetLeaf(value.Value, onInsert: false));
        }
        var run = new UpdateRun(BsonDoc.Empty, default, new ArrayFilters(null, QueryContext.Create()), BsonValue.Null, insert: true);
        return run.Apply(root);
    }

    private static void CheckNew(string path, List<string> paths)
    {
        foreach (string other in paths)
        {
            if (other == path)
            {
                throw new MongoError(ErrorCode.NotSingleValueField, $"cannot infer query fields to set, path '{path}' is matched twice");
            }
            (string shorter, string longer) = other.Length < path.Length ? (other, path) : (path, other);
            if (longer.StartsWith(shorter + ".", StringComparison.Ordinal))
            {
                throw new MongoError(
                    ErrorCode.NotSingleValueField, $"cannot infer query fields to set, both paths '{path}' and '{other}' are matched");
            }
        }
    }
}
