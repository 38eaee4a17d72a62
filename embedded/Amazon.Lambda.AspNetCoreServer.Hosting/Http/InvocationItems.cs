using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>
/// <c>HttpContext.Items</c> with the Lambda objects under the keys of <see cref="AbstractAspNetCoreFunction"/>. They are made when somebody reads
/// them, so that a middleware's own items cost nothing of it. A missing key reads as null, as ASP.NET Core's own items do.
/// </summary>
internal sealed class InvocationItems(InvocationObjects objects) : IDictionary<object, object?>
{
    // Stands for what nobody has read yet.
    private static readonly object Unread = new();

    private readonly Dictionary<object, object?> _items = new(4)
    {
        [AbstractAspNetCoreFunction.LAMBDA_CONTEXT] = Unread,
        [AbstractAspNetCoreFunction.LAMBDA_REQUEST_OBJECT] = Unread,
    };

    public ICollection<object> Keys => _items.Keys;

    public ICollection<object?> Values => Read().Values;

    public int Count => _items.Count;

    public bool IsReadOnly => false;

    public object? this[object key]
    {
        get => TryGetValue(key, out var value) ? value : null;
        set => _items[key] = value;
    }

    public bool TryGetValue(object key, [MaybeNullWhen(false)] out object? value)
    {
        if (!_items.TryGetValue(key, out value))
        {
            return false;
        }

        if (value == Unread)
        {
            _items[key] = value = Make(key);
        }

        return true;
    }

    public void Add(object key, object? value) => _items.Add(key, value);

    public void Add(KeyValuePair<object, object?> item) => _items.Add(item.Key, item.Value);

    public bool ContainsKey(object key) => _items.ContainsKey(key);

    public bool Remove(object key) => _items.Remove(key);

    public bool Remove(KeyValuePair<object, object?> item) => ((ICollection<KeyValuePair<object, object?>>)Read()).Remove(item);

    public void Clear() => _items.Clear();

    public bool Contains(KeyValuePair<object, object?> item) => Read().Contains(item);

    public void CopyTo(KeyValuePair<object, object?>[] array, int arrayIndex) => ((ICollection<KeyValuePair<object, object?>>)Read()).CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<object, object?>> GetEnumerator() => Read().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Dictionary<object, object?> Read()
    {
        _ = this[AbstractAspNetCoreFunction.LAMBDA_CONTEXT];
        _ = this[AbstractAspNetCoreFunction.LAMBDA_REQUEST_OBJECT];
        return _items;
    }

    private object Make(object key) => key is AbstractAspNetCoreFunction.LAMBDA_CONTEXT ? objects.Context : objects.Request;
}
