using System.Text;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class RunMarkerTests
{
    [Theory]
    [InlineData("ASPIRE_EMBEDDED_RUN=abc.1", true)]
    [InlineData("A=B\0ASPIRE_EMBEDDED_RUN=abc.1\0C=D\0", true)]
    [InlineData("ASPIRE_EMBEDDED_RUN=abc.1:inner.4", true)]
    [InlineData("ASPIRE_EMBEDDED_RUN=outer.4:abc.1", true)]
    [InlineData("ASPIRE_EMBEDDED_RUN=abc.10", false)]
    [InlineData("ASPIRE_EMBEDDED_RUN=xabc.1", false)]
    [InlineData("ASPIRE_EMBEDDED_RUN=abc", false)]
    [InlineData("ASPIRE_EMBEDDED_RUN=", false)]
    [InlineData("X=ASPIRE_EMBEDDED_RUN=abc.1", false)]
    [InlineData("", false)]
    public void A_child_is_recognised_by_run_and_number(string environment, bool expected) =>
        Assert.Equal(expected, new RunMarker("abc", 1).IsIn(Encoding.UTF8.GetBytes(environment)));

    [Theory]
    [InlineData("ASPIRE_EMBEDDED_RUN=abc.1", true)]
    [InlineData("ASPIRE_EMBEDDED_RUN=abc.27", true)]
    [InlineData("ASPIRE_EMBEDDED_RUN=watchdog-abc.1", false)]
    public void A_run_is_recognised_by_any_child(string environment, bool expected) =>
        Assert.Equal(expected, new RunMarker("abc", 0).IsIn(Encoding.UTF8.GetBytes(environment)));

    [Fact]
    public void A_line_of_the_watchdogs_protocol_that_was_cut_off_changes_nothing()
    {
        var children = new HashSet<ProcessIdentity>();

        Assert.True(WatchdogProtocol.Apply(WatchdogProtocol.Started(new ProcessIdentity(12, 345)), children));
        Assert.False(WatchdogProtocol.Apply("+ 13", children));
        Assert.False(WatchdogProtocol.Apply("", children));
        Assert.Equal([new ProcessIdentity(12, 345)], children);

        Assert.True(WatchdogProtocol.Apply(WatchdogProtocol.Ended(new ProcessIdentity(12, 345)), children));
        Assert.Empty(children);
    }
}
