using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>Headers and query of the events that can have them twice: with one value each, and with all values. All values are the whole truth.</summary>
internal static class MultiValues
{
    /// <summary>Reads the headers.</summary>
    /// <param name="single">The JSON of <c>headers</c>; empty when the event has none.</param>
    /// <param name="multi">The JSON of <c>multiValueHeaders</c>; empty when the event has none.</param>
    /// <param name="headers">Gets them.</param>
    public static void ReadHeaders(ReadOnlySpan<byte> single, ReadOnlySpan<byte> multi, IHeaderDictionary headers)
    {
        if (!multi.IsEmpty)
        {
            var json = new Utf8JsonReader(multi);
            EventReader.ReadMultiValueHeaders(ref json, headers);
        }

        if (headers.Count == 0 && !single.IsEmpty)
        {
            var json = new Utf8JsonReader(single);
            EventReader.ReadHeaders(ref json, headers);
        }
    }

    /// <summary>Makes the query string, with its question mark; empty when there is no parameter.</summary>
    /// <param name="single">The JSON of <c>queryStringParameters</c>; empty when the event has none.</param>
    /// <param name="multi">The JSON of <c>multiValueQueryStringParameters</c>; empty when the event has none.</param>
    /// <param name="isEncoded">Whether names and values are still as the client has sent them.</param>
    /// <param name="query">Is used for building it.</param>
    public static string ReadQuery(ReadOnlySpan<byte> single, ReadOnlySpan<byte> multi, bool isEncoded, StringBuilder query)
    {
        query.Clear();
        if (!multi.IsEmpty)
        {
            var json = new Utf8JsonReader(multi);
            Append(ref json, isEncoded, query);
        }

        if (query.Length == 0 && !single.IsEmpty)
        {
            var json = new Utf8JsonReader(single);
            Append(ref json, isEncoded, query);
        }

        return query.ToString();
    }

    private static void Append(ref Utf8JsonReader json, bool isEncoded, StringBuilder query)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            var name = json.GetString()!;
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
            {
                Append(name, json.GetString(), isEncoded, query);
                continue;
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                Append(name, json.GetString(), isEncoded, query);
            }
        }
    }

    private static void Append(string name, string? value, bool isEncoded, StringBuilder query)
        => query.Append(query.Length == 0 ? '?' : '&')
            .Append(isEncoded ? name : WebUtility.UrlEncode(name))
            .Append('=')
            .Append(isEncoded ? value : WebUtility.UrlEncode(value));
}
