using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// What every process of a run has in its environment from its birth, because children inherit it: how a descendant is recognised
/// that changed session, or was handed to init. The variable holds the markers of all enclosing runs, since an AppHost may run as
/// a child of another: <c>OUTERRUN.2:INNERRUN.1</c>, each a run and the number of the child in it.
/// </summary>
/// <param name="RunId">The run.</param>
/// <param name="Child">The child's number in the run, or 0 for all of them.</param>
internal readonly record struct RunMarker(string RunId, int Child)
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "ASPIRE_EMBEDDED_RUN";

    /// <summary>The value for a child of this process.</summary>
    public string ToVariableValue()
    {
        var enclosing = Environment.GetEnvironmentVariable(Variable);
        var own = FormattableString.Invariant($"{RunId}.{Child}");
        return string.IsNullOrEmpty(enclosing) ? own : $"{enclosing}:{own}";
    }

    /// <summary>Whether an environment block, as the system keeps it (NAME=VALUE, each ended by a zero byte), carries the marker.</summary>
    public bool IsIn(ReadOnlySpan<byte> environment)
    {
        var prefix = "ASPIRE_EMBEDDED_RUN="u8;
        while (environment.Length > 0)
        {
            var end = environment.IndexOf((byte)0);
            var entry = end < 0 ? environment : environment[..end];
            if (entry.StartsWith(prefix) && Matches(Encoding.UTF8.GetString(entry[prefix.Length..])))
            {
                return true;
            }

            environment = end < 0 ? [] : environment[(end + 1)..];
        }

        return false;
    }

    private bool Matches(string value)
    {
        foreach (var range in value.AsSpan().Split(':'))
        {
            var segment = value.AsSpan(range);
            var dot = segment.IndexOf('.');
            if (dot >= 0
                && segment[..dot].SequenceEqual(RunId)
                && (Child == 0 || (int.TryParse(segment[(dot + 1)..], out var child) && child == Child)))
            {
                return true;
            }
        }

        return false;
    }
}
