using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace RvkApp.Tests.Support;

/// <summary>Sends what the tests send: mostly JSON that they write by hand, because half of it is wrong on purpose.</summary>
internal static class HttpClientExtensions
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static Task<Answer> GetAnswerAsync(this HttpClient client, string path) => client.SendAsync(HttpMethod.Get, path, content: null);

    public static Task<Answer> DeleteAnswerAsync(this HttpClient client, string path) => client.SendAsync(HttpMethod.Delete, path, content: null);

    public static Task<Answer> PostAsync(this HttpClient client, string path, JsonNode? body) => client.SendAsync(HttpMethod.Post, path, Json(body));

    public static Task<Answer> PutAsync(this HttpClient client, string path, JsonNode? body) => client.SendAsync(HttpMethod.Put, path, Json(body));

    /// <summary>Sends JSON text as it is.</summary>
    public static Task<Answer> SendTextAsync(this HttpClient client, HttpMethod method, string path, string text, string mediaType = "application/json")
        => client.SendAsync(method, path, new StringContent(text, Encoding.UTF8, mediaType));

    public static async Task<Answer> SendAsync(this HttpClient client, HttpMethod method, string path, HttpContent? content, Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        configure?.Invoke(request);
        // The caller reads headers off the response; its content is buffered, so there is nothing left to release.
        var response = await client.SendAsync(request, Cancelled);
        return new Answer(request, response, await response.Content.ReadAsStringAsync(Cancelled));
    }

    public static HttpClient WithToken(this HttpClient client, string token)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public static StringContent Json(JsonNode? body) => new(body?.ToJsonString() ?? "null", Encoding.UTF8, "application/json");
}
