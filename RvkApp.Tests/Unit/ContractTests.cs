using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Students;

namespace RvkApp.Tests.Unit;

public class ContractTests
{
    private static readonly JsonSerializerOptions Options = CreateOptions();

    [Fact]
    public void Fields_are_normalized_when_they_are_read()
    {
        var registration = Read<RegisterRequest>("""{"username":"  Ann ","email":" Ann@School.Example ","password":" secret ","role":"user"}""");
        Assert.Equal("Ann", registration.Username);
        Assert.Equal("ann@school.example", registration.Email);
        Assert.Equal(" secret ", registration.Password);
        Assert.Equal("CS230", Read<CreateCourse>("""{"code":" cs230 "}""").Code);
    }

    [Fact]
    public void Unknown_fields_are_ignored()
        => Assert.Equal(19, Read<CreateStudent>("""{"_id":"x","isAdmin":true,"nested":{"$where":"1"},"age":19}""").Age);

    [Theory]
    [InlineData("""{"age":"19"}""")]
    [InlineData("""{"age":19.5}""")]
    [InlineData("""{"age":99999999999}""")]
    [InlineData("""{"age":true}""")]
    [InlineData("""{"name":5}""")]
    [InlineData("""{"name":{"$gt":""}}""")]
    [InlineData("""{"name":["a"]}""")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":"a",}""")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("")]
    public void Wrong_types_and_malformed_JSON_are_refused(string json) => Assert.Throws<JsonException>(() => Read<CreateStudent>(json));

    [Fact]
    public void An_update_tells_a_field_that_is_null_from_one_that_is_absent()
    {
        Assert.Null(Read<UpdateStudent>("""{"name":"Ada"}""").Age);
        Assert.Equal("$.age", Assert.Throws<JsonException>(() => Read<UpdateStudent>("""{"name":"Ada","age":null}""")).Path);
        Assert.Equal("$.title", Assert.Throws<JsonException>(() => Read<UpdateCourse>("""{"title":null}""")).Path);
    }

    [Fact]
    public void Letters_of_every_script_are_written_as_they_are()
    {
        var course = new CourseResponse("id", "Größen 数学 <b>", "C1", 1, DateTime.UnixEpoch, DateTime.UnixEpoch);
        var json = JsonSerializer.Serialize(course, (JsonTypeInfo<CourseResponse>)Options.GetTypeInfo(typeof(CourseResponse)));
        Assert.Contains("Größen 数学 \\u003Cb\\u003E", json, StringComparison.Ordinal);
        Assert.Contains("\"createdAt\":\"1970-01-01T00:00:00Z\"", json, StringComparison.Ordinal);
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize(json, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)))!;

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        ApiJson.Configure(options);
        return options;
    }
}
