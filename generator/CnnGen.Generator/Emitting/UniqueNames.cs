namespace CnnGen.Generator.Emitting;

/// <summary>Names of methods, each given once: the second of a name is <c>Name_2</c>, which no layer's number is mistaken for.</summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = [];

    public string Of(string name)
    {
        var unique = name;
        for (var i = 2; !_taken.Add(unique); i++)
            unique = name + "_" + Literal.Number(i);
        return unique;
    }
}
