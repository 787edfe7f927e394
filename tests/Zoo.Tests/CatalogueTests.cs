namespace ZooSample.Tests;

/// <summary>The networks of the zoo are those that were published.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Published => [.. Catalogue.All.Where(network => network.Published is not null).Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Published))]
    public void Numbers_are_the_published_ones(string name)
    {
        Assert.True(Catalogue.TryFind(name, out var network));
        Assert.Equal(network.Published!.Parameters, network.Summary.Parameters);
        Assert.True(network.Published.Agrees(network.Summary), $"{network.Summary.MultiplyAdds} multiply-adds, published {network.Published.GigaMultiplyAdds} G");
    }

    /// <summary>The lecture's table of VGG-16: 3.2 million values behind the first convolution, 1,728 weights in it, 102,760,448 in the first dense layer.</summary>
    [Fact]
    public void Vgg16_is_the_lecture_s()
    {
        Assert.True(Catalogue.TryFind("vgg16", out var network));
        var layers = network.Summary.Layers.ToDictionary(layer => layer.Name);
        Assert.Equal("64x224x224", layers["Conv1"].OutputShape);
        Assert.Equal(1_728 + 64, layers["Conv1"].Parameters);
        Assert.Equal(102_760_448 + 4096, layers["Dense1"].Parameters);
        Assert.Equal(4L * 64 * 224 * 224, layers["Conv1"].ActivationBytes);
    }
}
