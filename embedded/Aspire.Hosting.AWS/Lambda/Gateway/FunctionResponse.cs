using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// What a function returned, read where it lies: no tree is built. Either it is a response in format 2.0, which has a <c>statusCode</c>, or the
/// response is inferred (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response).
/// </summary>
internal readonly ref struct FunctionResponse
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };

    private readonly ReadOnlySpan<byte> _payload;
    private readonly int _headersAt;
    private readonly int _cookiesAt;
    private readonly int _bodyAt;

    private FunctionResponse(ReadOnlySpan<byte> payload, int status, int headersAt, int cookiesAt, int bodyAt, bool isBase64Encoded, bool isInferred)
    {
        _payload = payload;
        Status = status;
        _headersAt = headersAt;
        _cookiesAt = cookiesAt;
        _bodyAt = bodyAt;
        IsBase64Encoded = isBase64Encoded;
        IsInferred = isInferred;
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>Whether the body is in base64.</summary>
    public bool IsBase64Encoded { get; }

    /// <summary>Whether what the function returned is the body, and the rest is assumed.</summary>
    public bool IsInferred { get; }

    /// <summary>Whether there are headers.</summary>
    public bool HasHeaders => _headersAt >= 0;

    /// <summary>Whether there are cookies.</summary>
    public bool HasCookies => _cookiesAt >= 0;

    /// <summary>A reader at the start of the headers' object.</summary>
    public Utf8JsonReader Headers => new(_payload[_headersAt..], Options);

    /// <summary>A reader at the start of the cookies' array.</summary>
    public Utf8JsonReader Cookies => new(_payload[_cookiesAt..], Options);

    /// <summary>Reads what a function returned.</summary>
    /// <param name="payload">What it returned.</param>
    /// <param name="response">The response, when the result is null.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> payload, out FunctionResponse response)
    {
        response = new FunctionResponse(payload, 200, -1, -1, 0, isBase64Encoded: false, isInferred: true);
        try
        {
            return ReadObject(payload, ref response);
        }
        catch (JsonException)
        {
            // What is not JSON is a body too, as API Gateway has it.
            return null;
        }
    }

    /// <summary>Finds the body: in the payload, or decoded in an array of the shared pool.</summary>
    /// <param name="body">The body.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? ReadBody(out ResponseBody body)
    {
        body = default;
        if (_bodyAt < 0)
        {
            return null;
        }

        if (IsInferred && !IsString(_payload))
        {
            body = new ResponseBody(null, 0, _payload.Length);
            return null;
        }

        var reader = new Utf8JsonReader(_payload[_bodyAt..], Options);
        reader.Read();
        var text = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            body = new ResponseBody(null, _bodyAt + (int)reader.TokenStartIndex + 1, text.Length);
            return IsBase64Encoded ? Decode(text, ref body) : null;
        }

        var rented = ArrayPool<byte>.Shared.Rent(text.Length);
        body = new ResponseBody(rented, 0, 0);
        try
        {
            body = new ResponseBody(rented, 0, reader.CopyString(rented));
        }
        catch (InvalidOperationException)
        {
            return "its body is no valid Unicode text";
        }

        return IsBase64Encoded ? Decode(rented.AsSpan(0, body.Length), ref body) : null;
    }

    // One string and nothing else.
    private static bool IsString(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload, Options);
            return reader.Read() && reader.TokenType == JsonTokenType.String && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Leaves the response as it is when there is no statusCode.
    private static string? ReadObject(ReadOnlySpan<byte> payload, ref FunctionResponse response)
    {
        var reader = new Utf8JsonReader(payload, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        int? status = null;
        int headersAt = -1, cookiesAt = -1, bodyAt = -1;
        var isBase64 = false;
        string? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("statusCode"u8))
            {
                reader.Read();
                status = ReadStatus(ref reader, ref error);
            }
            else if (reader.ValueTextEquals("headers"u8))
            {
                headersAt = ValueAt(ref reader, JsonTokenType.StartObject, "headers are no object", ref error);
            }
            else if (reader.ValueTextEquals("cookies"u8))
            {
                cookiesAt = ValueAt(ref reader, JsonTokenType.StartArray, "cookies are no array", ref error);
            }
            else if (reader.ValueTextEquals("body"u8))
            {
                bodyAt = ValueAt(ref reader, JsonTokenType.String, "body is no string", ref error);
            }
            else if (reader.ValueTextEquals("isBase64Encoded"u8))
            {
                reader.Read();
                isBase64 = reader.TokenType == JsonTokenType.True;
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                {
                    error ??= "its isBase64Encoded is neither true nor false";
                }
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        // To the end, since what follows may make it no JSON.
        if (reader.Read() || status is not { } code)
        {
            return null;
        }

        response = new FunctionResponse(payload, code, headersAt, cookiesAt, bodyAt, isBase64, isInferred: false);
        return error;
    }

    private static int ReadStatus(ref Utf8JsonReader reader, ref string? error)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var status) && status is >= 200 and <= 599)
        {
            return status;
        }

        error ??= "its statusCode is not a whole number from 200 to 599";
        return 0;
    }

    private static int ValueAt(ref Utf8JsonReader reader, JsonTokenType expected, string otherwise, ref string? error)
    {
        reader.Read();
        if (reader.TokenType == expected)
        {
            return (int)reader.TokenStartIndex;
        }

        if (reader.TokenType != JsonTokenType.Null)
        {
            error ??= $"its {otherwise}";
        }

        return -1;
    }

    // Text in an array of the pool is decoded where it is.
    private static string? Decode(ReadOnlySpan<byte> text, ref ResponseBody body)
    {
        OperationStatus status;
        int written;
        if (body.Rented is { } array)
        {
            status = Base64.DecodeFromUtf8InPlace(array.AsSpan(0, text.Length), out written);
        }
        else
        {
            array = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(text.Length));
            status = Base64.DecodeFromUtf8(text, array, out _, out written);
        }

        body = new ResponseBody(array, 0, written);
        return status == OperationStatus.Done ? null : "its body is not the base64 that isBase64Encoded promises";
    }
}

/// <summary>Where the body of a response is.</summary>
/// <param name="Rented">The array of the shared pool that it is in, to be returned; null when it is in the payload.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="Length">How long it is, in bytes.</param>
internal readonly record struct ResponseBody(byte[]? Rented, int Start, int Length)
{
    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> In(ReadOnlyMemory<byte> payload) => (Rented ?? payload).Slice(Start, Length);

    /// <summary>Returns the array.</summary>
    public void Return()
    {
        if (Rented is not null)
        {
            ArrayPool<byte>.Shared.Return(Rented);
        }
    }
}
