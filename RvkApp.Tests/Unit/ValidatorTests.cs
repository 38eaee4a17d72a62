using FluentValidation;
using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

namespace RvkApp.Tests.Unit;

public class ValidatorTests
{
    // A letter outside the Basic Multilingual Plane: one character, two UTF-16 code units.
    private const string Wide = "𝒳";

    private static readonly string Longest = string.Concat(Enumerable.Repeat(Wide, 100));

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_name_has_2_to_100_characters(int length, bool valid)
        => AssertFields(new CreateStudentValidator(), Student(name: new string('a', length)), valid ? [] : ["Name"]);

    [Fact]
    public void Characters_are_counted_not_code_units()
    {
        AssertFields(new CreateStudentValidator(), Student(name: Longest), []);
        AssertFields(new CreateStudentValidator(), Student(name: Longest + Wide), ["Name"]);
        AssertFields(new CreateStudentValidator(), Student(name: Wide), ["Name"]);
    }

    [Theory]
    [InlineData("  ")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void A_name_is_neither_blank_nor_has_control_characters(string name)
        => AssertFields(new CreateStudentValidator(), Student(name: name), ["Name"]);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(120, true)]
    [InlineData(121, false)]
    [InlineData(-5, false)]
    [InlineData(null, false)]
    public void An_age_is_1_to_120(int? age, bool valid)
        => AssertFields(new CreateStudentValidator(), Student() with { Age = age }, valid ? [] : ["Age"]);

    [Fact]
    public void A_new_student_needs_name_email_and_age()
        => AssertFields(new CreateStudentValidator(), new CreateStudent(), ["Name", "Email", "Age"]);

    [Fact]
    public void A_new_teacher_needs_name_and_email_and_may_say_an_age()
    {
        AssertFields(new CreateTeacherValidator(), new CreateTeacher(), ["Name", "Email"]);
        AssertFields(new CreateTeacherValidator(), new CreateTeacher { Name = "Yuki", Email = "yuki@school.example", Age = 0 }, ["Age"]);
        AssertFields(new CreateTeacherValidator(), new CreateTeacher { Name = "Yuki", Email = "yuki@school.example" }, []);
    }

    [Theory]
    [InlineData("C1", "T", 1, new string[0])]
    [InlineData("  c1 ", "T", 60, new string[0])]
    [InlineData(" c ", "T", 1, new[] { "Code" })]
    [InlineData("C1", "", 1, new[] { "Title" })]
    [InlineData("C1", "T", 0, new[] { "Credits" })]
    [InlineData("C1", "T", 61, new[] { "Credits" })]
    [InlineData(null, null, null, new[] { "Code", "Title", "Credits" })]
    public void A_course_has_code_title_and_credits(string? code, string? title, int? credits, string[] wrong)
        => AssertFields(new CreateCourseValidator(), new CreateCourse { Code = code, Title = title, Credits = credits }, wrong);

    [Fact]
    public void Longest_title_and_code_are_200_and_20_characters()
    {
        AssertFields(new CreateCourseValidator(), new CreateCourse { Code = new string('C', 20), Title = new string('T', 200), Credits = 1 }, []);
        AssertFields(new CreateCourseValidator(), new CreateCourse { Code = new string('C', 21), Title = new string('T', 201), Credits = 1 }, ["Code", "Title"]);
    }

    [Fact]
    public void An_update_may_name_one_field_but_not_none()
    {
        AssertFields(new UpdateStudentValidator(), new UpdateStudent { Age = 20 }, []);
        AssertFields(new UpdateStudentValidator(), new UpdateStudent(), ["body"]);
        AssertFields(new UpdateTeacherValidator(), new UpdateTeacher(), ["body"]);
        AssertFields(new UpdateCourseValidator(), new UpdateCourse(), ["body"]);
        AssertFields(new UpdateCourseValidator(), new UpdateCourse { Code = "x" }, ["Code"]);
        AssertFields(new UpdateTeacherValidator(), new UpdateTeacher { Email = "x", Name = "y", Age = 121 }, ["Email", "Name", "Age"]);
    }

