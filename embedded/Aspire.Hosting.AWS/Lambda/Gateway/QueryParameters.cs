using System.Text;
using System.Text.Json;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The parameters of a query, decoded. An instance is used for one request after another.</summary>
internal sealed class QueryParameters
{
    private byte[] _bytes = [];
    private Parameter[] _parameters = new Parameter[8];
    private int _count;

    /// <summary>
    /// Writes them as the values of an object: repeated ones joined with commas, decoded, a plus being a space. What is no escape stays as it is.
    /// Nothing is written when there are none.
    /// </summary>
    public void Write(Utf8JsonWriter json, ReadOnlySpan<char> query)
    {
        Read(query);
        if (_count == 0)
        {
            return;
        }

        json.WriteStartObject(EventNames.QueryStringParameters);
        for (var i = 0; i < _count; i++)
        {
            if (!_parameters[i].IsWritten)
            {
                WriteAll(json, i);
            }
        }

        json.WriteEndObject();
    }

    private void WriteAll(Utf8JsonWriter json, int first)
    {
        var name = Name(first);
        json.WritePropertyName(name);
        var last = first;
        for (var i = first + 1; i < _count; i++)
        {
            if (_parameters[i].Hash == _parameters[first].Hash && Name(i).SequenceEqual(name))
            {
                json.WriteStringValueSegment(Value(last), isFinalSegment: false);
                json.WriteStringValueSegment(","u8, isFinalSegment: false);
                _parameters[i].IsWritten = true;
                last = i;
            }
        }

        if (last == first)
        {
            json.WriteStringValue(Value(first));
        }
        else
        {
            json.WriteStringValueSegment(Value(last), isFinalSegment: true);
        }
    }

    private ReadOnlySpan<byte> Name(int index) => _bytes.AsSpan(_parameters[index].NameStart, _parameters[index].NameLength);

    private ReadOnlySpan<byte> Value(int index) => _bytes.AsSpan(_parameters[index].ValueStart, _parameters[index].ValueLength);

    private void Read(ReadOnlySpan<char> query)
    {
        _count = 0;
        if (_bytes.Length < query.Length * 3)
        {
            _bytes = new byte[query.Length * 3];
        }

        var used = 0;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf('=');
            var nameStart = used;
            var nameLength = Decode(equals < 0 ? pair : pair[..equals], ref used);
            var valueStart = used;
            var valueLength = Decode(equals < 0 ? default : pair[(equals + 1)..], ref used);
            if (_count == _parameters.Length)
            {
                Array.Resize(ref _parameters, _count * 2);
            }

            var hash = new HashCode();
            hash.AddBytes(_bytes.AsSpan(nameStart, nameLength));
            _parameters[_count++] = new Parameter(nameStart, nameLength, valueStart, valueLength, hash.ToHashCode());
        }
    }

    private int Decode(ReadOnlySpan<char> text, ref int used)
    {
        var start = used;
        if (!text.ContainsAny('%', '+'))
        {
            used += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(used));
            return used - start;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && PercentEncoding.TryDecode(text[i + 1], text[i + 2], out var value))
            {
                _bytes[used++] = value;
                i += 2;
            }
            else if (text[i] == '+')
            {
                _bytes[used++] = (byte)' ';
            }
            else
            {
                used += Encoding.UTF8.GetBytes(text.Slice(i, 1), _bytes.AsSpan(used));
            }
        }

        return used - start;
    }

    private record struct Parameter(int NameStart, int NameLength, int ValueStart, int ValueLength, int Hash)
    {
        public bool IsWritten { get; set; }
    }
}
