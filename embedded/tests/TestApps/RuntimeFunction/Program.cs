using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

// A client of the Lambda Runtime API that does as it is told. How it starts is told by INIT, what it does with an event by the event: {"do": WHAT, …}.
//   echo              returns the event                env NAME           returns the value of a variable
//   sleep MS          returns after a while            exit CODE          ends
//   signal NUMBER     ends by a signal                 error              posts an error
//   big BYTES         returns a string of that many    chunked            returns in chunks, without a length
//   twice             returns twice, tells the status  wrong-id           answers another event, tells the status
//   next              asks for another event, tells the status of that
//   headers           returns what came with it        count              returns how often a timer fired, and starts one
//   pid               returns its process id           print TEXT         writes a line
//   after-exit CODE   ends after it has returned       after-sleep MS     asks late for the next event
var client = new HttpClient { BaseAddress = new Uri($"http://{Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")}/2018-06-01/runtime/"), Timeout = Timeout.InfiniteTimeSpan };
var ticks = 0;
Timer? timer = null;

var init = (Environment.GetEnvironmentVariable("INIT") ?? "").Split(' ');
var marker = Environment.GetEnvironmentVariable("INIT_ONCE");
if (marker is null || !File.Exists(marker))
{
    if (marker is not null)
    {
        File.WriteAllText(marker, "");
    }

    switch (init[0])
    {
        case "exit":
            Console.Error.WriteLine("refuses to start");
            return Number(init[1]);
        case "sleep":
            Thread.Sleep(Number(init[1]));
            break;
        case "error":
            var status = await PostAsync("init/error", """{"errorType":"InvalidOperationException","errorMessage":"cannot start"}""", "InvalidOperationException");
            Console.WriteLine($"init/error {status}");
            return 1;
    }
}

while (true)
{
    using var next = await client.GetAsync("invocation/next");
    if (!next.IsSuccessStatusCode)
    {
        Console.Error.WriteLine($"next: {(int)next.StatusCode}");
        return 3;
    }

    var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
    var text = await next.Content.ReadAsStringAsync();
    using var json = JsonDocument.Parse(text);
    var act = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("do", out var what) ? what.GetString() : "echo";
    var value = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("value", out var given) ? given.ToString() : "";
    switch (act)
    {
        case "sleep":
            await Task.Delay(Number(value));
            await RespondAsync(id, text);
            break;
        case "exit":
            return Number(value);
        case "signal":
            _ = Signals.Kill(Environment.ProcessId, Number(value));
            Thread.Sleep(Timeout.Infinite);
            break;
        case "error":
            await PostAsync($"invocation/{id}/error", """{"errorType":"Broken","errorMessage":"as it was told"}""", "Broken");
            break;
        case "big":
            await RespondAsync(id, $"\"{new string('x', Number(value) - 2)}\"");
            break;
        case "chunked":
            using (var request = new HttpRequestMessage(HttpMethod.Post, $"invocation/{id}/response") { Content = new StringContent("\"in chunks\"") })
            {
                request.Headers.TransferEncodingChunked = true;
                (await client.SendAsync(request)).Dispose();
            }

            break;
        case "twice":
            Console.WriteLine($"first {await RespondAsync(id, "1")}, second {await RespondAsync(id, "2")}");
            break;
        case "wrong-id":
            await RespondAsync(id, (await RespondAsync("0f2ba5c5-6a07-4f8c-8b9b-6d8a8b5d1111", "1")).ToString(CultureInfo.InvariantCulture));
            break;
        case "next":
            using (var second = await client.GetAsync("invocation/next"))
            {
                await RespondAsync(id, ((int)second.StatusCode).ToString(CultureInfo.InvariantCulture));
            }

            break;
        case "headers":
            await RespondAsync(id, JsonSerializer.Serialize(next.Headers.Concat(next.Content.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value))));
            break;
        case "env":
            await RespondAsync(id, JsonSerializer.Serialize(Environment.GetEnvironmentVariable(value)));
            break;
        case "pid":
            await RespondAsync(id, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            break;
        case "print":
            Console.WriteLine(value);
            await RespondAsync(id, text);
            break;
        case "count":
            timer ??= new Timer(_ => Interlocked.Increment(ref ticks), null, 10, 10);
            await RespondAsync(id, Volatile.Read(ref ticks).ToString(CultureInfo.InvariantCulture));
            break;
        case "after-exit":
            await RespondAsync(id, text);
            return Number(value);
        case "after-sleep":
            await RespondAsync(id, text);
            await Task.Delay(Number(value));
            break;
        default:
            await RespondAsync(id, text);
            break;
    }
}

Task<int> RespondAsync(string id, string body) => PostAsync($"invocation/{id}/response", body, errorType: null);

async Task<int> PostAsync(string path, string body, string? errorType)
{
    using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    if (errorType is not null)
    {
        request.Headers.Add("Lambda-Runtime-Function-Error-Type", errorType);
    }

    using var response = await client.SendAsync(request);
    return (int)response.StatusCode;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

internal static partial class Signals
{
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int processId, int signal);
}
