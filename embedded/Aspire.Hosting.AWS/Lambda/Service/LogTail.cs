using System.Text;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>The last 4 KB of what an invocation logs (<c>X-Amz-Log-Type: Tail</c>).</summary>
internal sealed class LogTail
{
    private const int Capacity = 4096;

    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();
    private int _bytes;

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            _bytes += Size(line);
            while (_lines.Count > 1 && _bytes - Size(_lines.Peek()) >= Capacity)
            {
                _bytes -= Size(_lines.Dequeue());
            }
        }
    }

    /// <summary>The last 4 KB in base64.</summary>
    public string ToBase64()
    {
        byte[] bytes;
        lock (_lock)
        {
            bytes = Encoding.UTF8.GetBytes(string.Concat(_lines.Select(line => line + "\n")));
        }

        return Convert.ToBase64String(bytes.AsSpan(Math.Max(0, bytes.Length - Capacity)));
    }

    private static int Size(string line) => Encoding.UTF8.GetByteCount(line) + 1;
}
