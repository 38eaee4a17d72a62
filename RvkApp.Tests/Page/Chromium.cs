using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Page;

/// <summary>A headless Chromium with one tab, driven by the DevTools protocol over loopback. Everything it does has a deadline.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private const int LargestMessage = 4 << 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _profile = new();
    private readonly CancellationTokenSource _deadline = new(Deadline);
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[LargestMessage];
    private readonly Process _process;
    private string _session = "";
    private int _lastId;

    private Chromium(string executable)
    {
        // Root, which CI runs as, cannot have Chromium's sandbox; the page is our own.
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(executable, ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage",
                "--window-size=1280,900", "--remote-debugging-port=0", $"--user-data-dir={_profile["profile"]}", "about:blank"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            },
        };
    }

    /// <summary>Why there is no Chromium here; null when there is.</summary>
    public static string? SkipReason => Executable() is null ? "Chromium is not on PATH (Debian: apt-get install chromium)." : null;

    /// <summary>The events that came while commands were waited for, by method.</summary>
    public List<(string Method, JsonNode Parameters)> Events { get; } = [];

    /// <summary>Starts Chromium.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var chromium = new Chromium(Executable()!);
        try
        {
            await chromium.ConnectAsync();
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a command to the tab and returns its result.</summary>
    public async Task<JsonNode> SendAsync(string method, JsonObject? parameters = null)
    {
        var id = ++_lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session.Length > 0)
        {
            message["sessionId"] = _session;
        }

        await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, _deadline.Token);
        while (true)
        {
            var answer = await ReceiveAsync();
            if (answer["id"]?.GetValue<int>() == id)
            {
                return answer["error"] is { } error ? throw new InvalidOperationException($"{method}: {error["message"]}") : answer["result"]!;
            }
        }
    }

    /// <summary>Loads a file and waits until it is loaded.</summary>
    public async Task OpenAsync(string path)
    {
        await SendAsync("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri });
        while (!Events.Any(happened => happened.Method == "Page.loadEventFired"))
        {
            await ReceiveAsync();
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        var result = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        return result["exceptionDetails"] is { } exception
            ? throw new InvalidOperationException($"{expression}: {exception}")
            : result["result"]!["value"]!.GetValue<T>();
    }

    /// <summary>Presses a key.</summary>
    public async Task PressAsync(string key, int code)
    {
        foreach (var type in (string[])["keyDown", "keyUp"])
        {
            await SendAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            _session = "";
            try
            {
                await SendAsync("Browser.close");
                await _process.WaitForExitAsync(_deadline.Token);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                // It went before it answered, or it has to be killed.
            }
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _socket.Dispose();
        _deadline.Dispose();
        _profile.Dispose();
    }

    /// <summary>The path of the program; null when there is none.</summary>
    internal static string? Executable()
        => CommandOnPath.Find("chromium", "chromium-browser", "google-chrome");

    private async Task ConnectAsync()
    {
        _process.Start();
        string? line;
        do
        {
            line = await _process.StandardError.ReadLineAsync(_deadline.Token) ?? throw new InvalidOperationException("Chromium ended before it could be driven.");
        }
        while (!line.StartsWith(Announcement, StringComparison.Ordinal));

        // Nobody reads on, and a full pipe would stop it.
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await _socket.ConnectAsync(new Uri(line[Announcement.Length..]), _deadline.Token);
        var targets = await SendAsync("Target.getTargets");
        var tab = targets["targetInfos"]!.AsArray().First(target => target!["type"]!.GetValue<string>() == "page")!["targetId"]!.GetValue<string>();
        _session = (await SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = tab, ["flatten"] = true }))["sessionId"]!.GetValue<string>();
        foreach (var domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            await SendAsync($"{domain}.enable");
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        var length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(_buffer.AsMemory(length), _deadline.Token);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close || length == _buffer.Length)
            {
                throw new InvalidOperationException(length == _buffer.Length ? "Chromium sent a message that is too long." : "Chromium closed the connection.");
            }
        }
        while (!part.EndOfMessage);

        var message = JsonNode.Parse(_buffer.AsSpan(0, length))!;
        if (message["method"]?.GetValue<string>() is { } method)
        {
            Events.Add((method, message["params"]!));
        }

        return message;
    }
}
