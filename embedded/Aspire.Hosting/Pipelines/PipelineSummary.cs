using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>What is said at the end of a run of the pipeline.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics#{0}")]
public sealed class PipelineSummary
{
    private readonly Lock _lock = new();
    private readonly List<PipelineSummaryItem> _items = [];

    /// <summary>What has been added, in that order.</summary>
    public ReadOnlyCollection<PipelineSummaryItem> Items
    {
        get
        {
            lock (_lock)
            {
                return new([.. _items]);
            }
        }
    }

    /// <summary>Adds a line.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="value">What there is to say.</param>
    public void Add(string key, string value) => Add(key, value, enableMarkdown: false);

    /// <summary>Adds a line.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="value">What there is to say.</param>
    public void Add(string key, MarkdownString value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Add(key, value.Value, enableMarkdown: true);
    }

    private void Add(string key, string value, bool enableMarkdown)
    {
        var item = new PipelineSummaryItem(key, value, enableMarkdown);
        lock (_lock)
        {
            _items.Add(item);
        }
    }
}

/// <summary>A line of the summary.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public sealed class PipelineSummaryItem
{
    /// <summary>Creates a line.</summary>
    /// <param name="key">What it is about.</param>
    /// <param name="value">What there is to say.</param>
    /// <param name="enableMarkdown">Whether the value is Markdown.</param>
    public PipelineSummaryItem(string key, string value, bool enableMarkdown)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        Key = key;
        Value = value;
        EnableMarkdown = enableMarkdown;
    }

    /// <summary>What it is about.</summary>
    public string Key { get; }

    /// <summary>What there is to say.</summary>
    public string Value { get; }

    /// <summary>Whether the value is Markdown.</summary>
    public bool EnableMarkdown { get; }
}
