using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>A query operator that a caller smuggles in is never run: as a value it is refused, as a text it is a text.</summary>
public abstract class InjectionTests(SharedSchool school) : EndToEndTest(school)
{
    private static readonly string[] Operators =
    [
        """{"$ne":null}""",
        """{"$gt":""}""",
        """{"$regex":".*"}""",
        """{"$where":"sleep(5000)"}""",
        """{"$exists":true}""",
        """{"$oid":"000000000000000000000000"}""",
        """[{"$ne":null}]""",
        """{"$expr":{"$function":{"body":"function(){}","args":[],"lang":"js"}}}""",
    ];

    /// <summary>Method, path, field, operator: every field of every body.</summary>
    public static TheoryData<string, string, string, string> EveryField
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            Add("POST", "/auth/register", "username", "email", "password", "role");
            Add("POST", "/auth/login", "email", "password");
            foreach (var entity in Entity.All)
            {
                var fields = entity.NewBody().Select(f => f.Key).ToArray();
                Add("POST", entity.Path, fields);
                Add("PUT", $"{entity.Path}/000000000000000000000000", fields);
            }

            foreach (var people in (string[])["students", "teachers"])
            {
                Add("POST", $"/{people}/000000000000000000000000/enroll", "courseId");
                Add("POST", $"/{people}/000000000000000000000000/unenroll", "courseId");
            }

            return data;

            void Add(string method, string path, params string[] fields)
            {
                foreach (var name in fields)
                {
                    foreach (var value in Operators)
                    {
                        data.Add(method, path, name, value);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryField))]
    public async Task An_operator_as_the_value_of_a_field_is_400(string method, string path, string field, string value)
    {
        var body = path switch
        {
            "/auth/register" => new JsonObject { ["username"] = Unique.Name(), ["email"] = Unique.Email(), ["password"] = "a good password" },
            "/auth/login" => new JsonObject { ["email"] = SchoolApp.AdminEmail, ["password"] = SchoolApp.AdminPassword },
            _ when path.EndsWith("enroll", StringComparison.Ordinal) => [],
            _ => Entity.Of(path.Split('/')[1]).NewBody(),
        };
        body[field] = JsonNode.Parse(value);

        (await Admin.SendAsync(new HttpMethod(method), path, HttpClientExtensions.Json(body))).ShouldBeProblem(400);
    }

    [Theory]
    [InlineData("$where")]
    [InlineData("{$ne: null}")]
    [InlineData("{\"$gt\":\"\"}")]
    [InlineData("$name")]
    [InlineData("$$ROOT")]
    [InlineData("a.b.$[].c")]
    public async Task An_operator_as_a_text_stays_a_text(string text)
    {
        var student = await Entity.Students.CreateAsync(Admin, s => s["name"] = text);
        var path = $"/students/{(string)student["id"]!}";
        Assert.Equal(text, (string)student["name"]!);

        (await Admin.PutAsync(path, new JsonObject { ["name"] = text + text })).ShouldBe(200);

        Assert.Equal(text + text, (await User.GetAnswerAsync(path)).ShouldBe(200).Json.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("page[$gt]=0")]
    [InlineData("page={\"$gt\":0}")]
    [InlineData("limit[$ne]=1&limit={\"$ne\":1}")]
    [InlineData("filter={\"$where\":\"sleep(5000)\"}&page=$gt")]
    public async Task An_operator_in_the_query_selects_nothing_more(string query)
    {
        var answer = await User.GetAnswerAsync($"/students?{Uri.EscapeDataString(query).Replace("%3D", "=", StringComparison.Ordinal).Replace("%26", "&", StringComparison.Ordinal)}");

        // A parameter that the contract does not know is ignored; one that it knows has to be a number.
        Assert.True(answer.Status is 200 or 400, answer.ToString());
        answer.ShouldGiveNothingAway();
        if (answer.Status == 200)
        {
            Assert.True(answer.Json.GetArrayLength() <= 20);
        }
    }
}
