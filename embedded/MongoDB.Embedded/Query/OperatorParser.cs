using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>Compiles what a filter says about one field. Errors are worded as the server's query parser words them.</summary>
internal sealed partial class OperatorParser(string field, QueryContext context)
{
    /// <summary>Whether a value is a document of operators rather than one to compare with (a DBRef is the latter).</summary>
    public static bool IsOperatorDocument(BsonValue value, bool incompleteDbRef = false)
    {
        if (!value.IsDocument || value.AsDocument.IsEmpty || !value.AsDocument.First.NameUtf8.StartsWith("$"u8))
        {
            return false;
        }
        BsonDoc document = value.AsDocument;
        bool hasRef = document.Contains("$ref"u8);
        bool hasId = document.Contains("$id"u8);
        return !(incompleteDbRef ? hasRef || hasId || document.Contains("$db"u8) : hasRef && hasId);
    }

    /// <summary>A value to equal, a regular expression or a document of operators.</summary>
    public OperatorNode ParseValue(BsonValue value)
    {
        if (IsOperatorDocument(value))
        {
            return ParseOperators(value.AsDocument);
        }
        if (value.Type == BsonType.Regex)
        {
            (string pattern, string options) = value.AsRegex;
            return Regex(pattern, options);
        }
        return Compare(ComparisonKind.Eq, value);
    }

    public OperatorNode ParseOperators(BsonDoc operators)
    {
        var parts = new List<OperatorNode>();
        foreach (BsonElement element in operators)
        {
            OperatorNode? part = ParseOperator(element, operators);
            if (part is not null)
            {
                parts.Add(part);
            }
        }
        return parts.Count == 1 ? parts[0] : new OperatorAnd(parts);
    }

    private OperatorNode? ParseOperator(BsonElement element, BsonDoc siblings)
    {
        BsonValue value = element.Value;
        switch (element.Name)
        {
            case "$eq":
                return Compare(ComparisonKind.Eq, value);
            case "$ne":
                return value.Type == BsonType.Regex
                    ? throw MongoError.BadValue("Can't have regex as arg to $ne.")
                    : new OperatorNot(Compare(ComparisonKind.Eq, value));
            case "$lt":
                return Compare(ComparisonKind.Lt, value);
            case "$lte":
                return Compare(ComparisonKind.Lte, value);
            case "$gt":
                return Compare(ComparisonKind.Gt, value);
            case "$gte":
                return Compare(ComparisonKind.Gte, value);
            case "$in":
                return In(value, "$in");
            case "$nin":
                return new OperatorNot(In(value, "$nin"));
            case "$not":
                return Not(value);
            case "$exists":
                var exists = new OperatorLeaf(new ExistsPredicate(), PredicateKind.Exists, BsonValue.True);
                return value.IsTruthy ? exists : new OperatorNot(exists, notExists: true);
            case "$type":
                return Type(value);
            case "$size":
                return new OperatorLeaf(new SizePredicate(NonNegative(element, "Failed to parse $size. ", ErrorCode.BadValue)), PredicateKind.Other);
            case "$mod":
                return Mod(value);
            case "$regex":
                return RegexOperator(value, siblings);
            case "$options":
                return siblings.Contains("$regex"u8) ? null : throw MongoError.BadValue("$options needs a $regex");
            case "$all":
                return All(value);
            case "$elemMatch":
                return ElemMatch(value);
            case "$bitsAllSet":
                return Bits(BitTest.AllSet, element);
            case "$bitsAllClear":
                return Bits(BitTest.AllClear, element);
            case "$bitsAnySet":
                return Bits(BitTest.AnySet, element);
            case "$bitsAnyClear":
                return Bits(BitTest.AnyClear, element);
            case "$near" or "$nearSphere" or "$geoWithin" or "$geoIntersects" or "$within" or "$geoNear":
                throw new MongoError(ErrorCode.NotImplemented, $"the query operator {element.Name} is not supported");
            default:
                throw MongoError.BadValue($"unknown operator: {element.Name}");
        }
    }

    private OperatorLeaf Compare(ComparisonKind kind, BsonValue value)
    {
        if (kind != ComparisonKind.Eq && value.Type == BsonType.Regex)
        {
            throw MongoError.BadValue($"Can't have RegEx as arg to predicate over field '{field}'.");
        }
        if (value.Type == BsonType.Undefined)
        {
            throw MongoError.BadValue("cannot compare to undefined");
        }
        PredicateKind predicate = kind switch
        {
            ComparisonKind.Eq => PredicateKind.Eq,
            ComparisonKind.Lt => PredicateKind.Lt,
            ComparisonKind.Lte => PredicateKind.Lte,
            ComparisonKind.Gt => PredicateKind.Gt,
            _ => PredicateKind.Gte,
        };
        return new OperatorLeaf(new ComparePredicate(kind, value), predicate, value);
    }