    [Theory]
    [InlineData(" ab ", "ann@school.example", "12345678", null, new[] { "Username" })]
    [InlineData("abc", "nobody", "12345678", null, new[] { "Email" })]
    [InlineData("abc", "ann@school.example", "1234567", null, new[] { "Password" })]
    [InlineData("abc", "ann@school.example", "12345678", "owner", new[] { "Role" })]
    [InlineData("abc", "ann@school.example", "12345678", "Admin", new[] { "Role" })]
    [InlineData("abc", "ann@school.example", "12345678", "admin", new string[0])]
    [InlineData(null, null, null, null, new[] { "Username", "Email", "Password" })]
    public void A_registration_has_username_email_password_and_a_known_role(string? username, string? email, string? password, string? role, string[] wrong)
        => AssertFields(new RegisterRequestValidator(), new RegisterRequest { Username = username, Email = email, Password = password, Role = role }, wrong);

    [Fact]
    public void A_password_is_taken_as_it_is_up_to_100_characters()
    {
        var request = new RegisterRequest { Username = "ann", Email = "ann@school.example", Password = "        " };
        AssertFields(new RegisterRequestValidator(), request, []);
        AssertFields(new RegisterRequestValidator(), request with { Password = Longest }, []);
        AssertFields(new RegisterRequestValidator(), request with { Password = Longest + "x" }, ["Password"]);
    }

    [Fact]
    public void An_email_has_at_most_254_characters()
    {
        var label = new string('a', 61);
        var longest = $"{new string('a', 64)}@{label}.{label}.{label}.{new string('b', 3)}";
        Assert.Equal(254, longest.Length);

        AssertFields(new CreateStudentValidator(), Student() with { Email = longest }, []);
        AssertFields(new CreateStudentValidator(), Student() with { Email = longest + "b" }, ["Email"]);
    }

    [Fact]
    public void Signing_in_says_nothing_about_what_an_account_may_look_like()
        => AssertFields(new SignInRequestValidator(), new SignInRequest { Email = "x", Password = "y" }, []);

    [Theory]
    [InlineData("68b5538000000003000000c8", true)]
    [InlineData("68B5538000000003000000C8", true)]
    [InlineData("68b5538000000003000000c", false)]
    [InlineData("68b5538000000003000000c88", false)]
    [InlineData("68b5538000000003000000cg", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_course_id_is_24_hex_digits(string? id, bool valid)
        => AssertFields(new EnrolmentRequestValidator(), new EnrolmentRequest { CourseId = id }, valid ? [] : ["CourseId"]);

    [Theory]
    [InlineData(null, null, new string[0])]
    [InlineData("1", "100", new string[0])]
    [InlineData("0", "20", new[] { "page" })]
    [InlineData("-1", "0", new[] { "page", "limit" })]
    [InlineData("1", "101", new[] { "limit" })]
    [InlineData("one", "", new[] { "page", "limit" })]
    [InlineData("1.5", "1e2", new[] { "page", "limit" })]
    [InlineData("+1", " 1", new[] { "page", "limit" })]
    [InlineData("99999999999999999999", "20", new[] { "page" })]
    [InlineData("2147483647", "20", new[] { "page" })]
    [InlineData("1,2", "20", new[] { "page" })]
    public void A_page_counts_from_1_and_has_1_to_100_entries(string? page, string? limit, string[] wrong)
        => AssertFields(new PageQueryValidator(), new PageQuery(page, limit), wrong);

    private static CreateStudent Student(string name = "Ada Bell") => new() { Name = name, Email = "ada@school.example", Age = 19 };

    private static void AssertFields<T>(AbstractValidator<T> validator, T request, string[] wrong)
        => Assert.Equal(wrong.Order(), validator.Validate(request).Errors.Select(error => error.PropertyName).Distinct().Order());
}
