using Amazon.Lambda.AspNetCoreServer.Hosting.Formats;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>The public objects of one invocation, which are made when the application asks for them.</summary>
internal sealed class InvocationObjects(Invocation invocation, PooledBuffer json, IEventFormat format, ILambdaSerializer? serializer, Microsoft.Extensions.Logging.ILogger logger)
{
    private object? _request;
    private ILambdaContext? _context;
    private bool _isOver;

    public ILambdaContext Context => _context ??= new LambdaContext(invocation, serializer, logger);

    /// <summary>The event.</summary>
    /// <exception cref="InvalidOperationException">The invocation is over, and nobody has asked for it before.</exception>
    public object Request => _request ??= !_isOver
        ? format.ReadRequestObject(json.WrittenSpan)
        : throw new InvalidOperationException("The Lambda request object was asked for after its invocation: get it from HttpContext.Items while the request is handled.");

    /// <summary>The JSON is about to be another's.</summary>
    public void End() => _isOver = true;
}
