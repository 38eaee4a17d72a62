using FluentValidation;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Courses;

internal sealed class CreateCourseValidator : AbstractValidator<CreateCourse>
{
    public CreateCourseValidator()
    {
        RuleFor(course => course.Title).Required().Text(Fields.Title);
        RuleFor(course => course.Code).Required().Text(Fields.Code);
        RuleFor(course => course.Credits).Required().Number(Fields.Credits);
    }
}

internal sealed class UpdateCourseValidator : AbstractValidator<UpdateCourse>
{
    public UpdateCourseValidator()
    {
        this.RequireAnyField();
        RuleFor(course => course.Title).Text(Fields.Title);
        RuleFor(course => course.Code).Text(Fields.Code);
        RuleFor(course => course.Credits).Number(Fields.Credits);
    }
}

internal sealed class EnrolmentRequestValidator : AbstractValidator<EnrolmentRequest>
{
    public EnrolmentRequestValidator()
        => RuleFor(request => request.CourseId).Required().Must(id => id is null || RouteIds.IsValid(id)).WithMessage(RouteIds.Message);
}
