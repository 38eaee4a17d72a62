using System.Text.Json;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>An error in Lambda's standard format: <c>{"errorMessage": …, "errorType": …, "stackTrace": […]}</c>.</summary>
/// <param name="Type">The kind of error, such as <c>Function.ResponseSizeTooLarge</c> or the name of an exception.</param>
/// <param name="Message">What happened.</param>
/// <param name="StackTrace">Where, a frame a line; may be null.</param>
internal sealed record FunctionError(string Type, string Message, string? StackTrace)
{
    // The Runtime API takes no error that is larger than an invocation's payload; frames beyond these tell nothing more.
    private const int MaximumFrames = 100;
    private const int MaximumMessage = 16 * 1024;

    public static FunctionError From(Exception exception) => new(exception.GetType().Name, exception.Message, exception.StackTrace);

    public void WriteTo(PooledBuffer buffer)
    {
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("errorMessage"u8, Message.Length <= MaximumMessage ? Message : Message[..MaximumMessage]);
        json.WriteString("errorType"u8, Type);
        json.WriteStartArray("stackTrace"u8);
        foreach (var line in (StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MaximumFrames))
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
