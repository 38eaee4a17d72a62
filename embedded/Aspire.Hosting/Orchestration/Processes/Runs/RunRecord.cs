using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Orchestration;

/// <summary>What is on disk about a run, for the AppHost that starts after it: who belongs to it. Nothing secret.</summary>
internal sealed record RunRecord
{
    /// <summary>The format that this code writes.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required string RunId { get; init; }

    /// <summary><see cref="IProcessTable.Scope"/>.</summary>
    public required string Scope { get; init; }

    /// <summary><see cref="IProcessTable.Boot"/>.</summary>
    public required string Boot { get; init; }

    public required RecordedProcess AppHost { get; init; }

    public RecordedProcess? Watchdog { get; init; }

    public IReadOnlyList<RecordedProcess> Children { get; init; } = [];

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this, RunRecordJson.Default.RunRecord);

    /// <exception cref="JsonException">This is not a record.</exception>
    public static RunRecord Deserialize(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RunRecordJson.Default.RunRecord) ?? throw new JsonException("The record is null.");
}

/// <summary>A process in a <see cref="RunRecord"/>.</summary>
internal sealed record RecordedProcess(int Id, long StartMark, string Name)
{
    [JsonIgnore]
    public ProcessIdentity Identity => new(Id, StartMark);

    public static RecordedProcess From(ProcessIdentity identity, string name) => new(identity.Id, identity.StartMark, name);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class RunRecordJson : JsonSerializerContext;
