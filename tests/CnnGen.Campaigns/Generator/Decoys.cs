namespace CnnGen.Campaigns;

/// <summary>
/// Sources of a user's with types, namespaces and aliases of any names, each at a place where C# might find it in another's stead. None of them has a member,
/// so that code which takes one for what it meant does not compile.
/// </summary>
internal static class Decoys
{
    /// <summary>The namespace that the model is meant to stand in.</summary>
    public const string Namespace = "App.Nets";

    /// <summary>Where the decoys may stand.</summary>
    public static IReadOnlyList<string> Places { get; } =
    [
        "types in the model's namespace",
        "types in the namespace around it",
        "types in the global namespace",
        "namespaces in the model's namespace",
        "namespaces in the global namespace",
        "global using aliases",
        "types that two global usings have",
        "types of a global using static",
        "types of the type around the model",
        "types in the namespace of generated code",
        "types in CnnGen, in which the model stands",
        "types in System.Nets, in which the model stands",
    ];

    /// <summary>A source for each file, with the declaration of the model in it.</summary>
    /// <param name="place">One of <see cref="Places"/>.</param>
    /// <param name="names">The decoys' names.</param>
    /// <param name="model">The model's declaration, which names all that is ours from <c>global::</c> on.</param>
    public static IReadOnlyList<string> Sources(string place, IReadOnlyList<string> names, string model)
    {
        var types = string.Concat(names.Select(name => $"public static class @{name};\npublic static class @{name}<T>;\n"));
        var plain = string.Concat(names.Select(name => $"public static class @{name};\n"));
        var spaces = string.Concat(names.Select(name => $"namespace @{name} {{ public static class Decoy; }}\n"));
        return place switch
        {
            "types in the model's namespace" => [In(Namespace, model), In(Namespace, types)],
            "types in the namespace around it" => [In(Namespace, model), In("App", types)],
            "types in the global namespace" => [In(Namespace, model), types],
            "namespaces in the model's namespace" => [In(Namespace, model), In(Namespace, spaces)],
            "namespaces in the global namespace" => [In(Namespace, model), spaces],
            "global using aliases" =>
            [
                In(Namespace, model),
                "#pragma warning disable CS8981\n" + string.Concat(names.Select(name => $"global using @{name} = global::Decoy;\n")) + "public static class Decoy;\n",
            ],
            "types that two global usings have" => ["global using One;\nglobal using Two;\n" + In(Namespace, model), In("One", types), In("Two", types)],
            "types of a global using static" => ["global using static Decoys;\n" + In(Namespace, model), "public static class Decoys\n{\n" + types + "}\n"],
            "types of the type around the model" => [In(Namespace, "public static partial class Around\n{\n" + types + model + "\n}\n")],
            "types in the namespace of generated code" =>
                [In(Namespace, model), In("CnnGen.Generated", plain), In("CnnGen.Generated_", plain), In("CnnGen.Generated.App_Nets_Net", plain)],
            "types in CnnGen, in which the model stands" => [In("CnnGen.Nets", model), In("CnnGen.Nets", types)],
            "types in System.Nets, in which the model stands" => [In("System.Nets", model), In("System.Nets", types)],
            _ => throw new ArgumentOutOfRangeException(nameof(place), place, "There is no such place."),
        };
    }

    private static string In(string space, string text) => $"namespace {space}\n{{\n{text}\n}}\n";
}
