using System.Collections.Immutable;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>What several sections of the page are made of.</summary>
internal static class Parts
{
    /// <summary>A section with a heading.</summary>
    /// <param name="id">Its id, to link to.</param>
    /// <param name="heading">The heading.</param>
    /// <param name="introduction">What to know before reading it; may be empty.</param>
    /// <param name="content">The content.</param>
    /// <returns>The section.</returns>
    public static Markup Section(string id, string heading, string introduction, Markup content)
        => Markup.Of($"""
            <section id="{id}" aria-labelledby="{id}-heading">
            <h2 id="{id}-heading">{heading}</h2>
            {(introduction.Length == 0 ? Markup.Empty : Markup.Of($"<p class=\"quiet\">{introduction}</p>"))}
            {content}
            </section>
            """);

    /// <summary>A table whose rows become cards on narrow screens.</summary>
    /// <param name="headings">The columns' headings.</param>
    /// <param name="rows">The rows.</param>
    /// <returns>The table.</returns>
    public static Markup Table(ImmutableArray<string> headings, IEnumerable<Markup> rows)
        => Markup.Of($"""
            <div class="table"><table class="stack">
            <thead><tr>{Markup.Join("", headings.Select(heading => Markup.Of($"<th scope=\"col\">{heading}</th>")))}</tr></thead>
            <tbody>
            {Markup.Lines(rows)}
            </tbody>
            </table></div>
            """);

    /// <summary>A list; nothing where it is empty.</summary>
    /// <param name="items">The items.</param>
    /// <returns>The list.</returns>
    public static Markup List(IEnumerable<Markup> items)
    {
        var list = Markup.Join("", items.Select(item => Markup.Of($"<li>{item}</li>")));
        return list.IsEmpty ? list : Markup.Of($"<ul>{list}</ul>");
    }

    /// <summary>A logical id.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The id, set apart.</returns>
    public static Markup Id(string id) => Markup.Of($"<code class=\"id\">{id}</code>");

    /// <summary>Evidence as list items.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <returns>The items.</returns>
    public static IEnumerable<Markup> Items(ImmutableArray<Evidence> evidence) => evidence.Select(item => Markup.Of($"{item.Text} {Id(item.LogicalId)}"));

    /// <summary>Problems as list items.</summary>
    /// <param name="problems">The problems.</param>
    /// <returns>The items.</returns>
    public static IEnumerable<Markup> Items(ImmutableArray<Problem> problems)
        => problems.Select(problem => Markup.Of($"""<span class="bad">{problem.What}</span>{(problem.LogicalId is { } id ? Markup.Of($" {Id(id)}") : Markup.Empty)}<span class="fix">Fix: {problem.Fix}</span>"""));
}
