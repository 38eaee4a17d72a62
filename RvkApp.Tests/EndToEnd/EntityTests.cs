using System.Text.Json;
using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>Create, read, change and delete, the same for students, teachers and courses.</summary>
public abstract class EntityTests(SharedSchool school) : EndToEndTest(school)
{
    public static TheoryData<string> Names => Entity.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_was_created_is_there_under_its_location(string name)
    {
        var entity = Entity.Of(name);
        var body = entity.NewBody();

        var created = (await Admin.PostAsync(entity.Path, body)).ShouldBe(201);

        var id = created.Json.GetProperty("id").GetString();
        Assert.Matches("^[0-9a-f]{24}$", id);
        Assert.EndsWith($"{entity.Path}/{id}", created.Header("Location"), StringComparison.Ordinal);
        ShouldHave(created.Json, body);
        var read = (await User.GetAnswerAsync($"{entity.Path}/{id}")).ShouldBe(200);
        Assert.True(JsonElement.DeepEquals(created.Json, read.Json), $"{created} became {read}");
        if (name != "courses")
        {
            Assert.Equal(0, created.Json.GetProperty("courses").GetArrayLength());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Times_are_iso_8601_in_utc(string name)
    {
        var created = JsonElement.Parse((await Entity.Of(name).CreateAsync(Admin)).ToJsonString());

        foreach (var time in created.EnumerateObject().Where(m => m.Name.EndsWith("At", StringComparison.Ordinal)))
        {
            Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$", time.Value.GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_field_alone_can_be_changed_and_the_others_stay(string name)
    {
        var entity = Entity.Of(name);
        var expected = await entity.CreateAsync(Admin);
        var path = $"{entity.Path}/{(string)expected["id"]!}";

        foreach (var (field, value) in entity.NewBody())
        {
            // The next valid value that differs from the one it has.
            var change = value!.GetValueKind() == JsonValueKind.Number ? (JsonNode)((int)value + 1) : field == entity.UniqueField ? (string)value! : $"{(string)value!} II";
            expected[field] = change.DeepClone();

            var answer = (await Admin.PutAsync(path, new JsonObject { [field] = change })).ShouldBe(200);

            ShouldHave(answer.Json, new JsonObject(entity.NewBody().Select(f => KeyValuePair.Create(f.Key, expected[f.Key]?.DeepClone()))));
            var read = (await User.GetAnswerAsync(path)).ShouldBe(200);
            Assert.True(JsonElement.DeepEquals(answer.Json, read.Json), $"{answer} became {read}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_change_of_nothing_is_400(string name)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";

        (await Admin.PutAsync(path, new JsonObject())).ShouldBeProblem(400);
        (await Admin.PutAsync(path, new JsonObject { ["unknown"] = 1 })).ShouldBeProblem(400);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_was_deleted_is_gone(string name)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";

        var deleted = (await Admin.DeleteAnswerAsync(path)).ShouldBe(204);

        Assert.Empty(deleted.Text);
        (await User.GetAnswerAsync(path)).ShouldBeProblem(404);
        (await Admin.PutAsync(path, entity.NewBody())).ShouldBeProblem(404);
        (await Admin.DeleteAnswerAsync(path)).ShouldBeProblem(404);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_id_that_belongs_to_nothing_is_404(string name)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{Unique.Id()}";

        (await User.GetAnswerAsync(path)).ShouldBeProblem(404);
        (await Admin.PutAsync(path, entity.NewBody())).ShouldBeProblem(404);
        (await Admin.DeleteAnswerAsync(path)).ShouldBeProblem(404);
    }

    public static TheoryData<string, string> MalformedIds
    {
        get
        {
            string[] ids = ["1", "abc", "zzzzzzzzzzzzzzzzzzzzzzzz", "0123456789abcdef0123456", "0123456789abcdef012345678", "%7B%22%24ne%22%3Anull%7D", "00000000-0000-0000-0000-000000000000", "%00"];
            var data = new TheoryData<string, string>();
            foreach (var entity in Entity.All)
            {
                foreach (var id in ids)
                {
                    data.Add(entity.Name, id);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(MalformedIds))]
    public async Task A_malformed_id_is_400(string name, string id)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{id}";

        (await Admin.GetAnswerAsync(path)).ShouldBe(400);
        (await Admin.PutAsync(path, entity.NewBody())).ShouldBe(400);
        (await Admin.DeleteAnswerAsync(path)).ShouldBe(400);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_unique_value_that_is_taken_is_409(string name)
    {
        var entity = Entity.Of(name);
        var first = await entity.CreateAsync(Admin);
        var second = await entity.CreateAsync(Admin);

        var body = entity.NewBody();
        body[entity.UniqueField] = ((string)first[entity.UniqueField]!).ToLowerInvariant();
        var create = (await Admin.PostAsync(entity.Path, body)).ShouldBeProblem(409);
        var change = (await Admin.PutAsync($"{entity.Path}/{(string)second["id"]!}", new JsonObject { [entity.UniqueField] = (string)first[entity.UniqueField]! })).ShouldBeProblem(409);

        Assert.Contains(entity.UniqueField, create.Json.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(entity.UniqueField, change.Json.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        var unchanged = (await User.GetAnswerAsync($"{entity.Path}/{(string)second["id"]!}")).ShouldBe(200);
        Assert.Equal((string)second[entity.UniqueField]!, unchanged.Json.GetProperty(entity.UniqueField).GetString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_change_to_its_own_unique_value_is_no_conflict(string name)
    {
        var entity = Entity.Of(name);
        var created = await entity.CreateAsync(Admin);

        (await Admin.PutAsync($"{entity.Path}/{(string)created["id"]!}", new JsonObject { [entity.UniqueField] = (string)created[entity.UniqueField]! })).ShouldBe(200);
    }

    [Fact]
    public async Task One_email_may_belong_to_a_student_and_a_teacher()
    {
        var email = Unique.Email();

        await Entity.Students.CreateAsync(Admin, s => s["email"] = email);
        await Entity.Teachers.CreateAsync(Admin, t => t["email"] = email);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Unknown_fields_are_ignored_and_never_stored(string name)
    {
        var entity = Entity.Of(name);
        var id = Unique.Id();
        var body = entity.NewBody();
        body["_id"] = id;
        body["id"] = id;
        body["unknown"] = "x";
        body["$set"] = new JsonObject { ["role"] = "admin" };
        body["courses"] = new JsonArray(id);
        body["courseIds"] = new JsonArray(id);
        body["createdAt"] = "2000-01-01T00:00:00Z";
        body["__proto__"] = new JsonObject { ["admin"] = true };

        var created = (await Admin.PostAsync(entity.Path, body)).ShouldBe(201);
        var changed = (await Admin.PutAsync($"{entity.Path}/{created.Json.GetProperty("id").GetString()}", body)).ShouldBe(200);

        Assert.NotEqual(id, created.Json.GetProperty("id").GetString());
        Assert.DoesNotContain("2000-01-01", changed.Text, StringComparison.Ordinal);
        var stored = await School.Collection(name).Find(new BsonDocument("_id", ObjectId.Parse(created.Json.GetProperty("id").GetString()!))).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Empty(stored.Names.Intersect(["id", "unknown", "$set", "__proto__"]));
        Assert.DoesNotContain(id, stored.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("2000-01-01", stored.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_course_leaves_every_student_and_teacher()
    {
        var (kept, deleted) = (await Entity.Courses.CreateIdAsync(Admin), await Entity.Courses.CreateIdAsync(Admin));
        var people = new List<string>();
        foreach (var entity in (Entity[])[Entity.Students, Entity.Teachers, Entity.Students])
        {
            var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";
            (await Admin.PostAsync($"{path}/enroll", new JsonObject { ["courseId"] = kept })).ShouldBe(200);
            (await Admin.PostAsync($"{path}/enroll", new JsonObject { ["courseId"] = deleted })).ShouldBe(200);
            people.Add(path);
        }

        (await Admin.DeleteAnswerAsync($"/courses/{deleted}")).ShouldBe(204);

        foreach (var path in people)
        {
            var courses = (await User.GetAnswerAsync(path)).ShouldBe(200).Json.GetProperty("courses");
            Assert.Equal([kept], courses.EnumerateArray().Select(c => c.GetProperty("id").GetString()!));
            var id = ObjectId.Parse(path.Split('/')[^1]);
            var stored = await School.Collection(path.Split('/')[1]).Find(new BsonDocument("_id", id)).SingleAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(deleted, stored.ToString(), StringComparison.Ordinal);
        }
    }

    private static void ShouldHave(JsonElement actual, JsonObject expected)
    {
        foreach (var (field, value) in expected)
        {
            Assert.True(
                actual.TryGetProperty(field, out var member) && JsonNode.DeepEquals(JsonNode.Parse(member.GetRawText()), value),
                $"{field} is not {value?.ToJsonString()} in {actual}");
        }
    }
}
