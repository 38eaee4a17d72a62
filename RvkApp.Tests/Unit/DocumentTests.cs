using MongoDB.Bson;
using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Demo;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

namespace RvkApp.Tests.Unit;

public class DocumentTests
{
    [Fact]
    public void Documents_come_back_from_bson_as_they_went()
    {
        Assert.Equal(DemoSchool.Courses[3], CourseDocument.FromBson(OverTheWire(DemoSchool.Courses[3].ToBson())));
        Assert.Equivalent(DemoSchool.Students[3], StudentDocument.FromBson(OverTheWire(DemoSchool.Students[3].ToBson())), strict: true);
        Assert.Equivalent(DemoSchool.Teachers[3], TeacherDocument.FromBson(OverTheWire(DemoSchool.Teachers[3].ToBson())), strict: true);
    }

    [Fact]
    public void A_teacher_without_an_age_has_no_such_field()
    {
        var bson = (DemoSchool.Teachers[0] with { Age = null }).ToBson();
        Assert.False(bson.Contains("age"));
        Assert.Null(TeacherDocument.FromBson(bson).Age);
    }

    [Fact]
    public void A_user_is_stored_with_a_username_to_compare_by()
    {
        var user = new UserDocument
        {
            Id = ObjectId.GenerateNewId(),
            Username = "ÄnnLee",
            Email = "ann@school.example",
            PasswordHash = "h",
            Role = "user",
            CreatedAt = DateTime.UnixEpoch,
        };
        Assert.Equal("ännlee", user.ToBson()["usernameKey"].AsString);
        Assert.Equal(user, UserDocument.FromBson(OverTheWire(user.ToBson())));
    }

    private static BsonDocument OverTheWire(BsonDocument document) => new RawBsonDocument(document.ToBson()).Materialize(new());
}
