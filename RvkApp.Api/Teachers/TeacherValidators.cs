using FluentValidation;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Teachers;

internal sealed class CreateTeacherValidator : AbstractValidator<CreateTeacher>
{
    public CreateTeacherValidator()
    {
        RuleFor(teacher => teacher.Name).Required().Text(Fields.Name);
        RuleFor(teacher => teacher.Email).Required().Email();
        RuleFor(teacher => teacher.Age).Number(Fields.Age);
    }
}

internal sealed class UpdateTeacherValidator : AbstractValidator<UpdateTeacher>
{
    public UpdateTeacherValidator()
    {
        this.RequireAnyField();
        RuleFor(teacher => teacher.Name).Text(Fields.Name);
        RuleFor(teacher => teacher.Email).Email();
        RuleFor(teacher => teacher.Age).Number(Fields.Age);
    }
}
