using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Pipelines;

/// <summary>Lets a person confirm what cannot be undone.</summary>
internal interface IPipelineConfirmation
{
    /// <summary>Checks that it is confirmed already, or that somebody is there to be asked.</summary>
    /// <param name="what">What is to be confirmed, as the beginning of a sentence.</param>
    /// <exception cref="DistributedApplicationException">Neither is the case.</exception>
    void EnsurePossible(string what);

    /// <summary>Asks, unless it is confirmed already.</summary>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is confirmed.</returns>
    Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken);
}

/// <summary>Asks on the console.</summary>
internal sealed class ConsoleConfirmation(IOptions<PipelineOptions> options, IConfiguration configuration, PublishDisplay display) : IPipelineConfirmation
{
    // What the Aspire command-line tool sets for an app host that must not ask anything.
    private bool MayAsk => !Console.IsInputRedirected && !Console.IsOutputRedirected && configuration["ASPIRE_INTERACTIVITY_ENABLED"]?.ToUpperInvariant() is not ("FALSE" or "0");

    public void EnsurePossible(string what)
    {
        if (!options.Value.SkipConfirmation && !MayAsk)
        {
            throw new DistributedApplicationException($"{what} has to be confirmed, and there is nobody to ask: confirm it with --yes true.");
        }
    }

    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        if (options.Value.SkipConfirmation)
        {
            return true;
        }

        EnsurePossible(question);
        return (await display.AskAsync($"{question} [y/N] ", cancellationToken)).Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
