using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>What stays true when everyone acts at once, without transactions.</summary>
public abstract class ConcurrencyTests(SharedSchool school) : EndToEndTest(school)
{
    [Theory]
    [MemberData(nameof(Entity.Names), MemberType = typeof(Entity))]
    public async Task Of_fifty_parallel_creates_of_one_unique_value_exactly_one_succeeds(string name)
    {
        var entity = Entity.Of(name);
        var body = entity.NewBody();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Admin.PostAsync(entity.Path, body)));

        Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a.Status != 201), a => a.ShouldBeProblem(409));
        var stored = await School.Collection(name).CountDocumentsAsync(new BsonDocument(entity.UniqueField, (string)body[entity.UniqueField]!), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, stored);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("username")]
    public async Task Of_fifty_parallel_registrations_of_one_name_exactly_one_succeeds(string field)
    {
        var taken = field == "email" ? Unique.Email() : Unique.Name();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Anonymous.PostAsync("/auth/register", new JsonObject
        {
            ["username"] = field == "username" ? taken : Unique.Name(),
            ["email"] = field == "email" ? taken : Unique.Email(),
            ["password"] = "a good password",
        })));

        Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a.Status != 201), a => a.ShouldBeProblem(409));
    }

    [Fact]
    public async Task Parallel_changes_to_one_unique_value_leave_one_owner()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Entity.Students.CreateIdAsync(Admin)));
        var email = Unique.Email();

        var answers = await Task.WhenAll(ids.Select(id => Admin.PutAsync($"/students/{id}", new JsonObject { ["email"] = email })));

        Assert.Single(answers, a => a.Status == 200);
        Assert.All(answers.Where(a => a.Status != 200), a => a.ShouldBeProblem(409));
    }

    [Fact]
    public async Task However_enrolments_and_deletions_interleave_nothing_dangles()
    {
        var random = new Random(20260101);
        var people = new List<(Entity Entity, string Id)>();
        for (var i = 0; i < 6; i++)
        {
            var entity = i % 2 == 0 ? Entity.Students : Entity.Teachers;
            people.Add((entity, await entity.CreateIdAsync(Admin)));
        }

        for (var round = 0; round < 5; round++)
        {
            var courses = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Entity.Courses.CreateIdAsync(Admin)));
            var deleted = courses[..3];
            var actions = new List<Func<Task<Answer>>>();
            foreach (var course in courses)
            {
                foreach (var (entity, id) in people)
                {
                    var body = new JsonObject { ["courseId"] = course }.ToJsonString();
                    actions.Add(() => Admin.SendTextAsync(HttpMethod.Post, $"{entity.Path}/{id}/enroll", body));
                    actions.Add(() => Admin.SendTextAsync(HttpMethod.Post, $"{entity.Path}/{id}/unenroll", body));
                    actions.Add(() => Admin.SendTextAsync(HttpMethod.Post, $"{entity.Path}/{id}/enroll", body));
                }
            }

            actions.AddRange(deleted.Select(course => (Func<Task<Answer>>)(() => Admin.DeleteAnswerAsync($"/courses/{course}"))));
            var shuffled = actions.ToArray();
            random.Shuffle(shuffled);

            var answers = await Task.WhenAll(shuffled.Select(action => action()));

            Assert.All(answers, a => Assert.True(a.Status is 200 or 204 or 404, a.ToString()));
            Assert.Equal(3, answers.Count(a => a.Status == 204));
            foreach (var (entity, id) in people)
            {
                var shown = (await User.GetAnswerAsync($"{entity.Path}/{id}")).ShouldBe(200);
                Assert.Empty(shown.Json.GetProperty("courses").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).Intersect(deleted));
                var stored = await School.Collection(entity.Name).Find(new BsonDocument("_id", ObjectId.Parse(id))).SingleAsync(TestContext.Current.CancellationToken);
                Assert.All(deleted, course => Assert.DoesNotContain(course, stored.ToString(), StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Whoever_is_deleted_while_enrolling_does_not_come_back()
    {
        var course = await Entity.Courses.CreateIdAsync(Admin);
        var body = new JsonObject { ["courseId"] = course }.ToJsonString();
        var students = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Entity.Students.CreateIdAsync(Admin)));

        await Task.WhenAll(students.SelectMany(id => (Task<Answer>[])
        [
            Admin.SendTextAsync(HttpMethod.Post, $"/students/{id}/enroll", body),
            Admin.DeleteAnswerAsync($"/students/{id}"),
            Admin.SendTextAsync(HttpMethod.Post, $"/students/{id}/enroll", body),
        ]));

        foreach (var id in students)
        {
            (await User.GetAnswerAsync($"/students/{id}")).ShouldBeProblem(404);
        }
    }
}
