using System.Globalization;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace RvkApp.Api.Platform.Http;

/// <summary>
/// The query of a list as it arrives. Text, because a number that cannot be parsed is then an error about the field <c>page</c> or
/// <c>limit</c> like any other, and not a failure to bind.
/// </summary>
internal readonly record struct PageQuery(
    [property: FromQuery(Name = "page")] string? Page,
    [property: FromQuery(Name = "limit")] string? Limit)
{
    /// <summary>The page that is asked for. Call it on a valid query only.</summary>
    public PageRequest ToRequest() => new(Paging.Parse(Page, Paging.FirstPage) ?? 0, Paging.Parse(Limit, Paging.DefaultLimit) ?? 0);
}

/// <summary>One page of a list, counted from 1.</summary>
internal readonly record struct PageRequest(int Page, int Limit)
{
    /// <summary>How many entries come before the page.</summary>
    public int Skip => checked((Page - 1) * Limit);
}

internal static class Paging
{
    public const int FirstPage = 1;
    public const int DefaultLimit = 20;
    public const int MaximumLimit = 100;
    public const string TotalCountHeader = "X-Total-Count";

    /// <summary>The number, the default when there is none, or null when it is not a number.</summary>
    public static int? Parse(string? text, int defaultValue)
        => text is null ? defaultValue
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : null;

    /// <summary>Sets <c>X-Total-Count</c> and <c>Link</c> (RFC 8288) with the relations first, prev, next and last.</summary>
    public static void WriteHeaders(HttpContext context, PageRequest page, long total)
    {
        var headers = context.Response.Headers;
        headers[TotalCountHeader] = total.ToString(CultureInfo.InvariantCulture);

        var last = Math.Max(FirstPage, (total + page.Limit - 1) / page.Limit);
        var links = new List<string>(4) { Link(FirstPage, "first") };
        if (page.Page > FirstPage)
        {
            // A page past the end leads back to the last one that has entries.
            links.Add(Link(Math.Min(page.Page - 1, last), "prev"));
        }

        if (page.Page < last)
        {
            links.Add(Link(page.Page + 1, "next"));
        }

        links.Add(Link(last, "last"));
        headers.Link = string.Join(", ", links);

        // Relative to the host: what the client called it stays right behind any proxy.
        string Link(long number, string relation) => string.Create(
            CultureInfo.InvariantCulture,
            $"<{context.Request.PathBase.Add(context.Request.Path).ToUriComponent()}?page={number}&limit={page.Limit}>; rel=\"{relation}\"");
    }
}

internal sealed class PageQueryValidator : AbstractValidator<PageQuery>
{
    // The driver's skip is a 32-bit number.
    private const string TooFar = "The page is too far out.";

    public PageQueryValidator()
    {
        RuleFor(query => query.Page).Custom((text, context) =>
        {
            if (Paging.Parse(text, Paging.FirstPage) is not (>= Paging.FirstPage and var page))
            {
                context.AddFailure("page", "Must be an integer of at least 1.");
            }
            else if (Paging.Parse(context.InstanceToValidate.Limit, Paging.DefaultLimit) is { } limit && (page - 1L) * limit > int.MaxValue)
            {
                context.AddFailure("page", TooFar);
            }
        });
        RuleFor(query => query.Limit).Custom((text, context) =>
        {
            if (Paging.Parse(text, Paging.DefaultLimit) is not (>= 1 and <= Paging.MaximumLimit))
            {
                context.AddFailure("limit", $"Must be an integer from 1 to {Paging.MaximumLimit}.");
            }
        });
    }
}
