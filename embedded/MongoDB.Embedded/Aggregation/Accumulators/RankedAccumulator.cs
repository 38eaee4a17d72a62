using MongoDB.Embedded.Aggregation.Operators;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Accumulators;

/// <summary>
/// <c>$top $topN $bottom $bottomN</c>. The argument it is fed is a document of the output and the sort key.
/// </summary>
internal sealed class RankedAccumulator(SortPattern sort, int most, bool bottom, bool single) : Accumulator
{
    private readonly List<(BsonValue[] Key, BsonValue Output)> _kept = [];
    private long _bytes;

    public override void Add(BsonValue value)
    {
        BsonDoc pair = value.AsDocument;
        BsonDoc document = pair.Get("d"u8).AsDocument;
        BsonValue[] key = sort.KeyOf(document);
        int at = _kept.FindIndex(k => sort.CompareKeys(key, k.Key) < 0);
        at = at < 0 ? _kept.Count : at;
        if (!bottom && at >= most)
        {
            return;
        }
        BsonValue output = pair.Get("o"u8);
        output = output.IsMissing ? BsonValue.Null : output.Detach();
        _kept.Insert(at, ([.. key.Select(k => k.Detach())], output));
        _bytes += output.RawSlice.Length;
        if (_kept.Count > most)
        {
            int drop = bottom ? 0 : _kept.Count - 1;
            _bytes -= _kept[drop].Output.RawSlice.Length;
            _kept.RemoveAt(drop);
        }
    }

    public override BsonValue Result() => single
        ? _kept.Count == 0 ? BsonValue.Null : _kept[0].Output
        : ArrayOperators.ToArray(_kept.Select(k => k.Output));

    public override long MemoryBytes => _bytes + _kept.Count * 64L;

    public static AccumulatorSpec Parse(string field, string name, BsonValue argument, QueryContext context)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(5788001, $"specification must be an object; found {name}: {BsonText.ToShell(argument)}");
        }
        bool many = name.EndsWith('N');
        string[] members = many ? ["output", "sortBy", "n"] : ["output", "sortBy"];
        var named = NamedArguments.Read(
            argument.AsDocument, members, unknown => new MongoError(5788002, $"Unknown argument to {name} '{unknown}'"));
        foreach ((string member, int code) in (ReadOnlySpan<(string, int)>)[("n", 5788003), ("output", 5788004), ("sortBy", 5788005)])
        {
            if (members.Contains(member) && !named.Has(member))
            {
                throw new MongoError(code, $"Missing value for '{member}'");
            }
        }
        BsonValue sortBy = named.Raw("sortBy");
        var sort = sortBy.IsDocument
            ? SortPattern.Parse(sortBy.AsDocument)
            : throw new MongoError(5788604, $"expected 'sortBy' to already be an object in the arguments to {name}.");
        using var writer = new BsonWriter();
        writer.Write("o", named.Raw("output"));
        writer.Write("d", "$$ROOT");
        bool bottom = name.StartsWith("$bottom", StringComparison.Ordinal);
        return new AccumulatorSpec(
            field,
            n => new RankedAccumulator(sort, many ? AccumulatorSpec.CheckN(n) : 1, bottom, single: !many),
            Expression.Parse(BsonValue.Document(writer.ToDocument()), context),
            many ? Expression.Parse(named.Raw("n"), context) : null);
    }
}
