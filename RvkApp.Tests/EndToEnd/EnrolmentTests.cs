using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>Enrol and unenrol, the same for students and teachers.</summary>
public abstract class EnrolmentTests(SharedSchool school) : EndToEndTest(school)
{
    public static TheoryData<string> People => Entity.People;

    [Theory]
    [MemberData(nameof(People))]
    public async Task Who_enrols_has_the_whole_course_everywhere(string name)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";
        var course = await Entity.Courses.CreateAsync(Admin);

        var enrolled = (await Admin.PostAsync($"{path}/enroll", CourseId(course))).ShouldBe(200);

        foreach (var answer in (Answer[])[enrolled, (await User.GetAnswerAsync(path)).ShouldBe(200)])
        {
            var shown = Assert.Single(answer.Json.GetProperty("courses").EnumerateArray());
            Assert.True(JsonNode.DeepEquals(course, JsonNode.Parse(shown.GetRawText())), $"the course should be {course.ToJsonString()}: {answer}");
        }
    }

    [Theory]
    [MemberData(nameof(People))]
    public async Task A_course_that_changed_is_shown_as_it_is_now(string name)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";
        var course = await Entity.Courses.CreateAsync(Admin);
        (await Admin.PostAsync($"{path}/enroll", CourseId(course))).ShouldBe(200);

        (await Admin.PutAsync($"/courses/{(string)course["id"]!}", new JsonObject { ["title"] = "Renamed" })).ShouldBe(200);

        var shown = Assert.Single((await User.GetAnswerAsync(path)).ShouldBe(200).Json.GetProperty("courses").EnumerateArray());
        Assert.Equal("Renamed", shown.GetProperty("title").GetString());
    }

    [Theory]
    [MemberData(nameof(People))]
    public async Task To_enrol_and_to_unenrol_twice_is_as_once(string name)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";
        var (one, two) = (await Entity.Courses.CreateAsync(Admin), await Entity.Courses.CreateAsync(Admin));

        (await Admin.PostAsync($"{path}/enroll", CourseId(one))).ShouldBe(200);
        (await Admin.PostAsync($"{path}/enroll", CourseId(two))).ShouldBe(200);
        var again = (await Admin.PostAsync($"{path}/enroll", CourseId(one))).ShouldBe(200);
        Assert.Equal(2, again.Json.GetProperty("courses").GetArrayLength());

        (await Admin.PostAsync($"{path}/unenroll", CourseId(one))).ShouldBe(200);
        var gone = (await Admin.PostAsync($"{path}/unenroll", CourseId(one))).ShouldBe(200);
        var left = Assert.Single(gone.Json.GetProperty("courses").EnumerateArray());
        Assert.Equal((string)two["id"]!, left.GetProperty("id").GetString());
    }

    [Theory]
    [MemberData(nameof(People))]
    public async Task Parallel_enrolments_in_one_course_make_one(string name)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";
        var course = await Entity.Courses.CreateAsync(Admin);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Admin.PostAsync($"{path}/enroll", CourseId(course))));

        Assert.All(answers, answer => answer.ShouldBe(200));
        Assert.Equal(1, (await User.GetAnswerAsync(path)).ShouldBe(200).Json.GetProperty("courses").GetArrayLength());
    }

    [Theory]
    [InlineData("students", "enroll", "student")]
    [InlineData("students", "unenroll", "student")]
    [InlineData("teachers", "enroll", "teacher")]
    [InlineData("teachers", "unenroll", "teacher")]
    public async Task What_is_missing_is_named(string name, string action, string person)
    {
        var entity = Entity.Of(name);
        var path = $"{entity.Path}/{await entity.CreateIdAsync(Admin)}";
        var course = await Entity.Courses.CreateAsync(Admin);

        var noCourse = (await Admin.PostAsync($"{path}/{action}", new JsonObject { ["courseId"] = Unique.Id() })).ShouldBeProblem(404);
        var nobody = (await Admin.PostAsync($"{entity.Path}/{Unique.Id()}/{action}", CourseId(course))).ShouldBeProblem(404);

        Assert.Contains("course", noCourse.Json.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(person, noCourse.Json.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(person, nobody.Json.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("course", nobody.Json.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("enroll")]
    [InlineData("unenroll")]
    public async Task A_course_id_that_is_none_is_400(string action)
    {
        foreach (var name in (string[])["students", "teachers"])
        {
            var path = $"/{name}/{await Entity.Of(name).CreateIdAsync(Admin)}/{action}";

            (await Admin.PostAsync(path, new JsonObject())).ShouldBeInvalid("courseId");
            (await Admin.PostAsync(path, new JsonObject { ["courseId"] = null })).ShouldBeInvalid("courseId");
            (await Admin.PostAsync(path, new JsonObject { ["courseId"] = "" })).ShouldBeInvalid("courseId");
            (await Admin.PostAsync(path, new JsonObject { ["courseId"] = "abc" })).ShouldBeInvalid("courseId");
            (await Admin.PostAsync(path, new JsonObject { ["courseId"] = 1 })).ShouldBeProblem(400);
            (await Admin.PostAsync($"/{name}/abc/{action}", new JsonObject { ["courseId"] = Unique.Id() })).ShouldBeProblem(400);
        }
    }

    private static JsonObject CourseId(JsonObject course) => new() { ["courseId"] = (string)course["id"]! };
}
