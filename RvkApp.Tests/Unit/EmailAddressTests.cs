using RvkApp.Api.Platform.Validation;

namespace RvkApp.Tests.Unit;

public class EmailAddressTests
{
    [Theory]
    [InlineData("ann@school.example")]
    [InlineData("ann.lee+tag@sub.school.example")]
    [InlineData("o'brien_1-x@a.bc")]
    [InlineData("jörg@bücher.example")]
    [InlineData("a@b.c")]
    public void Addresses_as_people_have_them_are_accepted(string address) => Assert.True(EmailAddress.IsValid(address));

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("@school.example")]
    [InlineData("ann@")]
    [InlineData("ann@localhost")]
    [InlineData("ann@@school.example")]
    [InlineData("ann@school@example.org")]
    [InlineData("ann lee@school.example")]
    [InlineData("ann@sch ool.example")]
    [InlineData(".ann@school.example")]
    [InlineData("ann.@school.example")]
    [InlineData("ann..lee@school.example")]
    [InlineData("ann@.school.example")]
    [InlineData("ann@school..example")]
    [InlineData("ann@school.example.")]
    [InlineData("ann@-school.example")]
    [InlineData("ann@school-.example")]
    [InlineData("ann@school_1.example")]
    [InlineData("ann\n@school.example")]
    [InlineData("ann\0@school.example")]
    [InlineData("\"ann\"@school.example")]
    [InlineData("ann@[127.0.0.1]")]
    public void What_is_no_address_is_refused(string text) => Assert.False(EmailAddress.IsValid(text));

    [Fact]
    public void The_parts_have_the_lengths_that_the_standard_allows()
    {
        Assert.True(EmailAddress.IsValid($"{new string('a', 64)}@school.example"));
        Assert.False(EmailAddress.IsValid($"{new string('a', 65)}@school.example"));
        Assert.True(EmailAddress.IsValid($"ann@{new string('a', 63)}.example"));
        Assert.False(EmailAddress.IsValid($"ann@{new string('a', 64)}.example"));
    }
}
