using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A CloudFormation template, whatever wrote it.</summary>
internal sealed class Template
{
    private Template(string name) => Name = name;

    /// <summary>The file's name, without its directory.</summary>
    public string Name { get; }

    /// <summary>The resources by logical id, as they are when every condition that cannot be decided is true.</summary>
    public ImmutableArray<Resource> Resources => throw new NotImplementedException();

    /// <summary>Reads a template in JSON.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TemplateException">The file is missing, not JSON, or not a template.</exception>
    public static Template Load(string path) => new(Path.GetFileName(path));

    /// <summary>Reads a template in JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">The name to report.</param>
    /// <exception cref="TemplateException">The text is not JSON, or not a template.</exception>
    public static Template Parse(string json, string name) => new(name);
}

/// <summary>A resource of a template, its properties resolved as far as the template alone allows.</summary>
/// <param name="Id">The logical id.</param>
/// <param name="Type">The type, such as <c>AWS::EC2::SecurityGroup</c>.</param>
internal sealed record Resource(string Id, string Type);

/// <summary>A file that is no usable template: says which, what is wrong and how to get a right one.</summary>
internal sealed class TemplateException : Exception
{
    /// <summary>Creates the error.</summary>
    public TemplateException(string message) : base(message)
    {
    }

    /// <summary>Creates the error with its cause.</summary>
    public TemplateException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
