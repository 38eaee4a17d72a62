namespace RvkApp.AppHost.Verification;

/// <summary>A file that is no usable template or report: says which, what is wrong and how to get a right one.</summary>
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
