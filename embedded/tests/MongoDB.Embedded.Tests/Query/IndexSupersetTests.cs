using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Tests.Query;

/// <summary>
/// What lets a planner trust an index: a document that matches a predicate on a path has a key on that path that satisfies
/// the predicate by itself. Random documents, filters and paths from fixed seeds.
/// </summary>
public class IndexSupersetTests
{
    private static readonly string[] Names = ["a", "b", "0", "1"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_matching_document_has_a_matching_key(int seed)
    {
        var random = new Random(seed);
        int matched = 0;
        for (int i = 0; i < 20_000; i++)
        {
            BsonDoc document = RandomDocument(random, 3);
            string path = RandomPath(random);
            (string op, BsonValue operand) = RandomPredicate(random, allowNull: !path.Any(char.IsDigit));
            if (!Filter(path, op, operand).IsMatch(document))
            {
                continue;
            }
            var keys = new List<BsonValue>();
            try
            {
                Embedded.Query.Paths.CollectIndexKeys(document, new FieldPath(path), keys);
            }
            catch (MongoError error) when (error.Code == 16746)
            {
                // Such a document cannot be indexed, as the server has it.
                continue;
            }
            matched++;
            Matcher onKey = Filter("k", op, operand);
            Assert.True(
                keys.Exists(key => onKey.IsMatch(Single("k", key))),
                $"{path} {op} {operand} matches {document} but none of {string.Join(" | ", keys)}");
        }
        Assert.True(matched > 500, $"only {matched} cases matched");
    }

    private static Matcher Filter(string path, string op, BsonValue operand)
    {
        using var writer = new BsonWriter();
        writer.StartDocument(path);
        writer.Write(op, operand);
        writer.End();
        return Matcher.Parse(writer.ToDocument(), QueryContext.Create());
    }

    private static BsonDoc Single(string name, BsonValue value)
    {
        using var writer = new BsonWriter();
        writer.Write(name, value);
        return writer.ToDocument();
    }

    private static string RandomPath(Random random) =>
        string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(i => Names[random.Next(i == 0 ? 2 : Names.Length)]));

    private static (string Op, BsonValue Operand) RandomPredicate(Random random, bool allowNull)
    {
        BsonValue scalar = Scalar(random, allowNull);
        switch (random.Next(4))
        {
            case 0:
                using (var writer = new BsonWriter())
                {
                    writer.Write(0, scalar);
                    writer.Write(1, Scalar(random, allowNull));
                    return ("$in", BsonValue.Array(writer.ToDocument()));
                }
            case 1:
                return ("$gte", scalar);
            case 2:
                return ("$lt", scalar);
            default:
                return ("$eq", scalar);
        }
    }

    private static BsonValue Scalar(Random random, bool allowNull) => random.Next(allowNull ? 5 : 4) switch
    {
        0 or 1 => BsonValue.Int32(random.Next(4)),
        2 => BsonValue.String(random.Next(2) == 0 ? "x" : "y"),
        3 => BsonValue.Boolean(random.Next(2) == 0),
        _ => BsonValue.Null,
    };

    private static BsonDoc RandomDocument(Random random, int depth)
    {
        using var writer = new BsonWriter();
        foreach (string name in Names)
        {
            if (random.Next(5) < 3)
            {
                writer.Write(name, RandomValue(random, depth));
            }
        }
        return writer.ToDocument();
    }

    private static BsonValue RandomValue(Random random, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            return Scalar(random, allowNull: true);
        }
        if (random.Next(2) == 0)
        {
            return BsonValue.Document(RandomDocument(random, depth - 1));
        }
        using var writer = new BsonWriter();
        int length = random.Next(4);
        for (int i = 0; i < length; i++)
        {
            writer.Write(i, RandomValue(random, depth - 1));
        }
        return BsonValue.Array(writer.ToDocument());
    }
}
