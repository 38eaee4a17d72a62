using FluentValidation;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Students;

internal sealed class CreateStudentValidator : AbstractValidator<CreateStudent>
{
    public CreateStudentValidator()
    {
        RuleFor(student => student.Name).Required().Text(Fields.Name);
        RuleFor(student => student.Email).Required().Email();
        RuleFor(student => student.Age).Required().Number(Fields.Age);
    }
}

internal sealed class UpdateStudentValidator : AbstractValidator<UpdateStudent>
{
    public UpdateStudentValidator()
    {
        this.RequireAnyField();
        RuleFor(student => student.Name).Text(Fields.Name);
        RuleFor(student => student.Email).Email();
        RuleFor(student => student.Age).Number(Fields.Age);
    }
}
