using Microsoft.AspNetCore.Http;
using RvkApp.Api.Platform.Http;

namespace RvkApp.Tests.Unit;

public class PagingTests
{
    [Theory]
    [InlineData(1, 20, 0, "first 1, last 1")]
    [InlineData(1, 20, 20, "first 1, last 1")]
    [InlineData(1, 20, 21, "first 1, next 2, last 2")]
    [InlineData(2, 10, 35, "first 1, prev 1, next 3, last 4")]
    [InlineData(4, 10, 35, "first 1, prev 3, last 4")]
    [InlineData(9, 10, 35, "first 1, prev 4, last 4")]
    public void Links_lead_to_the_pages_that_there_are(int page, int limit, long total, string expected)
    {
        var context = new DefaultHttpContext();
        context.Request.PathBase = "/base";
        context.Request.Path = "/students";
        Paging.WriteHeaders(context, new PageRequest(page, limit), total);

        var links = expected.Split(", ").Select(link => link.Split(' '))
            .Select(link => $"</base/students?page={link[1]}&limit={limit}>; rel=\"{link[0]}\"");
        Assert.Equal(string.Join(", ", links), context.Response.Headers.Link.ToString());
        Assert.Equal(total.ToString(System.Globalization.CultureInfo.InvariantCulture), context.Response.Headers["X-Total-Count"].ToString());
    }

    [Fact]
    public void Without_a_query_the_first_20_are_meant()
        => Assert.Equal(new PageRequest(1, 20), new PageQuery(null, null).ToRequest());
}
