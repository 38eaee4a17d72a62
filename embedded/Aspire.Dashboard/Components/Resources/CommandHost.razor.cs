using Aspire.Dashboard.Resources;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Aspire.Dashboard.Components.Resources;

public sealed partial class CommandHost
{
    private const int MaxOutcomes = 5;

    private readonly List<CommandOutcome> _outcomes = [];
    private readonly HashSet<(string Resource, string Command)> _running = [];
    private readonly CancellationTokenSource _leaving = new();
    private ElementReference _dialog;
    private IJSObjectReference? _module;
    private (string Resource, ResourceCommandSnapshot Command)? _asked;
    private CommandOutcome? _result;

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }

    /// <summary>Whether a command of a resource is being carried out.</summary>
    public bool IsRunning(string resource, string command) => _running.Contains((resource, command));

    /// <summary>Runs a command, after a question where it has one.</summary>
    public async Task RequestAsync(string resource, ResourceCommandSnapshot command)
    {
        if (command.ConfirmationMessage is not { Length: > 0 })
        {
            await RunAsync(resource, command);
            return;
        }

        (_asked, _result) = ((resource, command), null);
        await ShowDialogAsync();
    }

    /// <summary>Puts a text on the clipboard. It goes to the browser only now, because the user asked for it.</summary>
    public async Task CopyAsync(string text) => await (await ModuleAsync()).InvokeVoidAsync("copy", text);

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        _leaving.Dispose();
        if (_module is not null)
        {
            try
            {
                await _module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser has gone, and the module with it.
            }
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // It also puts the menus in their place.
            await ModuleAsync();
        }
    }

    private async Task RunAsync(string resource, ResourceCommandSnapshot command)
    {
        if (!_running.Add((resource, command.Name)))
        {
            return;
        }

        StateHasChanged();
        CommandOutcome outcome;
        try
        {
            // Leaving the page does not cancel the command, only its deadline does.
            outcome = await CommandRunner.RunAsync(Commands, resource, command, CommandRunner.Deadline, CancellationToken.None);
        }
        finally
        {
            _running.Remove((resource, command.Name));
        }

        if (_leaving.IsCancellationRequested)
        {
            return;
        }

        if (_outcomes.Count == MaxOutcomes)
        {
            _outcomes.RemoveAt(0);
        }

        _outcomes.Add(outcome);
        StateHasChanged();
        if (outcome.Data is { DisplayImmediately: true })
        {
            await ShowResultAsync(outcome);
        }
    }

    private async Task ShowResultAsync(CommandOutcome outcome)
    {
        (_asked, _result) = (null, outcome);
        await ShowDialogAsync();
    }

    private async Task ConfirmAsync()
    {
        var asked = _asked;
        await CloseAsync();
        if (asked is var (resource, command))
        {
            await RunAsync(resource, command);
        }
    }

    private async Task ShowDialogAsync()
    {
        StateHasChanged();
        await (await ModuleAsync()).InvokeVoidAsync("showDialog", _dialog);
    }

    private async Task CloseAsync() => await (await ModuleAsync()).InvokeVoidAsync("closeDialog", _dialog);

    private void Closed() => (_asked, _result) = (null, null);

    private async Task<IJSObjectReference> ModuleAsync() => _module ??= await Js.InvokeAsync<IJSObjectReference>("import", "./js/resources.js");
}
