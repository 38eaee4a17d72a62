using System.Text;
using RvkApp.Api.Platform.Lambda;

namespace RvkApp.Tests.Lambda;

/// <summary>AWS Signature Version 4 against vectors of AWS's own test suite (aws-sig-v4-test-suite): its key, its moment, its signatures.</summary>
public sealed class AwsSignatureTests
{
    private static readonly AwsCredentials Example = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, "us-east-1");
    private static readonly DateTimeOffset Moment = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("get-vanilla", "GET", "", "", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("post-vanilla", "POST", "", "", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "Param1=value1&Param2=value2", "", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("post-vanilla-query", "POST", "Param1=value1", "", "", "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11")]
    [InlineData("post-x-www-form-urlencoded", "POST", "", "Content-Type", "application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    [InlineData("get-header-value-trim", "GET", "", "My-Header1", " value1", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", " \"a   b   c\" ")]
    public void Known_requests_get_the_known_signatures(string vector, string method, string query, string header, string value, string body, string signature, string? secondValue = null)
    {
        var headers = new Dictionary<string, string> { ["Host"] = "example.amazonaws.com", ["X-Amz-Date"] = AwsSignature.Date(Moment) };
        if (header.Length > 0)
        {
            headers[header] = value;
        }

        if (secondValue is not null)
        {
            headers["My-Header2"] = secondValue;
        }

        var authorization = AwsSignature.Authorization(method, "/", query, headers, Encoding.UTF8.GetBytes(body), Example, "service", Moment);
        Assert.True(authorization.EndsWith($"Signature={signature}", StringComparison.Ordinal), $"{vector}: {authorization}");
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=", authorization, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_token_is_signed_as_a_header()
    {
        // post-sts-header-before
        const string Token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
        var headers = new Dictionary<string, string> { ["host"] = "example.amazonaws.com", ["x-amz-date"] = AwsSignature.Date(Moment), ["x-amz-security-token"] = Token };
        Assert.EndsWith("Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            AwsSignature.Authorization("POST", "/", "", headers, [], Example, "service", Moment), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_do_not_print_what_is_secret()
        => Assert.Equal("AKIDEXAMPLE in us-east-1", Example.ToString());
}