    private static OperatorNode In(BsonValue value, string name)
    {
        if (!value.IsArray)
        {
            throw MongoError.BadValue($"{name} needs an array");
        }
        var values = new List<BsonValue>();
        var patterns = new List<RegexPredicate>();
        foreach (BsonElement element in value.AsDocument)
        {
            if (IsOperatorDocument(element.Value))
            {
                throw MongoError.BadValue($"cannot nest $ under {name}");
            }
            if (element.Type == BsonType.Regex)
            {
                (string pattern, string options) = element.Value.AsRegex;
                patterns.Add(new RegexPredicate(pattern, options));
            }
            else if (element.Type == BsonType.Undefined)
            {
                throw MongoError.BadValue("InMatchExpression equality cannot be undefined");
            }
            else
            {
                values.Add(element.Value);
            }
        }
        if (values.Count + patterns.Count == 0)
        {
            return new OperatorNever();
        }
        return new OperatorLeaf(new InPredicate(values, patterns), patterns.Count > 0 ? PredicateKind.Other : PredicateKind.In)
        {
            Values = values,
        };
    }

    private OperatorNot Not(BsonValue value)
    {
        if (value.Type == BsonType.Regex)
        {
            return new OperatorNot(ParseValue(value));
        }
        if (!value.IsDocument)
        {
            throw MongoError.BadValue("$not needs a regex or a document");
        }
        return value.AsDocument.IsEmpty
            ? throw MongoError.BadValue("$not cannot be empty")
            : new OperatorNot(ParseOperators(value.AsDocument));
    }

    private OperatorNode All(BsonValue value)
    {
        if (!value.IsArray)
        {
            throw MongoError.BadValue("$all needs an array");
        }
        BsonDoc list = value.AsDocument;
        if (list.IsEmpty)
        {
            return new OperatorNever();
        }
        bool elemMatch = IsElemMatch(list.First.Value);
        var parts = new List<OperatorNode>();
        foreach (BsonElement element in list)
        {
            if (elemMatch)
            {
                if (!IsElemMatch(element.Value))
                {
                    throw MongoError.BadValue("$all/$elemMatch has to be consistent");
                }
                parts.Add(ElemMatch(element.Value.AsDocument.First.Value));
            }
            else
            {
                parts.Add(IsOperatorDocument(element.Value)
                    ? throw MongoError.BadValue("no $ expressions in $all")
                    : ParseValue(element.Value));
            }
        }
        return parts.Count == 1 ? parts[0] : new OperatorAnd(parts);

        static bool IsElemMatch(BsonValue v) =>
            v.IsDocument && !v.AsDocument.IsEmpty && v.AsDocument.First.NameUtf8.SequenceEqual("$elemMatch"u8);
    }

    /// <summary>The condition of <c>$elemMatch</c> on one element, of the value or the document form.</summary>
    public static ValuePredicate ParseElementCondition(BsonDoc condition, string field, QueryContext context)
    {
        if (IsValueForm(condition))
        {
            return new OperatorParser(field, context).ParseOperators(condition).ToValuePredicate();
        }
        return new DocumentPredicate(new MatchParser(context).ParseNested(condition));
    }

    private OperatorLeaf ElemMatch(BsonValue value)
    {
        if (!value.IsDocument)
        {
            throw MongoError.BadValue("$elemMatch needs an Object");
        }
        BsonDoc condition = value.AsDocument;
        if (IsValueForm(condition))
        {
            return new OperatorLeaf(new ElemMatchPredicate(ParseOperators(condition).ToValuePredicate()), PredicateKind.Other);
        }
        var nested = new MatchParser(context);
        var element = new DocumentPredicate(nested.ParseNested(condition));
        return new OperatorLeaf(new ElemMatchPredicate(element), PredicateKind.ElemMatch) { Inner = nested.Conjuncts };
    }

    private static bool IsValueForm(BsonDoc condition) =>
        IsOperatorDocument(BsonValue.Document(condition), incompleteDbRef: true)
        && condition.First.Name is not ("$and" or "$or" or "$nor" or "$where" or "$expr" or "$comment");
}
