using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Demo;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

namespace RvkApp.Tests.Unit;

public class DemoSchoolTests
{
    [Fact]
    public void It_has_20_courses_15_teachers_and_200_students()
        => Assert.Equal((20, 15, 200), (DemoSchool.Courses.Count, DemoSchool.Teachers.Count, DemoSchool.Students.Count));

    [Fact]
    public void What_has_to_be_unique_is()
    {
        Assert.Equal(20, DemoSchool.Courses.Select(course => course.Code).Distinct().Count());
        Assert.Equal(15, DemoSchool.Teachers.Select(teacher => teacher.Email).Distinct().Count());
        Assert.Equal(200, DemoSchool.Students.Select(student => student.Email).Distinct().Count());
        Assert.Equal(235, DemoSchool.Courses.Select(course => course.Id).Concat(DemoSchool.Teachers.Select(teacher => teacher.Id))
            .Concat(DemoSchool.Students.Select(student => student.Id)).Distinct().Count());
    }

    [Fact]
    public void It_follows_the_rules_of_the_api()
    {
        Assert.All(DemoSchool.Courses, course => Assert.True(new CreateCourseValidator().Validate(
            new CreateCourse { Code = course.Code, Title = course.Title, Credits = course.Credits }).IsValid));
        Assert.All(DemoSchool.Teachers, teacher => Assert.True(new CreateTeacherValidator().Validate(
            new CreateTeacher { Name = teacher.Name, Email = teacher.Email, Age = teacher.Age }).IsValid));
        Assert.All(DemoSchool.Students, student => Assert.True(new CreateStudentValidator().Validate(
            new CreateStudent { Name = student.Name, Email = student.Email, Age = student.Age }).IsValid));
    }

    [Fact]
    public void Everybody_is_enrolled_in_courses_that_exist_and_in_none_twice()
    {
        var courses = DemoSchool.Courses.Select(course => course.Id).ToHashSet();
        foreach (var enrolled in DemoSchool.Students.Select(student => student.CourseIds).Concat(DemoSchool.Teachers.Select(teacher => teacher.CourseIds)))
        {
            Assert.InRange(enrolled.Count, 1, 5);
            Assert.Equal(enrolled.Count, enrolled.Distinct().Count());
            Assert.Subset(courses, enrolled.ToHashSet());
        }
    }

    [Fact]
    public void Every_course_has_a_teacher_and_students()
    {
        Assert.Equal(20, DemoSchool.Teachers.SelectMany(teacher => teacher.CourseIds).Distinct().Count());
        Assert.Equal(20, DemoSchool.Students.SelectMany(student => student.CourseIds).Distinct().Count());
    }
}
