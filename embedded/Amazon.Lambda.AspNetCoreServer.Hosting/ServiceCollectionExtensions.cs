using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Amazon.Lambda.AspNetCoreServer.Hosting;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What sends HTTP requests to the function, and so in which format they arrive.</summary>
public enum LambdaEventSource
{
    /// <summary>An API Gateway REST API (payload format 1.0).</summary>
    RestApi,

    /// <summary>An API Gateway HTTP API (payload format 2.0).</summary>
    HttpApi,

    /// <summary>An Application Load Balancer.</summary>
    ApplicationLoadBalancer,

    /// <summary>An API Gateway WebSocket API. Not implemented.</summary>
    WebsocketApi,
}

/// <summary>Runs an ASP.NET Core application in AWS Lambda.</summary>
public static class ServiceCollectionExtensions
{
    private const string FunctionNameVariable = "AWS_LAMBDA_FUNCTION_NAME";

    /// <summary>
    /// In AWS Lambda (<c>AWS_LAMBDA_FUNCTION_NAME</c> is set) takes requests from the Lambda runtime instead of from Kestrel. Does nothing anywhere else.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="eventSource">What sends the requests.</param>
    /// <exception cref="NotSupportedException">In Lambda, the event source is <see cref="LambdaEventSource.WebsocketApi"/>.</exception>
    public static IServiceCollection AddAWSLambdaHosting(this IServiceCollection services, LambdaEventSource eventSource)
        => services.AddAWSLambdaHosting(eventSource, (Action<HostingOptions>?)null);

    /// <inheritdoc cref="AddAWSLambdaHosting(IServiceCollection, LambdaEventSource)" />
    /// <param name="configure">Sets the options; called in Lambda only.</param>
#pragma warning disable CS1573 // the other parameters are those of the inherited documentation
    public static IServiceCollection AddAWSLambdaHosting(this IServiceCollection services, LambdaEventSource eventSource, Action<HostingOptions>? configure = null)
#pragma warning restore CS1573
    {
        ArgumentNullException.ThrowIfNull(services);
        if (Replace(services, eventSource, configure) is { Serializer: { } serializer })
        {
            services.TryAddSingleton(serializer);
        }

        return services;
    }

    /// <inheritdoc cref="AddAWSLambdaHosting(IServiceCollection, LambdaEventSource)" />
    /// <param name="serializer">The serializer that Native AOT needs in the package. Here it is registered, and not used for requests.</param>
    /// <param name="configure">Sets the options; called in Lambda only.</param>
    /// <exception cref="ArgumentNullException">In Lambda, there is no serializer.</exception>
#pragma warning disable CS1573
    public static IServiceCollection AddAWSLambdaHosting<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services, LambdaEventSource eventSource, SourceGeneratorLambdaJsonSerializer<T> serializer, Action<HostingOptions>? configure = null)
        where T : JsonSerializerContext
#pragma warning restore CS1573
    {
        ArgumentNullException.ThrowIfNull(services);
        if (Replace(services, eventSource, configure) is { } options)
        {
            services.TryAddSingleton(serializer ?? options.Serializer ?? throw new ArgumentNullException(nameof(serializer)));
        }

        return services;
    }

    private static HostingOptions? Replace(IServiceCollection services, LambdaEventSource eventSource, Action<HostingOptions>? configure)
        => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(FunctionNameVariable))
            ? null
            : AddLambdaServer(services, eventSource, configure, Environment.GetEnvironmentVariable(RuntimeApiClient.AddressVariable));

    /// <summary>Puts the Lambda server in the place of every other.</summary>
    internal static HostingOptions AddLambdaServer(IServiceCollection services, LambdaEventSource eventSource, Action<HostingOptions>? configure, string? runtimeApi)
    {
        if (eventSource is not (LambdaEventSource.HttpApi or LambdaEventSource.RestApi or LambdaEventSource.ApplicationLoadBalancer))
        {
            throw new NotSupportedException(
                $"LambdaEventSource.{eventSource} is not implemented by the embedded Amazon.Lambda.AspNetCoreServer.Hosting: use LambdaEventSource.HttpApi, RestApi or ApplicationLoadBalancer, or build with AspirePackages=nuget.");
        }

        var options = new HostingOptions { EventSource = eventSource, RuntimeApi = runtimeApi };
        configure?.Invoke(options);
        services.TryAddSingleton(options);
        services.RemoveAll<IServer>();
        services.AddSingleton<IServer, LambdaServer>();
        InitializationError.ReportUnhandled(runtimeApi);
        return options;
    }
}
