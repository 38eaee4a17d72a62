using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Tests.Otlp;

/// <summary>Requests that were damaged at random.</summary>
public class MutationTests
{
    private const int Mutations = 20_000;

    [Theory]
    [InlineData(TelemetryKind.Traces)]
    [InlineData(TelemetryKind.Logs)]
    [InlineData(TelemetryKind.Metrics)]
    public void A_damaged_request_is_taken_or_malformed_and_nothing_else(object signal)
    {
        var kind = (TelemetryKind)signal;
        var random = new Random(20261124);
        var store = new TelemetryStore(new TelemetryLimits { MaxLogCount = 100, MaxTraceCount = 100, MaxAttributeLength = 1024 });
        var receiver = new TelemetryReceiver(store);
        var valid = kind switch { TelemetryKind.Traces => Payloads.Traces(), TelemetryKind.Logs => Payloads.Logs(), _ => Payloads.Metrics() };
        var (taken, malformed) = (0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            try
            {
                receiver.Receive(kind, Mutate(valid, random));
                taken++;
            }
            catch (MalformedTelemetryException)
            {
                malformed++;
            }
        }

        // Both happen, or the mutations would be too gentle or too rough.
        Assert.InRange(taken, 1_000, Mutations - 1_000);
        Assert.Equal(Mutations, taken + malformed);
        Read(store);
    }

    /// <summary>What got in must be readable.</summary>
    private static void Read(TelemetryStore store)
    {
        Assert.All(store.GetTraces(new TraceQuery { Text = "GET" }, 0, 100).Items, t => Assert.NotNull(store.GetTrace(t.TraceId)));
        Assert.All(store.GetLogs(new LogQuery { Text = "s" }, 0, 100).Items, l => Assert.NotNull(store.GetLog(l.Sequence)));
        foreach (var instrument in store.Resources.SelectMany(r => store.GetInstruments(r.Name)))
        {
            var series = store.GetMetric(new MetricQuery
            {
                Resource = instrument.Resource,
                Meter = instrument.Meter,
                Name = instrument.Name,
                FromUtc = DateTime.UtcNow.AddHours(-1),
                ToUtc = DateTime.UtcNow.AddMinutes(1),
            });
            Assert.All(series!.Points, p => Assert.True(p is { Value: null or >= double.MinValue and <= double.MaxValue, P50: null or >= double.MinValue and <= double.MaxValue }));
        }
    }

    private static byte[] Mutate(byte[] valid, Random random)
    {
        var bytes = valid.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 9)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 33))));
                    break;
                default:
                    bytes[at] = 0xFF;
                    break;
            }
        }

        return [.. bytes];
    }
}
