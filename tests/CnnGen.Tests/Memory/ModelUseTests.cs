using CnnGen.Runtime;

namespace CnnGen.Tests.Memory;

/// <summary>The states of a model object: free, in use, disposed, and disposed while in use.</summary>
public sealed class ModelUseTests
{
    [Fact]
    public void One_call_at_a_time()
    {
        var use = new ModelUse();
        use.Enter("Net");
        Assert.Contains("Share()", Assert.Throws<InvalidOperationException>(() => use.Enter("Net")).Message);
        Assert.False(use.Exit());
        use.Enter("Net");
        Assert.False(use.Exit());
    }

    [Fact]
    public void Memory_of_a_free_object_is_freed_by_the_first_disposal()
    {
        var use = new ModelUse();
        Assert.True(use.Dispose());
        Assert.False(use.Dispose());
        Assert.Equal("Net", Assert.Throws<ObjectDisposedException>(() => use.Enter("Net")).ObjectName);
    }

    [Fact]
    public void Memory_of_an_object_in_use_is_freed_by_the_end_of_the_call()
    {
        var use = new ModelUse();
        use.Enter("Net");
        Assert.False(use.Dispose());
        Assert.Equal("Net", Assert.Throws<ObjectDisposedException>(() => use.Enter("Net")).ObjectName);
        Assert.True(use.Exit());
        Assert.False(use.Dispose());
        Assert.Throws<ObjectDisposedException>(() => use.Enter("Net"));
    }
}
