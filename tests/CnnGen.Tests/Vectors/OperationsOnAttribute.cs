using System.Reflection;
using CnnGen.Runtime;
using Xunit.Sdk;

namespace CnnGen.Tests.Vectors;

/// <summary>Every operation's name, beside an instruction set; skipped, with the reason, where the machine lacks the set.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OperationsOnAttribute : DataAttribute
{
    private readonly InstructionSet _set;

    public OperationsOnAttribute(InstructionSet set)
    {
        _set = set;
        if (!InstructionSets.IsSupported(set))
            Skip = $"This machine does not support {set}.";
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        KernelOperations.On(InstructionSet.Scalar).Keys.Select(name => new object[] { name, _set });
}
