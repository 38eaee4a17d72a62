using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Update;

/// <summary>What the operators on whole arrays share.</summary>
internal static class ArrayElements
{
    public static List<BsonValue> Read(BsonValue array)
    {
        var values = new List<BsonValue>();
        if (array.IsArray)
        {
            foreach (BsonElement element in array.AsDocument)
            {
                values.Add(element.Value);
            }
        }
        return values;
    }

    public static BsonValue Write(List<BsonValue> values)
    {
        using var writer = new BsonWriter();
        for (int i = 0; i < values.Count; i++)
        {
            writer.Write(i, values[i]);
        }
        return BsonValue.Array(writer.ToDocument());
    }
}
