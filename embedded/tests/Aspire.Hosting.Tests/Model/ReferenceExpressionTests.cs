using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class ReferenceExpressionTests
{
    [Fact]
    public async Task Text_and_values_make_the_value()
    {
        using var builder = ModelBuilder.Run();
        var user = builder.AddParameter("user", "ann");
        var host = "db";

        var expression = ReferenceExpression.Create($"x://{user}@{host}/{user.Resource}");

        Assert.Equal("x://ann@db/ann", await expression.GetValueAsync(TestDeadline.Token()));
        Assert.Equal("x://{user.value}@db/{user.value}", expression.ValueExpression);
        Assert.Equal("x://{0}@db/{1}", expression.Format);
        Assert.Equal([user.Resource, user.Resource], expression.ValueProviders);
    }

    [Fact]
    public async Task Braces_in_the_text_stay_braces()
    {
        using var builder = ModelBuilder.Run();
        var value = builder.AddParameter("value", "v");
        var braces = "{0}";

        var expression = ReferenceExpression.Create($"{{a}} {braces} {value}");

        Assert.Equal("{a} {0} v", await expression.GetValueAsync(TestDeadline.Token()));
    }

    [Theory]
    [InlineData("p@ss/w:rd", "p%40ss%2Fw%3Ard")]
    [InlineData("plain", "plain")]
    public async Task The_uri_format_encodes_a_value(string secret, string encoded)
    {
        using var builder = ModelBuilder.Run();
        var password = builder.AddParameter("password", secret, secret: true);

        Assert.Equal($"x://:{encoded}@h", await ReferenceExpression.Create($"x://:{password:uri}@h").GetValueAsync(TestDeadline.Token()));
        Assert.Equal($"x://:{encoded}@h", await ReferenceExpression.Create($"x://:{secret:uri}@h").GetValueAsync(TestDeadline.Token()));
    }

    [Fact]
    public async Task An_unknown_format_is_an_error_that_names_it()
    {
        using var builder = ModelBuilder.Run();
        var password = builder.AddParameter("password", "x");

        var exception = await Assert.ThrowsAsync<FormatException>(async () => await ReferenceExpression.Create($"{password:upper}").GetValueAsync(TestDeadline.Token()));

        Assert.Contains("'upper'", exception.Message);
    }

    [Fact]
    public async Task An_expression_inside_another_dissolves_into_it()
    {
        using var builder = ModelBuilder.Run();
        var (a, b, c) = (builder.AddParameter("a", "1"), builder.AddParameter("b", "2"), builder.AddParameter("c", "3"));
        var inner = ReferenceExpression.Create($"{{{b}}}-{c}");

        var outer = ReferenceExpression.Create($"{a}:{inner}:{a}");

        Assert.Equal("{0}:{{{1}}}-{2}:{3}", outer.Format);
        Assert.Equal("1:{2}-3:1", await outer.GetValueAsync(TestDeadline.Token()));
        Assert.Equal("{a.value}:{{b.value}}-{c.value}:{a.value}", outer.ValueExpression);
    }

    [Fact]
    public async Task A_builder_appends_pieces()
    {
        using var builder = ModelBuilder.Run();
        var value = builder.AddParameter("value", "v v");
        var expression = new ReferenceExpressionBuilder();
        Assert.True(expression.IsEmpty);

        expression.AppendLiteral("{");
        expression.Append($"{value:uri},{"t"}");
        expression.AppendFormatted("x");
        expression.AppendValueProvider(value);
        expression.AppendLiteral("}");

        Assert.False(expression.IsEmpty);
        Assert.Equal("{v%20v,txv v}", await expression.Build().GetValueAsync(TestDeadline.Token()));
        Assert.Throws<ArgumentException>(() => expression.AppendValueProvider(new object()));
    }

    [Theory]
    [InlineData(true, "rediss")]
    [InlineData(false, "redis")]
    public async Task A_conditional_expression_is_decided_when_it_is_read(bool tls, string expected)
    {
        using var builder = ModelBuilder.Run();
        var container = builder.AddContainer("cache", "image").WithEndpoint(name: "tcp");
        var scheme = container.GetEndpoint("tcp").GetTlsValue(ReferenceExpression.Create($"rediss"), ReferenceExpression.Create($"redis"));
        container.WithEndpoint("tcp", e => e.TlsEnabled = tls);

        Assert.True(scheme.IsConditional);
        Assert.Equal(expected, await scheme.GetValueAsync(TestDeadline.Token()));
        Assert.Equal($"{expected}://h", await ReferenceExpression.Create($"{scheme}://h").GetValueAsync(TestDeadline.Token()));
    }

    [Fact]
    public async Task A_value_that_is_absent_leaves_a_gap_and_a_lone_one_null()
    {
        var absent = new AbsentValue();

        Assert.Null(await ReferenceExpression.Create($"{absent}").GetValueAsync(TestDeadline.Token()));
        Assert.Equal("<>", await ReferenceExpression.Create($"<{absent}>").GetValueAsync(TestDeadline.Token()));
        Assert.Equal("", await ReferenceExpression.Empty.GetValueAsync(TestDeadline.Token()));
    }

    private sealed class AbsentValue : IValueProvider, IManifestExpressionProvider
    {
        public string ValueExpression => "{absent}";

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new((string?)null);
    }
}
