using System.Globalization;
using MongoDB.Bson;
using RvkApp.Api.Courses;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

namespace RvkApp.Api.Platform.Demo;

/// <summary>The demo school. It is computed, without chance, so that it is the same everywhere.</summary>
internal static class DemoSchool
{
    private const int TeacherCount = 15;
    private const int StudentCount = 200;

    // The first eight digits of an ObjectId are its time of creation.
    private static readonly DateTime Opening = new(2025, 9, 1, 8, 0, 0, DateTimeKind.Utc);

    private static readonly (string Code, string Title, int Credits)[] Catalogue =
    [
        ("MATH101", "Calculus I", 6), ("MATH102", "Linear Algebra", 6), ("MATH210", "Discrete Mathematics", 5), ("STAT201", "Probability and Statistics", 5),
        ("CS101", "Introduction to Programming", 6), ("CS120", "Data Structures and Algorithms", 6), ("CS205", "Operating Systems", 5),
        ("CS230", "Databases", 5), ("CS240", "Computer Networks", 5), ("CS310", "Distributed Systems", 5), ("CS330", "Compilers", 4),
        ("PHYS101", "Mechanics", 6), ("PHYS120", "Electromagnetism", 6), ("CHEM101", "General Chemistry", 5), ("BIO101", "Cell Biology", 5),
        ("HIST110", "World History since 1900", 4), ("PHIL120", "Logic and Argument", 3), ("ECON101", "Microeconomics", 4),
        ("ENG105", "Academic Writing", 3), ("ART130", "Drawing", 2),
    ];

    private static readonly string[] FirstNames =
    [
        "Ada", "Amir", "Anna", "Ben", "Bruno", "Carla", "Chen", "Clara", "David", "Elena", "Emil", "Fatima", "Felix", "Grace", "Hana", "Hugo",
        "Ines", "Ivan", "Jana", "Jonas", "Kofi", "Lara", "Leo", "Lina", "Lucas", "Maja", "Marco", "Mei", "Mina", "Nadia", "Noah", "Olga", "Omar",
        "Paula", "Rafael", "Rosa", "Samir", "Sofia", "Tomas", "Yuki",
    ];

    private static readonly string[] LastNames =
    [
        "Abbas", "Andersen", "Bauer", "Bell", "Costa", "Diaz", "Dubois", "Eriksson", "Fischer", "Garcia", "Haddad", "Hansen", "Ito", "Ivanova",
        "Jensen", "Kaya", "Keller", "Kim", "Kowalski", "Larsen", "Lee", "Lopez", "Martin", "Mbeki", "Meyer", "Moreau", "Nguyen", "Novak", "Okafor",
        "Olsen", "Patel", "Petrov", "Popescu", "Ricci", "Rossi", "Sato", "Silva", "Singh", "Smith", "Tanaka", "Torres", "Varga", "Vogel", "Walker",
        "Weber", "Wilson", "Yilmaz", "Young", "Zhang", "Zimmer",
    ];

    private enum Kind
    {
        Course = 1,
        Teacher = 2,
        Student = 3,
    }

    public static IReadOnlyList<CourseDocument> Courses { get; } = [.. Catalogue.Select((course, i) => new CourseDocument
    {
        Id = Id(Kind.Course, i), Code = course.Code, Title = course.Title, Credits = course.Credits, CreatedAt = Opening, UpdatedAt = Opening,
    })];

    /// <summary>Each course has a teacher; the first five teachers have two courses.</summary>
    public static IReadOnlyList<TeacherDocument> Teachers { get; } = [.. Enumerable.Range(0, TeacherCount).Select(i =>
    {
        // Teachers' names come from the far end of the lists, students' from the near one.
        var (name, email) = Person(FirstNames[^(1 + (i * 3 % FirstNames.Length))], LastNames[^(1 + (i * 11 % LastNames.Length))], "staff.school.example");
        return new TeacherDocument
        {
            Id = Id(Kind.Teacher, i), Name = name, Email = email, Age = 28 + (i * 11 % 35), CreatedAt = Opening, UpdatedAt = Opening,
            CourseIds = i + TeacherCount < Catalogue.Length ? [Courses[i].Id, Courses[i + TeacherCount].Id] : [Courses[i].Id],
        };
    })];

    /// <summary>Each student has three to five courses.</summary>
    public static IReadOnlyList<StudentDocument> Students { get; } = [.. Enumerable.Range(0, StudentCount).Select(i =>
    {
        var round = i / FirstNames.Length;
        var (name, email) = Person(FirstNames[i % FirstNames.Length], LastNames[((i * 7) + round) % LastNames.Length], "school.example");
        return new StudentDocument
        {
            Id = Id(Kind.Student, i), Name = name, Email = email, Age = 18 + (i * 5 % 9), CreatedAt = Opening, UpdatedAt = Opening,
            // 7 and the number of courses have no common divisor, so no course comes twice.
            CourseIds = [.. Enumerable.Range(0, 3 + (i % 3)).Select(k => Courses[((i * 3) + (k * 7)) % Catalogue.Length].Id)],
        };
    })];

    private static (string Name, string Email) Person(string firstName, string lastName, string domain)
        => ($"{firstName} {lastName}", $"{firstName}.{lastName}@{domain}".ToLowerInvariant());

    private static ObjectId Id(Kind kind, int index) => ObjectId.Parse(string.Create(
        CultureInfo.InvariantCulture, $"{(int)new DateTimeOffset(Opening).ToUnixTimeSeconds():x8}{(int)kind:x8}{index + 1:x8}"));
}
