using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>The contract's table of fields: what each takes, what it makes of it, and what it refuses.</summary>
public abstract class FieldRuleTests(SharedSchool school) : EndToEndTest(school)
{
    // A local part and a domain whose labels stay within their own limits of 64 and 63 characters; the cut is not at a dot.
    private static string EmailOfLength(int length)
    {
        var local = Guid.NewGuid().ToString("N") + new string('a', 30);
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 50), 4));
        return $"{local}@{domain[..(length - local.Length - 9)]}.example"[..length];
    }

    /// <summary>Route, field, the JSON that is sent, the JSON that comes back.</summary>
    public static TheoryData<string, string, string, string> Accepted
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var people in (string[])["/students", "/teachers"])
            {
                Same(people, "name", Text('n', 2), Text('n', 100), "\"José Ñandú 李小龍\"", "\"O'Brien; DROP TABLE\"");
                Same(people, "age", "1", "120");
                var (email, longest) = (Unique.Email(), EmailOfLength(254));
                data.Add(people, "email", $"\"  {email.ToUpperInvariant()} \"", $"\"{email}\"");
                data.Add(people, "email", $"\"{longest}\"", $"\"{longest}\"");
            }

            Same("/courses", "title", Text('t', 1), Text('t', 200));
            Same("/courses", "credits", "1", "60");
            // Unique in every run, for the database is shared: one shortest code a run is enough of a risk.
            var code = Unique.Code();
            data.Add("/courses", "code", $"\" {code.ToLowerInvariant()}  \"", $"\"{code.ToUpperInvariant()}\"");
            data.Add("/courses", "code", $"\"{code.PadRight(20, 'X')}\"", $"\"{code.PadRight(20, 'X').ToUpperInvariant()}\"");
            data.Add("/courses", "code", "\"zz\"", "\"ZZ\"");

            var user = Guid.NewGuid().ToString("N");
            data.Add("/auth/register", "username", $"\"  {user} \"", $"\"{user}\"");
            data.Add("/auth/register", "username", $"\"{user.PadRight(50, 'u')}\"", $"\"{user.PadRight(50, 'u')}\"");
            data.Add("/auth/register", "username", $"\"{user[..3]}\"", $"\"{user[..3]}\"");
            data.Add("/auth/register", "role", "\"user\"", "\"user\"");
            data.Add("/auth/register", "role", "\"admin\"", "\"admin\"");
            return data;

            void Same(string route, string name, params string[] values)
            {
                foreach (var value in values)
                {
                    data.Add(route, name, value, value);
                }
            }
        }
    }

    /// <summary>Route, field, a value of the right type that the rule refuses.</summary>
    public static TheoryData<string, string, string> OutsideTheRule
    {
        get
        {
            string[] badEmails = ["\"\"", "\" \"", "\"a\"", "\"a@\"", "\"@b.example\"", "\"a b@c.example\"", "\"a@b@c.example\"", "\"a@b.example\\u0000\"", "\"a@b.example\\nBcc: x\"", $"\"{EmailOfLength(255)}\""];

            var data = new TheoryData<string, string, string>();
            foreach (var people in (string[])["/students", "/teachers"])
            {
                Add(data, people, "name", "\"\"", Text('n', 1), Text('n', 101));
                Add(data, people, "email", badEmails);
                Add(data, people, "age", "0", "-1", "121");
            }

            Add(data, "/courses", "title", "\"\"", Text('t', 201));
            Add(data, "/courses", "code", "\"\"", "\"C\"", "\" C \"", Text('C', 21));
            Add(data, "/courses", "credits", "0", "-1", "61");

            Add(data, "/auth/register", "username", "\"\"", "\"ab\"", "\"  ab  \"", Text('u', 51));
            Add(data, "/auth/register", "email", badEmails);
            Add(data, "/auth/register", "password", "\"\"", Text('p', 7), Text('p', 101));
            Add(data, "/auth/register", "role", "\"root\"", "\"\"", "\"user,admin\"");
            return data;
        }
    }

    /// <summary>Route, field, a value of another type.</summary>
    public static TheoryData<string, string, string> OfAnotherType
    {
        get
        {
            string[] notText = ["1", "true", "{}", "[]", """["text"]""", """{"$gt":""}"""];
            string[] notInteger = ["\"20\"", "\"twenty\"", "true", "{}", "[]", "1.5", "99999999999", "-99999999999", "1e400", """{"$gt":0}"""];

            var data = new TheoryData<string, string, string>();
            foreach (var people in (string[])["/students", "/teachers"])
            {
                Add(data, people, "name", notText);
                Add(data, people, "email", notText);
                Add(data, people, "age", notInteger);
            }

            Add(data, "/courses", "title", notText);
            Add(data, "/courses", "code", notText);
            Add(data, "/courses", "credits", notInteger);
            foreach (var name in (string[])["username", "email", "password", "role"])
            {
                Add(data, "/auth/register", name, notText);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task A_value_within_the_rule_is_accepted(string route, string field, string sent, string expected)
    {
        var body = NewBody(route);
        body[field] = JsonNode.Parse(sent);

        var answer = (await Admin.PostAsync(route, body)).ShouldBe(201);

        var shown = route == "/auth/register" ? answer.Json.GetProperty("user") : answer.Json;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(shown.GetProperty(field).GetRawText())), $"{field} should be {expected}: {answer}");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(100)]
    public async Task A_password_within_the_rule_is_accepted(int length)
    {
        var body = NewBody("/auth/register");
        body["password"] = new string('p', length);

        (await Anonymous.PostAsync("/auth/register", body)).ShouldBe(201);
    }

    [Theory]
    [MemberData(nameof(OutsideTheRule))]
    public async Task A_value_outside_the_rule_is_400_and_named(string route, string field, string sent)
    {
        (await Admin.SendTextAsync(HttpMethod.Post, route, WithRaw(NewBody(route), field, sent))).ShouldBeInvalid(field);

        if (route != "/auth/register")
        {
            // The rules come before the look-up, so no row has to be made for each case.
            (await Admin.SendTextAsync(HttpMethod.Put, $"{route}/{Unique.Id()}", $$"""{"{{field}}":{{sent}}}""")).ShouldBeInvalid(field);
        }
    }

    [Theory]
    [MemberData(nameof(OfAnotherType))]
    public async Task A_value_of_another_type_is_400_and_named(string route, string field, string sent)
    {
        var created = (await Admin.SendTextAsync(HttpMethod.Post, route, WithRaw(NewBody(route), field, sent))).ShouldBeProblem(400);
        Assert.Contains(field, created.Text, StringComparison.Ordinal);

        if (route != "/auth/register")
        {
            var changed = (await Admin.SendTextAsync(HttpMethod.Put, $"{route}/{Unique.Id()}", $$"""{"{{field}}":{{sent}}}""")).ShouldBeProblem(400);
            Assert.Contains(field, changed.Text, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, string> RequiredFields => new()
    {
        { "/students", "name" },
        { "/students", "email" },
        { "/students", "age" },
        { "/teachers", "name" },
        { "/teachers", "email" },
        { "/courses", "title" },
        { "/courses", "code" },
        { "/courses", "credits" },
        { "/auth/register", "username" },
        { "/auth/register", "email" },
        { "/auth/register", "password" },
    };

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public async Task A_field_that_is_missing_or_null_is_400(string route, string field)
    {
        var without = NewBody(route);
        without.Remove(field);
        var withNull = NewBody(route);
        withNull[field] = null;

        (await Admin.PostAsync(route, without)).ShouldBeInvalid(field);
        (await Admin.PostAsync(route, withNull)).ShouldBeInvalid(field);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("password")]
    public async Task A_sign_in_without_one_of_its_fields_is_400(string field)
    {
        var body = new JsonObject { ["email"] = Unique.Email(), ["password"] = "a good password" };
        body.Remove(field);

        (await Anonymous.PostAsync("/auth/login", body)).ShouldBeInvalid(field);
    }

    [Theory]
    [InlineData("/students")]
    [InlineData("/teachers")]
    [InlineData("/courses")]
    [InlineData("/auth/register")]
    public async Task All_that_is_wrong_is_said_at_once(string route)
    {
        var fields = RequiredFields.Where(row => row.Data.Item1 == route).Select(row => row.Data.Item2).ToArray();

        var answer = await Admin.PostAsync(route, new JsonObject());

        foreach (var field in fields)
        {
            answer.ShouldBeInvalid(field);
        }
    }

    private static string Text(char character, int length) => $"\"{new string(character, length)}\"";

    private static JsonObject NewBody(string route) => route == "/auth/register"
        ? new JsonObject { ["username"] = Unique.Name(), ["email"] = Unique.Email(), ["password"] = "a good password" }
        : Entity.Of(route[1..]).NewBody();

    // Not by JsonNode, which would refuse to carry a number like 1e400.
    private static string WithRaw(JsonObject body, string field, string raw)
    {
        body[field] = "@@";
        return body.ToJsonString().Replace("\"@@\"", raw, StringComparison.Ordinal);
    }

    private static void Add(TheoryData<string, string, string> data, string route, string field, params string[] values)
    {
        foreach (var value in values)
        {
            data.Add(route, field, value);
        }
    }
}
