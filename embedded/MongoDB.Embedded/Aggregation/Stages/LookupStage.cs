using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary>
/// <c>$lookup</c> by equality of fields, by a pipeline with variables, or both. The equality goes to the source as a filter, so
/// that an index on the foreign field serves it.
/// </summary>
internal sealed class LookupStage : Stage
{
    private readonly LookupSpec _spec;
    private readonly StageParser _parser;
    private readonly List<(VariableCell Cell, Expression Value)> _variables;
    private readonly Pipeline? _pipeline;
    private readonly bool _uncorrelated;
    private BsonValue _cached;

    private LookupStage(LookupSpec spec, StageParser parser, List<(VariableCell Cell, Expression Value)> variables, Pipeline? pipeline)
    {
        _spec = spec;
        _parser = parser;
        _variables = variables;
        _pipeline = pipeline;
        _uncorrelated = spec.LocalField is null && variables.Count == 0 && !parser.Context.HasChangingVariables && spec.IsRepeatable;
    }

    public static LookupStage Parse(BsonValue argument, StageParser parser)
    {
        var spec = LookupSpec.Parse(argument);
        var cells = new Dictionary<string, VariableCell>(StringComparer.Ordinal);
        var variables = new List<(VariableCell, Expression)>();
        foreach (BsonElement variable in spec.Let)
        {
            ExpressionParser.CheckUserVariable(variable.Name);
            var cell = new VariableCell();
            cells[variable.Name] = cell;
            variables.Add((cell, Expression.Parse(variable.Value, parser.Context)));
        }
        Pipeline? pipeline = spec.Pipeline is { } stages ? parser.ParseNested(stages, parser.Context.With(cells)) : null;
        return new LookupStage(spec, parser, variables, pipeline);
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        foreach (BsonDoc document in input)
        {
            if (_uncorrelated && _cached.IsMissing)
            {
                _cached = Join(document);
            }
            yield return DocumentEdit.Set(document, _spec.As, _uncorrelated ? _cached : Join(document));
        }
    }

    private BsonValue Join(BsonDoc document)
    {
        foreach ((VariableCell cell, Expression value) in _variables)
        {
            cell.Value = value.Evaluate(document);
        }
        using var writer = new BsonWriter();
        int count = 0;
        foreach (BsonDoc found in Foreign(document))
        {
            writer.Write(count++, BsonValue.Document(found));
            if (writer.Position > StageLimits.MemoryBytes)
            {
                throw new MongoError(4568, $"Total size of documents in {_spec.From} matching pipeline's $lookup stage exceeds {StageLimits.MemoryBytes} bytes");
            }
        }
        return BsonValue.Array(writer.ToDocument());
    }

    private IEnumerable<BsonDoc> Foreign(BsonDoc document)
    {
        Matcher? equality = _spec.LocalField is null ? null : EqualityFilter(document);
        if (_spec.From.Length == 0)
        {
            return _pipeline!.Run([]);
        }
        if (_pipeline is null)
        {
            return _parser.Source.Find(_parser.Database, _spec.From, equality);
        }
        if (equality is not null || _pipeline.LeadingMatch is null)
        {
            return _pipeline.Run(_parser.Source.Find(_parser.Database, _spec.From, equality));
        }
        return _pipeline.Run(_parser.Source.Find(_parser.Database, _spec.From, _pipeline.LeadingMatch), PipelineStart.AfterMatch);
    }

    // Every value of an array counts; a field that is missing equals null; an empty array equals nothing.
    private Matcher EqualityFilter(BsonDoc document)
    {
        var values = new LocalValues { Values = [] };
        int position = Paths.NoPosition;
        Paths.Walk(document, _spec.LocalField!, traverseLeaf: false, ref values, ref position);
        if (values.Values.Count == 0 && !values.SawArray)
        {
            values.Values.Add(BsonValue.Null);
        }
        using var writer = new BsonWriter();
        writer.StartDocument(_spec.ForeignField!.Text);
        if (values.Values.Count == 1 && !values.Values[0].IsArray)
        {
            writer.Write("$eq", values.Values[0]);
        }
        else
        {
            writer.StartArray("$in");
            for (int i = 0; i < values.Values.Count; i++)
            {
                writer.Write(i, values.Values[i]);
            }
            writer.End();
        }
        writer.End();
        return Matcher.Parse(writer.ToDocument(), _parser.Context);
    }

