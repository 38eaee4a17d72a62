using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>What the command line asks of the pipeline (configuration section <c>Pipeline</c>).</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineOptions
{
    /// <summary>The step to run, with what it depends on (<c>--step</c>).</summary>
    public string? Step { get; set; }

    /// <summary>Where the output goes (<c>--output-path</c>); <c>aspire-output</c> in the app host's directory when null.</summary>
    public string? OutputPath { get; set; }

    /// <summary>The least important log lines to show (<c>--log-level</c>): trace, debug, information, warning, error, critical or none.</summary>
    public string? LogLevel { get; set; }

    /// <summary>Whether what an earlier deployment left is forgotten first (<c>--clear-cache</c>). Nothing is kept here, so it changes nothing.</summary>
    public bool ClearCache { get; set; }

    /// <summary>Whether confirmations count as given (<c>--yes</c>).</summary>
    public bool SkipConfirmation { get; set; }
}
