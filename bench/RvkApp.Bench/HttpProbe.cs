using System.Net;

namespace RvkApp.Bench;

/// <summary>Asks whether something answers yet.</summary>
internal static class HttpProbe
{
    /// <summary>Whether the path answers 200.</summary>
    public static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // Not listening yet.
        }
        catch (TaskCanceledException)
        {
            return false;
        }
    }
}