    private struct LocalValues : IPathVisitor
    {
        public List<BsonValue> Values;
        public bool SawArray;

        public bool Visit(BsonValue value)
        {
            if (value.IsArray)
            {
                SawArray = true;
                foreach (BsonElement element in value.AsDocument)
                {
                    Values.Add(element.Value);
                }
            }
            else
            {
                Values.Add(value.IsNullish ? BsonValue.Null : value);
            }
            return false;
        }
    }
}

/// <summary>The members of a <c>$lookup</c>.</summary>
internal sealed class LookupSpec
{
    private LookupSpec(string from, FieldPath @as)
    {
        From = from;
        As = @as;
    }

    /// <summary>The foreign collection; empty when the pipeline starts with <c>$documents</c>.</summary>
    public string From { get; }

    public FieldPath As { get; }

    public FieldPath? LocalField { get; private init; }

    public FieldPath? ForeignField { get; private init; }

    public BsonDoc Let { get; private init; }

    public BsonDoc? Pipeline { get; private init; }

    /// <summary>Whether the same pipeline gives the same result again.</summary>
    public bool IsRepeatable => Pipeline is { } stages
        && !BsonText.ToShell(stages).Contains("$rand", StringComparison.Ordinal)
        && !BsonText.ToShell(stages).Contains("$sample", StringComparison.Ordinal);

    /// <exception cref="MongoError">FailedToParse (9).</exception>
    public static LookupSpec Parse(BsonValue argument)
    {
        if (!argument.IsDocument)
        {
            throw MongoError.FailedToParse($"the $lookup stage specification must be an object, but found {argument.Type.Name()}");
        }
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        BsonDoc let = default;
        BsonDoc? pipeline = null;
        foreach (BsonElement element in argument.AsDocument)
        {
            BsonValue value = element.Value;
            switch (element.Name)
            {
                case "from" or "as" or "localField" or "foreignField":
                    strings[element.Name] = value.IsString
                        ? value.AsString
                        : throw MongoError.FailedToParse($"$lookup argument '{element}' must be a string, is type {value.Type.Name()}");
                    break;
                case "let":
                    let = value.IsDocument
                        ? value.AsDocument
                        : throw MongoError.FailedToParse($"$lookup argument '{element}' must be an object, is type {value.Type.Name()}");
                    break;
                case "pipeline":
                    pipeline = value.IsArray
                        ? value.AsDocument
                        : throw MongoError.TypeMismatch("A pipeline must be an array of objects");
                    break;
                default:
                    throw MongoError.FailedToParse($"unknown argument to $lookup: {element.Name}");
            }
        }
        if (!strings.TryGetValue("as", out string? to))
        {
            throw MongoError.FailedToParse("must specify 'as' field for a $lookup");
        }
        bool ownDocuments = pipeline is { IsEmpty: false } stages && stages.First.Value is { IsDocument: true } first
            && !first.AsDocument.IsEmpty && first.AsDocument.First.NameUtf8.SequenceEqual("$documents"u8);
        if (!strings.TryGetValue("from", out string? from) && !ownDocuments)
        {
            throw MongoError.FailedToParse("must specify 'from' field for a $lookup");
        }
        bool local = strings.TryGetValue("localField", out string? localField);
        bool foreign = strings.TryGetValue("foreignField", out string? foreignField);
        if (local != foreign)
        {
            throw MongoError.FailedToParse("$lookup requires both or neither of 'localField' and 'foreignField' to be specified");
        }
        if (!local && pipeline is null)
        {
            throw MongoError.FailedToParse("$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified");
        }
        if (pipeline is null && !let.IsEmpty)
        {
            throw MongoError.FailedToParse("$lookup with a 'let' argument must also specify 'pipeline'");
        }
        return new LookupSpec(from ?? "", ExpressionParser.CheckedPath(to))
        {
            LocalField = local ? ExpressionParser.CheckedPath(localField!) : null,
            ForeignField = foreign ? ExpressionParser.CheckedPath(foreignField!) : null,
            Let = let,
            Pipeline = pipeline,
        };
    }
}
