using System.Globalization;
using System.Net;
using Aspire.Hosting.Orchestration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// What listens for the emulator: the Runtime API and the Invoke API on one port, on Kestrel without anything of ASP.NET Core between, and on the loopback interface only.
/// </summary>
internal sealed class LambdaServer : IHttpApplication<HttpContext>, IRunningResource
{
    private readonly LambdaService _service;
    private readonly KestrelServer _server;
    private readonly ILoggerFactory _loggers;
    private readonly RuntimeApi _runtime;
    private readonly InvokeApi _invoke;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopped;

    private LambdaServer(LambdaService service, InProcessContext context, int port)
    {
        _service = service;
        _logger = context.Logger;
        _runtime = new RuntimeApi(service);
        _invoke = new InvokeApi(service);
        var options = new KestrelServerOptions { ApplicationServices = context.Services, AddServerHeader = false };
        // The limits are a function's, and how long an answer takes is too.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxResponseBufferSize = 1024 * 1024;
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(new ResourceLoggerProvider(context.Logger)).SetMinimumLevel(LogLevel.Warning));
        // What is done for a request does not block: handing an event over and taking an answer need no other thread.
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true }), _loggers);
        _server = new KestrelServer(Options.Create(options), transport, _loggers);
    }

    public DateTime StartTimeUtc { get; } = DateTime.UtcNow;

    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>Listens on the resource's endpoint.</summary>
    /// <exception cref="DistributedApplicationException">The port is taken.</exception>
    public static async Task<IRunningResource> StartAsync(LambdaService service, InProcessContext context)
    {
        var port = context.Endpoints.Single(e => e.Endpoint.Name == LambdaEmulatorResource.EndpointName).Port;
        LambdaServer server;
        try
        {
            server = await ReservedPort.ListenAsync(ListenAsync, context.CancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException($"The Lambda service emulator cannot listen on port {port.ToString(CultureInfo.InvariantCulture)}: {exception.Message}", exception);
        }

        service.OnListening(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
        return server;

        async Task<LambdaServer> ListenAsync()
        {
            var listening = new LambdaServer(service, context, port);
            try
            {
                await listening._server.StartAsync(listening, context.CancellationToken).ConfigureAwait(false);
                return listening;
            }
            catch
            {
                listening.Release();
                throw;
            }
        }
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context)
    {
        // A web page that a browser shows may send requests here too. It cannot but say where it is from, or that it uses a name of its own for this machine.
        if (context.Request.Headers.Origin.Count > 0 || !IsLoopback(context.Request.Host.Host))
        {
            return LambdaHttp.RefuseAsync(context, StatusCodes.Status403Forbidden, "Forbidden", "Requests of web pages, and those to another host than 127.0.0.1, localhost or [::1], are not taken.");
        }

        return context.Request.Path.Value is { } path && path.StartsWith(InvokeApi.PathPrefix, StringComparison.Ordinal) ? _invoke.HandleAsync(context, path) : _runtime.HandleAsync(context);
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        if (exception is not null and not OperationCanceledException and not IOException)
        {
            _logger.LogError(exception, "The Lambda service emulator failed to answer {Method} {Path}.", context.Request.Method, context.Request.Path);
        }
    }

    public async Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await _service.OnStoppedListeningAsync().ConfigureAwait(false);
            using var hurry = new CancellationTokenSource(gracePeriod < TimeSpan.FromSeconds(1) ? gracePeriod : TimeSpan.FromSeconds(1));
            await _server.StopAsync(hurry.Token).ConfigureAwait(false);
            Release();
            _exited.TrySetResult(new ProcessExit(0, null));
        }

        return await _exited.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);

    private void Release()
    {
        _server.Dispose();
        _loggers.Dispose();
    }

    private static bool IsLoopback(string host) => host is "127.0.0.1" or "localhost" or "[::1]" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
