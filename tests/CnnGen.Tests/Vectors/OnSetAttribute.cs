using System.Reflection;
using CnnGen.Runtime;
using Xunit.Sdk;

namespace CnnGen.Tests.Vectors;

/// <summary>As InlineData with an instruction set first; skipped, with the reason, where the machine lacks the set.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnSetAttribute : DataAttribute
{
    private readonly object[] _arguments;

    public OnSetAttribute(InstructionSet set, params object[] arguments)
    {
        _arguments = [set, .. arguments];
        if (!InstructionSets.IsSupported(set))
            Skip = $"This machine does not support {set}.";
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_arguments];
}
