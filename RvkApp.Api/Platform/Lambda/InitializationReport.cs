using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace RvkApp.Api.Platform.Lambda;

/// <summary>
/// Tells Lambda why the function does not start, so that callers and the log see the sentence and not only that the runtime has exited
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-initerror).
/// </summary>
internal static class InitializationReport
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>Posts the reason; does nothing outside of Lambda.</summary>
    /// <param name="type">The kind of error, such as <c>ConfigurationException</c>.</param>
    /// <param name="message">What to tell.</param>
    public static async Task SendAsync(string type, string message)
    {
        if (!LambdaEnvironment.IsLambda || LambdaEnvironment.RuntimeApi is not { Length: > 0 } address)
        {
            return;
        }

        var body = new JsonObject { ["errorMessage"] = message, ["errorType"] = type, ["stackTrace"] = new JsonArray() };
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/vnd.aws.lambda.error+json"));
            content.Headers.Add("Lambda-Runtime-Function-Error-Type", type);
            using var response = await http.PostAsync(new Uri($"http://{address}/2018-06-01/runtime/init/error"), content, deadline.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            await Console.Error.WriteLineAsync($"The reason could not be reported to the Lambda Runtime API: {exception.Message}");
        }
    }
}
