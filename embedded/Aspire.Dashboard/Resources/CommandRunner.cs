using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Resources;

/// <summary>How a command that was asked for ended.</summary>
/// <param name="Success">Whether it did what it should.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Data">What it produced.</param>
internal sealed record CommandOutcome(bool Success, string Text, CommandResultData? Data);

/// <summary>Runs commands of resources for the pages, through the app host's own service.</summary>
internal static class CommandRunner
{
    /// <summary>How long a command may take before it is given up.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Runs a command. It goes on when the page that asked for it is left: only its deadline and the token end it.</summary>
    public static async Task<CommandOutcome> RunAsync(
        ResourceCommandService commands, string resource, ResourceCommandSnapshot command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(deadline);
        ExecuteCommandResult result;
        try
        {
            // Not on the page's own context: a command may take its time before it first waits. And not for longer than the deadline, whatever it makes of its token.
            result = await Task.Run(() => commands.ExecuteCommandAsync(resource, command.Name, ending.Token), CancellationToken.None).WaitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            result = CommandResults.Canceled();
        }

        if (result.Canceled)
        {
            var why = cancellationToken.IsCancellationRequested ? "was cancelled" : ending.IsCancellationRequested ? $"was given up after {Display.Formats.Duration(deadline)}" : "was cancelled";
            return new(false, $"{resource}: '{command.DisplayName}' {why}.", result.Data);
        }

        return result.Success
            ? new(true, result.Message is { Length: > 0 } message ? $"{resource}: {message}" : $"{resource}: '{command.DisplayName}' succeeded.", result.Data)
            : new(false, $"{resource}: '{command.DisplayName}' failed. {result.Message}".TrimEnd(), result.Data);
    }
}
