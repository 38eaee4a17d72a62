using System.Text.Json;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>The fields that a response has in one format or another, for an application that wants to change it before it is returned.</summary>
internal sealed class ResponseFields
{
    public int StatusCode { get; set; }

    public string? StatusDescription { get; set; }

    public IDictionary<string, string>? Headers { get; set; }

    public IDictionary<string, IList<string>>? MultiValueHeaders { get; set; }

    public IList<string>? Cookies { get; set; }

    public string? Body { get; set; }

    public bool IsBase64Encoded { get; set; }

    /// <summary>Reads what <see cref="ResponseWriter"/> has written.</summary>
    public static ResponseFields Read(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text);
        var fields = new ResponseFields();
        EventReader.Begin(ref json);
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "statusCode":
                    fields.StatusCode = (int)EventObjectReader.Number(ref json);
                    break;
                case "statusDescription":
                    fields.StatusDescription = EventObjectReader.Text(ref json);
                    break;
                case "headers":
                    fields.Headers = EventObjectReader.Map(ref json);
                    break;
                case "multiValueHeaders":
                    fields.MultiValueHeaders = EventObjectReader.MultiMap(ref json);
                    break;
                case "cookies":
                    fields.Cookies = EventObjectReader.Texts(ref json, null);
                    break;
                case "body":
                    fields.Body = EventObjectReader.Text(ref json);
                    break;
                case "isBase64Encoded":
                    fields.IsBase64Encoded = EventReader.IsTrue(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return fields;
    }

    /// <summary>Writes them in the place of what is there.</summary>
    public void Write(Utf8JsonWriter json, PooledBuffer output)
    {
        output.Reset();
        json.Reset(output);
        json.WriteStartObject();
        json.WriteNumber("statusCode"u8, StatusCode);
        if (StatusDescription is not null)
        {
            json.WriteString("statusDescription"u8, StatusDescription);
        }

        if (Headers is not null)
        {
            json.WriteStartObject("headers"u8);
            foreach (var (name, value) in Headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        if (MultiValueHeaders is not null)
        {
            json.WriteStartObject("multiValueHeaders"u8);
            foreach (var (name, values) in MultiValueHeaders)
            {
                WriteArray(json, name, values);
            }

            json.WriteEndObject();
        }

        if (Cookies is not null)
        {
            WriteArray(json, "cookies", Cookies);
        }

        if (Body is not null)
        {
            json.WriteString("body"u8, Body);
        }

        json.WriteBoolean("isBase64Encoded"u8, IsBase64Encoded);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
