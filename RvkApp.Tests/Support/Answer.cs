using System.Net;
using System.Text.Json;

namespace RvkApp.Tests.Support;

/// <summary>An HTTP answer, read to its end, with the assertions that tests make on answers.</summary>
internal sealed class Answer(HttpRequestMessage request, HttpResponseMessage response, string text)
{
    private readonly string _request = $"{request.Method} {request.RequestUri?.PathAndQuery}";
    private readonly string _path = request.RequestUri!.AbsolutePath;

    public HttpResponseMessage Response { get; } = response;

    public int Status => (int)Response.StatusCode;

    public string Text { get; } = text;

    public JsonElement Json
    {
        get
        {
            try
            {
                return field.ValueKind == JsonValueKind.Undefined ? field = JsonElement.Parse(Text) : field;
            }
            catch (JsonException e)
            {
                throw new InvalidOperationException($"{this} is not JSON.", e);
            }
        }
    }

    /// <summary>The value of a response or content header, or null.</summary>
    public string? Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) || Response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public Answer ShouldBe(HttpStatusCode status) => ShouldBe((int)status);

    public Answer ShouldBe(int status)
    {
        Assert.True(Status == status, $"expected {status}: {this}");
        return this;
    }

    /// <summary>The answer is an RFC 9457 problem with every member that the contract promises, and gives nothing away.</summary>
    public Answer ShouldBeProblem(int status)
    {
        ShouldBe(status);
        Assert.True(Response.Content.Headers.ContentType?.MediaType == "application/problem+json", $"content type {Response.Content.Headers.ContentType}: {this}");
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        foreach (var member in new[] { "title", "detail", "traceId" })
        {
            Assert.True(Json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0, $"no {member}: {this}");
        }

        Assert.True(Json.TryGetProperty("instance", out var instance) && instance.GetString() == _path, $"instance is not the path: {this}");
        ShouldGiveNothingAway();
        return this;
    }

    /// <summary>The answer is a validation problem that names the field.</summary>
    public Answer ShouldBeInvalid(string field)
    {
        ShouldBeProblem(400);
        Assert.True(
            Json.TryGetProperty("errors", out var errors)
            && errors.TryGetProperty(field, out var messages)
            && messages.ValueKind == JsonValueKind.Array
            && messages.GetArrayLength() > 0
            && messages.EnumerateArray().All(m => m.GetString() is { Length: > 0 }),
            $"no message for '{field}': {this}");
        return this;
    }

    /// <summary>No stack trace, driver text or connection string leaves the process.</summary>
    public Answer ShouldGiveNothingAway()
    {
        foreach (var secret in (ReadOnlySpan<string>)["mongodb://", "MongoDB.", "   at ", "Exception", "127.0.0.1:", "localhost:27"])
        {
            Assert.DoesNotContain(secret, Text, StringComparison.OrdinalIgnoreCase);
        }

        return this;
    }

    public override string ToString() => $"{_request} -> {Status} {(Text.Length > 600 ? Text[..600] + "…" : Text)}";
}
