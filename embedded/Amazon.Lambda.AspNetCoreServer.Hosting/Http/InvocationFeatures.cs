using System.Collections;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>
/// What the server and the application tell each other about an invocation. The same object serves one invocation after the other, and lets the
/// host keep its context with it.
/// </summary>
/// <typeparam name="TContext">The host's context.</typeparam>
internal sealed class InvocationFeatures<TContext> : IFeatureCollection, IHostContextContainer<TContext>
    where TContext : notnull
{
    private readonly KeyValuePair<Type, object>[] _own;
    // Few, and looked up by a type that is the same object each time: comparing beats hashing.
    private readonly List<KeyValuePair<Type, object>> _features = [];
    private int _revision;

    public InvocationFeatures(InvocationRequest request, InvocationResponse response, ResponseBody body, InvocationLifetime lifetime)
    {
        _own =
        [
            new(typeof(IHttpRequestFeature), request),
            new(typeof(IHttpResponseFeature), response),
            new(typeof(IHttpResponseBodyFeature), body),
            new(typeof(IHttpConnectionFeature), request),
            new(typeof(IHttpRequestIdentifierFeature), request),
            new(typeof(IHttpRequestLifetimeFeature), lifetime),
            new(typeof(IItemsFeature), request),
            new(typeof(IHttpAuthenticationFeature), request),
            new(typeof(IHttpRequestBodyDetectionFeature), request),
            new(typeof(IHttpMaxRequestBodySizeFeature), request),
            new(typeof(IHttpBodyControlFeature), request),
        ];
        _features.AddRange(_own);
    }

    public TContext? HostContext { get; set; }

    public bool IsReadOnly => false;

    public int Revision => _revision;

    public object? this[Type key]
    {
        get
        {
            foreach (var (type, feature) in _features)
            {
                if (type == key)
                {
                    return feature;
                }
            }

            return null;
        }

        set
        {
            _revision++;
            var index = _features.FindIndex(feature => feature.Key == key);
            if (value is null)
            {
                if (index >= 0)
                {
                    _features.RemoveAt(index);
                }
            }
            else if (index >= 0)
            {
                _features[index] = new(key, value);
            }
            else
            {
                _features.Add(new(key, value));
            }
        }
    }

    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    /// <summary>Only what the server brings is left, for the next invocation.</summary>
    public void Reset()
    {
        _features.Clear();
        _features.AddRange(_own);
        _revision++;
    }

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
